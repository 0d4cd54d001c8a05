// `open-at`. Which flags go together, and which error stands for which of them, is Wasmtime's reading of the WIT.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension Descriptor {
    /// Opens or creates what `path` leads to beneath this directory.
    ///
    /// Creating and truncating open for writing, whatever `flags` say; without `write` it is open for reading. Throws
    /// `ENOTSUP` for the flags of synchronized writing, `EINVAL` for `directory` together with another open flag,
    /// `EPERM` for writing where the grant forbids it and for a path that leads out, `ELOOP` for a symbolic link that
    /// is not to be followed, and `EMFILE` if the guest holds as many descriptors as it may.
    ///
    /// `writing` is what WASI 0.1 can ask for beside that.
    package func open(
        at path: String, pathFlags: PathFlags, openFlags: OpenFlags, flags: DescriptorFlags, writing: WritingMode = []
    ) throws(HostError) -> Descriptor {
        try requireDirectory()
        if !flags.isDisjoint(with: [.fileIntegritySync, .dataIntegritySync, .requestedWriteSync]) {
            throw .unsupported
        }
        if openFlags.contains(.directory), openFlags != .directory { throw .invalid }
        var access: DescriptorFlags = flags.intersection([.read, .write])
        if !access.contains(.write) { access.insert(.read) }
        if !openFlags.isDisjoint(with: [.create, .truncate]) { access.insert(.write) }
        if access.contains(.write) { try requireWriteRight() }

        var systemFlags = SystemOpenFlags.always
        switch (access.contains(.read), access.contains(.write)) {
        case (true, true): systemFlags |= O_RDWR
        case (false, true): systemFlags |= O_WRONLY
        default: systemFlags |= O_RDONLY
        }
        systemFlags |= writing.systemFlags
        if !pathFlags.contains(.symlinkFollow) { systemFlags |= O_NOFOLLOW }
        var mode: mode_t = 0
        if openFlags.contains(.create) {
            mode = 0o666
            systemFlags |= O_CREAT
            if openFlags.contains(.exclusive) { systemFlags |= O_EXCL }
        }
        if openFlags.contains(.truncate), !openFlags.isSuperset(of: [.create, .exclusive]) { systemFlags |= O_TRUNC }

        let share = try budget.take()
        let opened = try handle.openBeneath(GuestPath(path), flags: systemFlags, mode: mode, by: resolution)
        let isDirectory = try opened.status().type == .directory
        if openFlags.contains(.directory), !isDirectory { throw .notDirectory }
        return Descriptor(
            handle: opened, isDirectory: isDirectory, rights: rights, access: access, resolution: resolution,
            budget: budget, share: share)
    }
}
