// Why a name of the component model was refused.

/// A name that does not follow the grammar of names.
public struct NameError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A sentence without a final stop.
    public var message: String

    public init(_ message: String) {
        self.message = message
    }

    public var description: String { message }
}
