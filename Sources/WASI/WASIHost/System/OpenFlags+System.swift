// The system's flags for opening, by what they are for here.

import CWASIHost

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

enum SystemOpenFlags {
    /// For looking up entries below, and for nothing else where the platform can say so.
    static var lookup: CInt { wasihost_o_path | O_DIRECTORY | O_CLOEXEC }

    /// For asking about an object and not opening it. Only where `canNameObjects`.
    static var name: CInt { wasihost_o_path | O_CLOEXEC }

    /// Whether a descriptor can name an object, a symbolic link included, without opening it.
    static var canNameObjects: Bool { wasihost_o_path != O_RDONLY }

    /// For reading the entries of a directory.
    static var listing: CInt { O_RDONLY | O_DIRECTORY | O_CLOEXEC }

    /// With every opening of a file for a guest: a named pipe must not hold up the thread, and a terminal must not
    /// become the controlling one.
    static var always: CInt { O_CLOEXEC | O_NONBLOCK | O_NOCTTY }
}
