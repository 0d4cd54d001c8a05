// Names in WebAssembly are equal if their code points are; a `String` takes canonically equivalent ones for the same
// ("Å" and "A\u{30A}"), so that two exports of one module could be confused. Names that are keys are wrapped in this.

/// A string compared and hashed by its UTF-8 bytes.
public struct ExactString: Hashable, Sendable {
    public let string: String

    public init(_ string: String) {
        self.string = string
    }

    public static func == (left: ExactString, right: ExactString) -> Bool {
        left.string.utf8.count == right.string.utf8.count && left.string.utf8.elementsEqual(right.string.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        var copy = string
        copy.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(0xFF as UInt8)
    }
}

extension ExactString: ExpressibleByStringLiteral, CustomStringConvertible {
    public init(stringLiteral value: String) {
        string = value
    }

    public var description: String { string }
}
