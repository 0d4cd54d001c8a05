// What a guest can make the host spend. Every limit has a default; none is unlimited.

/// Limits that a store holds its guests to.
public struct StoreLimits: Hashable, Sendable {
    /// Bytes that one linear memory may have. `memory.grow` past it answers -1; a module that asks for more at once is
    /// not instantiated.
    public var memoryBytes: UInt64 = 4 << 30
    /// Elements that one table may have.
    public var tableElements: UInt64 = 10_000_000
    /// Core instances in the store.
    public var instances = 10_000
    /// Memories in the store.
    public var memories = 10_000
    /// Tables in the store.
    public var tables = 10_000
    /// Bytes of the guest's stack, on which all frames of all its calls lie.
    public var stackBytes = 16 << 20
    /// How often the host and guests may call each other without a return in between; each such call takes space on the
    /// host's own stack.
    public var hostCallDepth = 500
    /// Bytes of all structures and arrays together. While it looks for what is reached, the collector may take half as
    /// much again.
    public var heapBytes: UInt64 = 1 << 30
    /// Exceptions that may be alive by reference at one time.
    public var exceptions = 1_000_000

    public init() {}
}
