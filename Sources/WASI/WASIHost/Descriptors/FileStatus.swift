// What the system tells about an object of the file system.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The type of an object: `descriptor-type` of `wasi:filesystem/types`. The raw value is the index in the WIT enum.
package enum FileType: UInt8, Sendable {
    case unknown
    case blockDevice
    case characterDevice
    case directory
    case fifo
    case symbolicLink
    case regularFile
    case socket
}

extension FileType {
    init(mode: mode_t) {
        switch mode & S_IFMT {
        case S_IFREG: self = .regularFile
        case S_IFDIR: self = .directory
        case S_IFLNK: self = .symbolicLink
        case S_IFCHR: self = .characterDevice
        case S_IFBLK: self = .blockDevice
        case S_IFIFO: self = .fifo
        case S_IFSOCK: self = .socket
        default: self = .unknown
        }
    }
}

/// The status of an object.
package struct FileStatus: Sendable, Hashable {
    package let type: FileType

    /// The number of hard links.
    package let linkCount: UInt64

    /// The size in bytes; of a symbolic link that of its target's name.
    package let size: UInt64

    package let accessed: Timestamp
    package let modified: Timestamp

    /// When the status last changed.
    package let statusChanged: Timestamp

    /// The device and the number there that together tell one object of the host from another.
    package let identity: FileIdentity
}

/// What tells one object of the host from another as long as it exists.
package struct FileIdentity: Sendable, Hashable {
    package let device: UInt64
    package let inode: UInt64
}

extension FileStatus {
    init(_ status: stat) {
        self.type = FileType(mode: status.st_mode)
        self.linkCount = UInt64(truncatingIfNeeded: status.st_nlink)
        self.size = UInt64(clamping: status.st_size)
        #if canImport(Darwin)
        self.accessed = Timestamp(status.st_atimespec)
        self.modified = Timestamp(status.st_mtimespec)
        self.statusChanged = Timestamp(status.st_ctimespec)
        #else
        self.accessed = Timestamp(status.st_atim)
        self.modified = Timestamp(status.st_mtim)
        self.statusChanged = Timestamp(status.st_ctim)
        #endif
        self.identity = FileIdentity(
            device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino))
    }
}
