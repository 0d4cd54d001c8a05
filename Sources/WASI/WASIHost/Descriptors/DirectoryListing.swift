// The entries of a directory, one after the other: `directory-entry-stream` of `wasi:filesystem/types`, with what
// preview 1's `fd_readdir` needs besides. The system's own buffer holds some entries, so a directory of any size takes
// the same memory. Each listing has a descriptor of its own, for the position is part of it.

import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// An entry of a directory.
package struct DirectoryEntry: Sendable, Hashable {
    package let name: String
    package let type: FileType

    /// The object, if nothing is mounted there: the device is the directory's.
    package let identity: FileIdentity

    /// Where the listing goes on behind this entry: for `DirectoryListing.resume(at:)`.
    package let cookie: Int64
}

/// Reads the entries of one directory. Safe to use from any thread.
package final class DirectoryListing: Sendable {
    private let stream: Mutex<Stream>
    private let includesDots: Bool
    private let device: UInt64
    private let share: DescriptorBudget.Share

    /// The system's directory stream, which owns its descriptor.
    @safe private struct Stream: ~Copyable, @unchecked Sendable {
        // Sendable: the pointer is used by nobody but this value, and that under the mutex.
        #if canImport(Darwin)
        let pointer: UnsafeMutablePointer<DIR>
        #else
        let pointer: OpaquePointer
        #endif

        deinit {
            unsafe closedir(pointer)
        }
    }

    fileprivate init(
        directory: OwnedFileDescriptor, includesDots: Bool, share: consuming DescriptorBudget.Share
    ) throws(HostError) {
        self.device = try directory.status().identity.device
        let raw = try systemCall { unsafe openat(directory.rawValue, ".", SystemOpenFlags.listing) }
        guard let pointer = unsafe fdopendir(raw) else {
            let error = HostError.last
            _ = close(raw)
            throw error
        }
        self.stream = unsafe Mutex(Stream(pointer: pointer))
        self.includesDots = includesDots
        self.share = share
    }

    /// The next entry, or nil at the end. Throws `EILSEQ` for an entry whose name is not UTF-8; the listing then goes
    /// on behind it.
    package func next() throws(HostError) -> DirectoryEntry? {
        let includesDots = includesDots
        let device = device
        return try stream.withLock { (stream) throws(HostError) -> DirectoryEntry? in
            while true {
                errno = 0
                guard let entry = unsafe readdir(stream.pointer) else {
                    if errno != 0 { throw .last }
                    return nil
                }
                let cookie = unsafe Int64(telldir(stream.pointer))
                guard let name = unsafe Self.name(of: entry) else { throw .illegalByteSequence }
                if !includesDots, name == "." || name == ".." { continue }
                let type = unsafe FileType(entry: entry.pointee.d_type) ?? Self.askType(entry, in: stream.pointer)
                return DirectoryEntry(
                    name: name, type: type,
                    identity: FileIdentity(device: device, inode: UInt64(truncatingIfNeeded: unsafe entry.pointee.d_ino)),
                    cookie: cookie)
            }
        }
    }

    /// Goes back, or on, to behind the entry that `cookie` came with; zero is the start.
    package func resume(at cookie: Int64) {
        stream.withLock { stream in
            if cookie == 0 {
                unsafe rewinddir(stream.pointer)
            } else {
                unsafe seekdir(stream.pointer, Int(truncatingIfNeeded: cookie))
            }
        }
    }

    private static func name(of entry: UnsafeMutablePointer<dirent>) -> String? {
        guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return nil }
        let start = unsafe UnsafeRawPointer(entry) + offset
        return unsafe String(validatingCString: start.assumingMemoryBound(to: CChar.self))
    }

    #if canImport(Darwin)
    private typealias StreamPointer = UnsafeMutablePointer<DIR>
    #else
    private typealias StreamPointer = OpaquePointer
    #endif

    /// Some file systems do not tell the type with the name.
    private static func askType(_ entry: UnsafeMutablePointer<dirent>, in stream: StreamPointer) -> FileType {
        guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return .unknown }
        let name = unsafe (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self)
        var buffer = stat()
        let result = unsafe fstatat(dirfd(stream), name, &buffer, AT_SYMLINK_NOFOLLOW)
        return result == 0 ? FileType(mode: buffer.st_mode) : .unknown
    }
}

extension FileType {
    /// The type that a directory entry tells, if it does.
    fileprivate init?(entry type: UInt8) {
        switch Int(type) {
        case Int(DT_REG): self = .regularFile
        case Int(DT_DIR): self = .directory
        case Int(DT_LNK): self = .symbolicLink
        case Int(DT_CHR): self = .characterDevice
        case Int(DT_BLK): self = .blockDevice
        case Int(DT_FIFO): self = .fifo
        case Int(DT_SOCK): self = .socket
        default: return nil
        }
    }
}

extension Descriptor {
    /// A listing of this directory from its start, with `.` and `..` left out unless they are asked for.
    package func listing(includesDots: Bool = false) throws(HostError) -> DirectoryListing {
        try requireDirectory()
        return try DirectoryListing(directory: handle, includesDots: includesDots, share: budget.take())
    }
}
