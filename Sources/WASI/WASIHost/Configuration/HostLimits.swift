// What a guest can make the host spend. Every number has a default that suits a program run from the command line.

/// The limits of one guest.
public struct HostLimits: Sendable, Hashable {
    /// What one read of a stream or file gives at most, in bytes, whatever was asked for. 64 KiB.
    public var readLength = 1 << 16

    /// How many files, directories and listings of directories may be open at the same time. 4096.
    public var openDescriptors = 4096

    /// What one request for random bytes may ask for, in bytes; more is a fault of the guest. 64 MiB.
    public var randomLength = 64 << 20

    public init() {}
}
