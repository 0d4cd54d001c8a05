// A descriptor of the operating system with its owner. Descriptors, streams and waits share it by reference, so a
// number is never reused by the system while somebody still means the old object.

import CWASIHost

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A descriptor of the operating system, closed when the last reference goes, unless it was lent.
public final class OwnedFileDescriptor: Sendable {
    /// The number that the system knows the descriptor by. Valid as long as this object lives.
    public let rawValue: CInt

    private let isLent: Bool

    /// Takes over `rawValue`, which nobody else may close.
    public init(owning rawValue: CInt) {
        self.rawValue = rawValue
        self.isLent = false
    }

    /// Uses `rawValue`, which its owner must keep open as long as this object lives.
    public init(lent rawValue: CInt) {
        self.rawValue = rawValue
        self.isLent = true
    }

    deinit {
        if !isLent { _ = close(rawValue) }
    }
}

extension OwnedFileDescriptor {
    func status() throws(HostError) -> FileStatus {
        var buffer = stat()
        _ = try systemCall { unsafe fstat(rawValue, &buffer) }
        return FileStatus(buffer)
    }

    /// Whether the descriptor is a terminal.
    package var isTerminal: Bool { isatty(rawValue) == 1 }

    /// How many bytes can be read now, and whether the end is known to follow them. One byte may be none where the
    /// system does not say how many there are.
    var available: (count: UInt64, isLast: Bool) {
        let count = wasihost_available(rawValue)
        if count < 0 { return (1, false) }
        if count > 0 { return (UInt64(count), false) }
        // Something to read, and no byte of it: the end.
        return (0, (conditions & (POLLIN | POLLHUP)) != 0)
    }

    /// Whether nobody is at the other end.
    var isHungUp: Bool { conditions & (POLLERR | POLLHUP) != 0 }

    /// What `poll(2)` says now.
    private var conditions: CInt {
        var entry = pollfd(fd: rawValue, events: Int16(truncatingIfNeeded: POLLIN | POLLOUT), revents: 0)
        let count = unsafe withUnsafeMutableBytes(of: &entry) { bytes in unsafe wasihost_poll(bytes.baseAddress, 1, 0) }
        return count > 0 ? CInt(entry.revents) : 0
    }
}
