// The file of a Unix socket that this server has made, and takes away at its end, unless another server has put its own in
// the place by then.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

struct SocketFile: Sendable {
    private let path: String
    private let device: UInt64
    private let number: UInt64

    /// Nil if there is no such file.
    init?(_ path: String) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return nil }
        self.path = path
        device = UInt64(truncatingIfNeeded: status.st_dev)
        number = UInt64(truncatingIfNeeded: status.st_ino)
    }

    func remove() {
        guard let now = SocketFile(path), now.device == device, now.number == number else { return }
        unsafe unlink(path)
    }
}
