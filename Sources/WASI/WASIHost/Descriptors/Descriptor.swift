// A file or directory that a guest has open: `descriptor` of `wasi:filesystem/types`, and what preview 1 will keep in
// its table. It holds the system's descriptor, what the grant that it came from allows, and how it was opened.
//
// The operations are in the files beside this one, by what they are about. Those on files answer `EBADF` for a
// directory, those on directories `ENOTDIR` for a file. What a grant forbids answers `EPERM`, before the system is
// asked.

/// A file or directory that a guest has open. Safe to use from any thread; closed when the last reference to it and to
/// the streams on it goes.
package final class Descriptor: Sendable {
    let handle: OwnedFileDescriptor

    /// Whether this is a directory. It stays what it was when it was opened.
    package let isDirectory: Bool

    /// What the grant allows. A descriptor opened through this one has the same.
    package let rights: DirectoryGrant.Rights

    /// What it was opened for: `read` and `write` only.
    let access: DescriptorFlags

    let resolution: PathResolution
    let budget: DescriptorBudget
    private let share: DescriptorBudget.Share

    init(
        handle: OwnedFileDescriptor, isDirectory: Bool, rights: DirectoryGrant.Rights, access: DescriptorFlags,
        resolution: PathResolution, budget: DescriptorBudget, share: consuming DescriptorBudget.Share
    ) {
        self.handle = handle
        self.isDirectory = isDirectory
        self.rights = rights
        self.access = access
        self.resolution = resolution
        self.budget = budget
        self.share = share
    }
}

extension Descriptor {
    func requireFile() throws(HostError) {
        if isDirectory { throw .badDescriptor }
    }

    func requireDirectory() throws(HostError) {
        if !isDirectory { throw .notDirectory }
    }

    func requireWriteRight() throws(HostError) {
        if rights != .readWrite { throw .notPermitted }
    }
}
