// Path resolution without the kernel's help, one name at a time. Each directory on the way is opened by its name alone
// from the one before and never through a symbolic link; links are read and their targets put in front of the names
// still to come. `..` goes back to the descriptor that was come from, so nothing that is renamed meanwhile can lead
// out.
//
// What the last name means depends on the operation, which therefore does the last step itself (`LastStep`): without
// following, and saying so when it met a link that should be followed.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The end of a walk: the operation on `name` in `directory`. `mustBeDirectory` tells of a slash behind the name.
/// Answers nil if `name` is a symbolic link that is to be followed.
private typealias LastStep<Result> = (
    _ directory: OwnedFileDescriptor, _ name: UnsafePointer<CChar>, _ mustBeDirectory: Bool
) throws(HostError) -> Result?

extension OwnedFileDescriptor {
    /// Opens what `path` leads to; see `openBeneath`.
    func openByWalk(_ path: GuestPath, flags: CInt, mode: mode_t) throws(HostError) -> OwnedFileDescriptor {
        let follow = flags & O_NOFOLLOW == 0
        let createsOnly = flags & (O_CREAT | O_EXCL) == (O_CREAT | O_EXCL)
        return try unsafe walk(path) { (directory, name, mustBeDirectory) throws(HostError) -> OwnedFileDescriptor? in
            if mustBeDirectory, flags & O_CREAT != 0 { throw .isDirectory }
            let mayFollow = (follow && !createsOnly) || mustBeDirectory
            let lastFlags = flags | O_NOFOLLOW | (mustBeDirectory ? O_DIRECTORY : 0)
            let opened: OwnedFileDescriptor
            do throws(HostError) {
                opened = OwnedFileDescriptor(
                    owning: try systemCall { unsafe openat(directory.rawValue, name, lastFlags, mode) })
            } catch {
                // A link is refused with one code by itself and another where a directory is wanted.
                let mayBeLink = [ELOOP, EMLINK, ENOTDIR].contains(error.rawCode)
                guard mayBeLink, try unsafe directory.status(ofEntry: name).type == .symbolicLink else { throw error }
                if mayFollow { return nil }
                throw .loop
            }
            // A descriptor that only names its object can name a link.
            if mayFollow, SystemOpenFlags.canNameObjects, flags & SystemOpenFlags.name == SystemOpenFlags.name,
                try opened.status().type == .symbolicLink
            {
                return nil
            }
            return opened
        }
    }

    /// What `path` leads to; see `statusBeneath`.
    func statusByWalk(_ path: GuestPath, follow: Bool) throws(HostError) -> FileStatus {
        try unsafe walk(path) { (directory, name, mustBeDirectory) throws(HostError) -> FileStatus? in
            let status = try unsafe directory.status(ofEntry: name)
            if status.type == .symbolicLink, follow || mustBeDirectory { return nil }
            if mustBeDirectory, status.type != .directory { throw .notDirectory }
            return status
        }
    }

    /// Finds what `path` leads to and has `set` change it there. Should it become a symbolic link just then, it is the
    /// link that is changed, which is in the tree as well.
    func setTimesByWalk(
        _ path: GuestPath, set: (OwnedFileDescriptor, UnsafePointer<CChar>) throws(HostError) -> Void
    ) throws(HostError) {
        try unsafe walk(path) { (directory, name, mustBeDirectory) throws(HostError) -> Void? in
            let status = try unsafe directory.status(ofEntry: name)
            if status.type == .symbolicLink { return nil }
            if mustBeDirectory, status.type != .directory { throw .notDirectory }
            return try unsafe set(directory, name)
        }
    }

    private func walk<Result>(_ path: GuestPath, lastStep: LastStep<Result>) throws(HostError) -> Result {
        var walk = PathWalk(start: self)
        try walk.push(path)
        return try unsafe walk.run(lastStep)
    }
}

private struct PathWalk {
    /// Where the walk stands.
    private var current: OwnedFileDescriptor

    /// The directories that `current` was reached through, the start first.
    private var ancestors: [OwnedFileDescriptor] = []

    /// The names still to come, the next one last.
    private var pending: [PathComponent] = []

    private var linksFollowed = 0
    private var mustBeDirectory = false

    /// As many links as Linux follows in one path.
    private static let maximumLinks = 40

    /// Each level holds a descriptor of the process.
    private static let maximumDepth = 256

    init(start: OwnedFileDescriptor) {
        self.current = start
    }

    /// Puts the names of `path` before those still to come.
    mutating func push(_ path: GuestPath) throws(HostError) {
        if path.isAbsolute { throw .notPermitted }
        if pending.isEmpty, path.hasTrailingSlash { mustBeDirectory = true }
        pending.append(contentsOf: path.components.reversed())
    }

    mutating func run<Result>(_ lastStep: LastStep<Result>) throws(HostError) -> Result {
        while let component = pending.popLast() {
            switch component.kind {
            case .current: try checkSearch()
            case .parent:
                guard let parent = ancestors.popLast() else { throw .notPermitted }
                try checkSearch()
                current = parent
            case .normal where pending.isEmpty:
                let directory = current
                let isLast = mustBeDirectory
                let result = try unsafe component.withCString { (name) throws(HostError) -> Result? in
                    try unsafe lastStep(directory, name, isLast)
                }
                if let result { return result }
                try follow(component)
            case .normal: try enter(component)
            }
        }
        // The path ended in `.` or `..`: the directory reached is what it names.
        let directory = current
        let result = try unsafe PathComponent.current.withCString { (name) throws(HostError) -> Result? in
            try unsafe lastStep(directory, name, false)
        }
        guard let result else { throw .loop }
        return result
    }

    private mutating func enter(_ component: PathComponent) throws(HostError) {
        let directory = current
        do throws(HostError) {
            let flags = SystemOpenFlags.lookup | O_NOFOLLOW
            let raw = try unsafe component.withCString { (name) throws(HostError) -> CInt in
                try systemCall { unsafe openat(directory.rawValue, name, flags) }
            }
            let next = OwnedFileDescriptor(owning: raw)
            if ancestors.count >= Self.maximumDepth { throw .nameTooLong }
            ancestors.append(current)
            current = next
        } catch {
            switch error.rawCode {
            case ENOTDIR, ELOOP, EMLINK: try follow(component)
            default: throw error
            }
        }
    }

    /// Replaces the name of a symbolic link by its target. Throws `ENOTDIR` for what is no link.
    private mutating func follow(_ component: PathComponent) throws(HostError) {
        let target: [CChar]
        do throws(HostError) {
            target = try current.linkTarget(of: component)
        } catch {
            if error.rawCode == EINVAL { throw .notDirectory }
            throw error
        }
        linksFollowed += 1
        if linksFollowed > Self.maximumLinks { throw .loop }
        try push(GuestPath(linkTarget: target))
    }

    /// `.` and `..` need the same permission as any other name, though no lookup is made for them.
    private func checkSearch() throws(HostError) {
        _ = try systemCall { unsafe faccessat(current.rawValue, ".", X_OK, AT_EACCESS) }
    }
}

extension OwnedFileDescriptor {
    /// The bytes of the symbolic link `name` in this directory. Throws `EINVAL` for what is no link.
    func linkTarget(of name: PathComponent) throws(HostError) -> [CChar] {
        try unsafe name.withCString { (name) throws(HostError) -> [CChar] in
            var target = [CChar](repeating: 0, count: GuestPath.maximumLength)
            let count = try unsafe target.withUnsafeMutableBufferPointer { (buffer) throws(HostError) -> Int in
                guard let start = buffer.baseAddress else { return 0 }
                return try systemCall { unsafe readlinkat(rawValue, name, start, buffer.count) }
            }
            if count >= GuestPath.maximumLength { throw .nameTooLong }
            target.removeSubrange(count...)
            return target
        }
    }
}
