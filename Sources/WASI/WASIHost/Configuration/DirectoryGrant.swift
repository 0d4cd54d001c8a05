// The right to use a directory of the host. Without one a guest has no file at all.

/// A directory of the host that a guest may use, and what for.
public struct DirectoryGrant: Sendable, Hashable {
    /// What may be done beneath the directory.
    public enum Rights: Sendable, Hashable {
        /// Reading and listing. Anything that would change something fails with `EPERM`.
        case readOnly

        /// Everything that the system allows the process.
        case readWrite
    }

    /// The directory's path on the host, as the process would open it.
    public var hostPath: String

    /// The path that the guest finds it at.
    public var guestPath: String

    public var rights: Rights

    public init(hostPath: String, guestPath: String, rights: Rights) {
        self.hostPath = hostPath
        self.guestPath = guestPath
        self.rights = rights
    }
}
