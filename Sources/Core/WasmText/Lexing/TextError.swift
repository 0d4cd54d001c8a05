// The error of everything that reads text: a sentence, and the place that it speaks of, with its line.

/// Why a text was refused.
///
/// Holds on to the text; the line and what else is said of the place are found when they are asked for, in time linear in
/// the text.
public struct TextError: Error, Sendable {
    /// A sentence without a final stop. It begins with the words that the specification's suites compare.
    public var message: String
    /// In bytes from the start of the text.
    public let offset: Int
    private let bytes: [UInt8]

    /// An excerpt has this many characters at most.
    private static let excerptLength = 100

    /// - Parameter bytes: the whole text.
    package init(_ message: String, at offset: Int, in bytes: [UInt8]) {
        self.message = message
        self.offset = max(0, min(offset, bytes.count))
        self.bytes = bytes
    }

    private var lineStart: Int {
        var start = offset
        while start > 0, bytes[start - 1] != 0x0A, bytes[start - 1] != 0x0D { start -= 1 }
        return start
    }

    /// The line's characters before the place.
    private var before: String.UnicodeScalarView {
        String(decoding: bytes[lineStart..<offset], as: UTF8.self).unicodeScalars
    }

    /// Counts from 1.
    public var line: Int { Self.lineNumber(at: offset, in: bytes) }

    /// In characters (Unicode scalars), counts from 1.
    public var column: Int { before.count + 1 }

    /// The text of the line, or the part of it around the place if it is long, in which control characters are blanks; and
    /// how many characters of it stand before the place.
    public var excerpt: (text: String, caret: Int) {
        let shownBefore = before.suffix(Self.excerptLength / 2)
        var end = offset
        // A scalar takes four bytes at most.
        let limit = min(bytes.count, offset + 4 * Self.excerptLength)
        while end < limit, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
        let after = String(decoding: bytes[offset..<end], as: UTF8.self)
            .unicodeScalars.prefix(Self.excerptLength - shownBefore.count)
        var text = String.UnicodeScalarView()
        for scalar in shownBefore { text.append(Self.shown(scalar)) }
        for scalar in after { text.append(Self.shown(scalar)) }
        return (String(text), shownBefore.count)
    }

    /// The number of the line that the byte at `offset` stands in; a line ends with a line feed, a carriage return, or both.
    package static func lineNumber(at offset: Int, in bytes: [UInt8]) -> Int {
        var line = 1
        for position in 0..<min(offset, bytes.count) {
            switch bytes[position] {
            case 0x0A: line += 1
            case 0x0D where position + 1 >= bytes.count || bytes[position + 1] != 0x0A: line += 1
            default: break
            }
        }
        return line
    }

    private static func shown(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        scalar.properties.generalCategory == .control ? " " : scalar
    }
}

extension TextError: CustomStringConvertible {
    /// The message, the place, and the line with a caret under the place.
    public var description: String {
        let number = String(line)
        let margin = String(repeating: " ", count: number.utf8.count)
        let (text, caret) = excerpt
        return """
            \(message) (line \(line), column \(column))
            \(margin) |
            \(number) | \(text)
            \(margin) | \(String(repeating: " ", count: caret))^
            """
    }
}
