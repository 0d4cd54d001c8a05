// What a guest may ask about an object. A descriptor that is open may be asked about, whatever its grant.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension Descriptor {
    /// The status of the object itself.
    package func status() throws(HostError) -> FileStatus {
        try handle.status()
    }

    /// The status of what `path` leads to beneath this directory.
    package func status(at path: String, pathFlags: PathFlags) throws(HostError) -> FileStatus {
        try requireDirectory()
        return try handle.statusBeneath(
            GuestPath(path), follow: pathFlags.contains(.symlinkFollow), by: resolution)
    }

    /// The type of the object.
    package func type() throws(HostError) -> FileType {
        if isDirectory { return .directory }
        return try handle.status().type
    }

    /// How the descriptor was opened. Only a directory that was preopened read-write says `mutateDirectory`.
    package func flags() throws(HostError) -> DescriptorFlags {
        let systemFlags = try systemCall { fcntl(handle.rawValue, F_GETFL) }
        var flags: DescriptorFlags = access.intersection(.read)
        if access.contains(.write) { flags.insert(isDirectory ? .mutateDirectory : .write) }
        if systemFlags & O_DSYNC == O_DSYNC { flags.insert(.requestedWriteSync) }
        if systemFlags & O_SYNC == O_SYNC { flags.formUnion([.fileIntegritySync, .dataIntegritySync]) }
        return flags
    }

    /// Whether both descriptors are of the same object of the host.
    package func isSameObject(as other: Descriptor) throws(HostError) -> Bool {
        try handle.status().identity == other.handle.status().identity
    }

    /// A hash that is the same for every descriptor and path of the object.
    package func metadataHash() throws(HostError) -> MetadataHash {
        MetadataHash(try handle.status().identity)
    }

    /// The hash of what `path` leads to beneath this directory.
    package func metadataHash(at path: String, pathFlags: PathFlags) throws(HostError) -> MetadataHash {
        MetadataHash(try status(at: path, pathFlags: pathFlags).identity)
    }

    /// Waits until the object's data and status are on the disk.
    package func sync() throws(HostError) {
        try withSynchronizable { (descriptor) throws(HostError) in
            #if canImport(Darwin)
            // `fsync` there leaves the data in the drive's cache.
            if fcntl(descriptor, F_FULLFSYNC) >= 0 { return }
            #endif
            _ = try systemCall { fsync(descriptor) }
        }
    }

    /// Waits until the object's data are on the disk.
    package func syncData() throws(HostError) {
        try withSynchronizable { (descriptor) throws(HostError) in
            #if canImport(Darwin)
            if fcntl(descriptor, F_FULLFSYNC) >= 0 { return }
            _ = try systemCall { fsync(descriptor) }
            #else
            _ = try systemCall { fdatasync(descriptor) }
            #endif
        }
    }

    /// A preopened directory may be open for looking up only, which the system will not synchronize.
    private func withSynchronizable(_ body: (CInt) throws(HostError) -> Void) throws(HostError) {
        if isDirectory {
            let reopened = OwnedFileDescriptor(
                owning: try systemCall { unsafe openat(handle.rawValue, ".", SystemOpenFlags.listing) })
            try body(reopened.rawValue)
        } else {
            try body(handle.rawValue)
        }
    }
}
