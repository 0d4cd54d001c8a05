// Every path of a guest is resolved beneath a directory descriptor, and what it leads to is reached through
// descriptors only. The kernel does so where it can (`openat2` with `RESOLVE_BENEATH`); elsewhere `PathWalk.swift`
// goes one name at a time. No text of a path is ever compared to decide whether it stays inside.
//
// What both promise: nothing outside the directory is opened, listed, created or asked about; `..` at the top, an
// absolute path and a symbolic link to either end in `EPERM`; at most 40 symbolic links are followed (`ELOOP`).
// A directory that is moved out of the tree while it is being looked through is still the directory it was.

import CWASIHost
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Who resolves paths.
package enum PathResolution: Sendable {
    /// The kernel, and the walk for what the kernel cannot do.
    case automatic

    /// The walk alone, on every platform.
    case walk
}

/// The entry that a path names: a directory, and a name in it that the system is not asked to follow.
struct EntryLocation {
    let directory: OwnedFileDescriptor
    let name: PathComponent
}

extension OwnedFileDescriptor {
    /// Opens what `path` leads to beneath this directory. A symbolic link at the end is followed unless `flags` has
    /// `O_NOFOLLOW`.
    func openBeneath(
        _ path: GuestPath, flags: CInt, mode: mode_t = 0, by resolution: PathResolution
    ) throws(HostError) -> OwnedFileDescriptor {
        if resolution == .automatic, let opened = try openByKernel(path, flags: flags, mode: mode) { return opened }
        return try openByWalk(path, flags: flags, mode: mode)
    }

    /// Finds the directory that holds the last name of `path`, for operations on the entry itself.
    func locate(_ path: GuestPath, by resolution: PathResolution) throws(HostError) -> EntryLocation {
        let (parent, name) = path.splitParent()
        guard let parent else { return EntryLocation(directory: self, name: name) }
        let directory = try openBeneath(parent, flags: SystemOpenFlags.lookup, by: resolution)
        return EntryLocation(directory: directory, name: name)
    }

    /// What `path` leads to, and of what kind that is.
    func statusBeneath(
        _ path: GuestPath, follow: Bool, by resolution: PathResolution
    ) throws(HostError) -> FileStatus {
        // A name by itself is not followed even with a slash behind it: Wasmtime's reading, and programs see it.
        if let name = follow ? path.plainName : path.onlyName {
            // Most paths name no link, and for those asking is one call where opening would be three.
            let status = try self.status(of: name)
            if !follow || status.type != .symbolicLink { return status }
        }
        if resolution == .automatic, SystemOpenFlags.canNameObjects {
            let flags = SystemOpenFlags.name | (follow ? 0 : O_NOFOLLOW)
            if let named = try openByKernel(path, flags: flags, mode: 0) { return try named.status() }
        }
        return try statusByWalk(path, follow: follow)
    }

    /// The status of an entry of this directory; that of the link if it is a symbolic one.
    func status(of name: PathComponent) throws(HostError) -> FileStatus {
        try unsafe name.withCString { (name) throws(HostError) -> FileStatus in
            try unsafe self.status(ofEntry: name)
        }
    }

    func status(ofEntry name: UnsafePointer<CChar>) throws(HostError) -> FileStatus {
        var buffer = stat()
        _ = try systemCall { unsafe fstatat(rawValue, name, &buffer, AT_SYMLINK_NOFOLLOW) }
        return FileStatus(buffer)
    }
}

// MARK: - The kernel

/// Whether `openat2` has been found missing. It is asked for once: a kernel does not learn it later.
private let kernelCannotResolve = Atomic<Bool>(false)

/// `RESOLVE_NO_MAGICLINKS | RESOLVE_BENEATH`
private let resolveBeneath: UInt64 = 0x02 | 0x08

extension OwnedFileDescriptor {
    /// Opens by `openat2`, or says nil where that is missing or cannot tell, which is for the walk to settle.
    private func openByKernel(
        _ path: GuestPath, flags: CInt, mode: mode_t
    ) throws(HostError) -> OwnedFileDescriptor? {
        if kernelCannotResolve.load(ordering: .relaxed) { return nil }
        return try unsafe path.withCString { (path) throws(HostError) -> OwnedFileDescriptor? in
            // A rename anywhere on the host can make the kernel give up on a path with `..`: ask a few times.
            for _ in 0..<4 {
                let result = unsafe wasihost_openat2(
                    rawValue, path, UInt64(UInt32(bitPattern: flags)), UInt64(mode), resolveBeneath)
                if result >= 0 { return OwnedFileDescriptor(owning: CInt(truncatingIfNeeded: result)) }
                let code = CInt(truncatingIfNeeded: 0 &- result)
                switch code {
                case EAGAIN, EINTR: continue
                case EXDEV: throw .notPermitted
                case EPERM: return nil  // a system call filter may say so, and then the walk will do
                case ENOSYS:
                    kernelCannotResolve.store(true, ordering: .relaxed)
                    return nil
                default: throw HostError(rawCode: code)
                }
            }
            return nil
        }
    }
}
