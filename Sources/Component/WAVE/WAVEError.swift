// Why a text is not the value that it should be, and where.

/// An error in a text in WAVE notation.
public struct WAVEError: Error, Hashable, Sendable {
    /// A sentence without a final stop.
    public var message: String
    /// The place in the text, in bytes of UTF-8; empty at the end of the text.
    public var range: Range<Int>

    public init(_ message: String, at range: Range<Int>) {
        self.message = message
        self.range = range
    }
}

extension WAVEError: CustomStringConvertible {
    public var description: String { "\(message) (at byte \(range.lowerBound))" }
}
