// A descriptor of the operating system with its owner. Descriptors, streams and waits share it by reference, so a
// number is never reused by the system while somebody still means the old object.

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
}
