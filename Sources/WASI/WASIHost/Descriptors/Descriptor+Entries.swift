// Operations on the entries of directories. Each finds the directory that holds the last name, beneath the descriptor,
// and then acts on that one name in it, which the system does not follow. A path that ends in a slash, `.` or `..` is
// opened as a directory as a whole, and the system is given `.` in there, which it refuses in its own way.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension Descriptor {
    /// Makes a directory.
    package func createDirectory(at path: String) throws(HostError) {
        let entry = try locateForChange(path) { $0.withoutTrailingSlashes() }
        try unsafe entry.name.withCString { (name) throws(HostError) in
            _ = try systemCall { unsafe mkdirat(entry.directory.rawValue, name, 0o777) }
        }
    }

    /// Removes an empty directory. Throws `EINVAL` if a slash stands behind it.
    package func removeDirectory(at path: String) throws(HostError) {
        let entry = try locateForChange(path)
        try unsafe entry.name.withCString { (name) throws(HostError) in
            _ = try systemCall { unsafe unlinkat(entry.directory.rawValue, name, AT_REMOVEDIR) }
        }
    }

    /// Removes a file or symbolic link. Throws `EISDIR` for a directory.
    package func unlinkFile(at path: String) throws(HostError) {
        let entry = try locateForChange(path)
        do throws(HostError) {
            try unsafe entry.name.withCString { (name) throws(HostError) in
                _ = try systemCall { unsafe unlinkat(entry.directory.rawValue, name, 0) }
            }
        } catch {
            // POSIX and Darwin say `EPERM` for a directory.
            guard error == .notPermitted else { throw error }
            throw try entry.directory.status(of: entry.name).type == .directory ? .isDirectory : error
        }
    }

    /// Makes a symbolic link at `path` that says `target`. Throws `EPERM` for an absolute target; one that leads out is
    /// made, and refused when it is followed.
    package func createSymbolicLink(at path: String, target: String) throws(HostError) {
        try requireDirectory()
        try requireWriteRight()
        let target = try GuestPath(target)
        if target.isAbsolute { throw .notPermitted }
        let entry = try locateForChange(path)
        try unsafe target.withCString { (target) throws(HostError) in
            try unsafe entry.name.withCString { (name) throws(HostError) in
                _ = try systemCall { unsafe symlinkat(target, entry.directory.rawValue, name) }
            }
        }
    }

    /// The target of the symbolic link at `path`. Throws `EPERM` for an absolute one, which a guest may not learn, and
    /// `EILSEQ` for one that is not UTF-8.
    package func readLink(at path: String) throws(HostError) -> String {
        try requireDirectory()
        let entry = try handle.locate(GuestPath(path), by: resolution)
        let target = try entry.directory.linkTarget(of: entry.name)
        if target.first == CChar(bitPattern: UInt8(ascii: "/")) { throw .notPermitted }
        guard let text = String(validating: target.map { UInt8(bitPattern: $0) }, as: UTF8.self) else {
            throw .illegalByteSequence
        }
        return text
    }

    /// Makes another name, `newPath` beneath `newDirectory`, for the object at `path`; a symbolic link is linked
    /// itself. Throws `EINVAL` if it should be followed, and `EPERM` unless both directories may be written.
    package func link(
        at path: String, pathFlags: PathFlags, to newDirectory: Descriptor, at newPath: String
    ) throws(HostError) {
        try requireDirectory()
        try newDirectory.requireDirectory()
        try requireWriteRight()
        try newDirectory.requireWriteRight()
        if pathFlags.contains(.symlinkFollow) { throw .invalid }
        let old = try locateForChange(path)
        let new = try newDirectory.locateForChange(newPath)
        try unsafe old.name.withCString { (oldName) throws(HostError) in
            try unsafe new.name.withCString { (newName) throws(HostError) in
                _ = try systemCall {
                    unsafe linkat(old.directory.rawValue, oldName, new.directory.rawValue, newName, 0)
                }
            }
        }
    }

    /// Moves the entry at `path` to `newPath` beneath `newDirectory`, in place of what is there.
    /// Throws `EPERM` unless both directories may be written.
    package func rename(
        at path: String, to newDirectory: Descriptor, at newPath: String
    ) throws(HostError) {
        try requireDirectory()
        try newDirectory.requireDirectory()
        try requireWriteRight()
        try newDirectory.requireWriteRight()
        let oldPath = try GuestPath(path)
        let newPath = try GuestPath(newPath)
        let old = try handle.locate(oldPath.withoutTrailingSlashes(), by: resolution)
        let new = try newDirectory.handle.locate(newPath.withoutTrailingSlashes(), by: newDirectory.resolution)
        // With a slash behind either name it must be a directory that is moved. The slash is not given to the system,
        // of which some follow a symbolic link for it.
        // `.` the system refuses whatever is moved.
        if oldPath.hasTrailingSlash || newPath.hasTrailingSlash,
            old.name.kind == .normal, new.name.kind == .normal,
            try old.directory.status(of: old.name).type != .directory
        {
            throw .notDirectory
        }
        try unsafe old.name.withCString { (oldName) throws(HostError) in
            try unsafe new.name.withCString { (newName) throws(HostError) in
                _ = try systemCall {
                    unsafe renameat(old.directory.rawValue, oldName, new.directory.rawValue, newName)
                }
            }
        }
    }

    private func locateForChange(
        _ path: String, _ reshape: (GuestPath) -> GuestPath = { $0 }
    ) throws(HostError) -> EntryLocation {
        try requireDirectory()
        try requireWriteRight()
        return try handle.locate(reshape(GuestPath(path)), by: resolution)
    }
}
