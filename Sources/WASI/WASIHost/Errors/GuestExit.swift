// Leaving is not a trap, but it ends the guest in the same way: by an error that no guest can catch.

/// The guest asked to end. Thrown by the host function that it asked, so it is the root cause of the trap that a call
/// into the guest then throws.
public struct GuestExit: Error, Hashable, Sendable {
    /// What the guest gave: 0 for success.
    public let code: UInt8

    public init(code: UInt8) {
        self.code = code
    }
}

extension GuestExit: CustomStringConvertible {
    public var description: String { "exit with status \(code)" }
}
