// String literals (core specification, section 6.3.3).

extension Lexer {
    /// Steps over a string literal, whose characters and escapes it checks. Says whether it has escapes.
    ///
    /// - Parameter complaint: what to say instead of what is wrong with the string, where the string is only a string if
    ///   it is right.
    mutating func skipString(in complaint: String? = nil) throws(TextError) -> Bool {
        let start = position
        var hasEscapes = false
        position += 1
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return hasEscapes
            case UInt8(ascii: "\\"):
                hasEscapes = true
                guard let length = Self.escapeLength(bytes[position...]) else {
                    throw error(complaint ?? "invalid string escape", at: position)
                }
                position += length
            case 0x0A, 0x0D:
                throw error(complaint ?? "unclosed string", at: start)
            case 0x00...0x1F, 0x7F:
                throw error(complaint ?? "illegal control character in a string", at: position)
            default:
                position += 1
            }
        }
        throw error(complaint ?? "unclosed string", at: start)
    }

    /// The length of the escape at the start of `text`; nil if it is none.
    private static func escapeLength(_ text: ArraySlice<UInt8>) -> Int? {
        let text = text.dropFirst()
        guard let kind = text.first else { return nil }
        switch kind {
        case UInt8(ascii: "t"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "\""), UInt8(ascii: "'"),
            UInt8(ascii: "\\"):
            return 2
        case UInt8(ascii: "u"):
            guard let (_, length) = scalar(text.dropFirst()) else { return nil }
            return 2 + length
        default:
            guard let second = text.dropFirst().first, NumberLiteral.hexadecimalDigit(kind) != nil,
                NumberLiteral.hexadecimalDigit(second) != nil
            else { return nil }
            return 3
        }
    }

    /// The scalar that `{hexadecimal digits}` at the start of `text` stands for, and the length of that.
    private static func scalar(_ text: ArraySlice<UInt8>) -> (Unicode.Scalar, length: Int)? {
        guard text.first == UInt8(ascii: "{") else { return nil }
        var value: UInt32 = 0
        var length = 1
        var wasDigit = false
        for byte in text.dropFirst() {
            length += 1
            if let digit = NumberLiteral.hexadecimalDigit(byte) {
                value = value << 4 | UInt32(digit)
                guard value < 0x11_0000 else { return nil }
                wasDigit = true
            } else if byte == UInt8(ascii: "_"), wasDigit {
                wasDigit = false
            } else {
                guard byte == UInt8(ascii: "}"), wasDigit, let scalar = Unicode.Scalar(value) else { return nil }
                return (scalar, length)
            }
        }
        return nil
    }

    /// Appends the bytes that the characters of a string stand for. The string has passed `skipString`.
    static func unescape(_ characters: ArraySlice<UInt8>, to target: inout [UInt8]) {
        var rest = characters
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let kind = rest.popFirst() else {
                target.append(byte)
                continue
            }
            switch kind {
            case UInt8(ascii: "t"): target.append(0x09)
            case UInt8(ascii: "n"): target.append(0x0A)
            case UInt8(ascii: "r"): target.append(0x0D)
            case UInt8(ascii: "u"):
                guard let (scalar, length) = scalar(rest) else { continue }
                target.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
                rest = rest.dropFirst(length)
            default:
                if let high = NumberLiteral.hexadecimalDigit(kind), let second = rest.first,
                    let low = NumberLiteral.hexadecimalDigit(second)
                {
                    target.append(high << 4 | low)
                    rest = rest.dropFirst()
                } else {
                    target.append(kind)
                }
            }
        }
    }

    static func isUTF8(_ bytes: [UInt8]) -> Bool {
        (try? UTF8Span(validating: bytes.span)) != nil
    }
}
