// Finds the tokens of a text (core specification, section 6.3). A token is the longest run of the characters that tokens
// are made of; what the run is, is decided once it is whole.

/// Walks a text once, from its start to its end.
struct Lexer {
    let bytes: [UInt8]
    var position = 0
    var tokens: [Token] = []
    var annotations: [Annotation] = []
    var annotationTokens: [Token] = []
    var symbols = SymbolTable()
    /// The positions of the parentheses that are open.
    private var open: [UInt32] = []
    private let keywords = KeywordTable.shared
    private let classes = CharacterClass.table

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        tokens.reserveCapacity(bytes.count / 6 + 16)
    }

    mutating func run() throws(TextError) {
        try validateEncoding()
        while true {
            try skipSpace()
            guard position < bytes.count else { break }
            let start = position
            guard tokens.count < TokenizedText.tokenLimit else {
                throw error("text too large: at most \(TokenizedText.tokenLimit) tokens are allowed", at: start)
            }
            switch bytes[start] {
            case UInt8(ascii: "("):
                if start + 1 < bytes.count, bytes[start + 1] == UInt8(ascii: "@") {
                    try lexAnnotation()
                } else {
                    position += 1
                    open.append(UInt32(truncatingIfNeeded: tokens.count))
                    append(.leftParenthesis, payload: Token.unclosed, from: start)
                }
            case UInt8(ascii: ")"):
                position += 1
                if let opening = open.popLast() { tokens[Int(opening)].payload = UInt32(truncatingIfNeeded: tokens.count) }
                append(.rightParenthesis, from: start)
            default:
                tokens.append(try lexRun())
            }
        }
        append(.end, from: position)
    }

    private mutating func append(_ kind: Token.Kind, payload: UInt32 = 0, from start: Int) {
        tokens.append(token(kind, payload: payload, from: start))
    }

    func token(_ kind: Token.Kind, payload: UInt32 = 0, from start: Int) -> Token {
        Token(
            kind: kind, payload: payload, start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: position))
    }

    func error(_ message: String, at offset: Int) -> TextError {
        TextError(message, at: offset, in: bytes)
    }

    private func validateEncoding() throws(TextError) {
        do {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            throw self.error("malformed UTF-8 encoding", at: error.byteOffsets.lowerBound)
        }
    }

    // MARK: - Space

    /// Steps over blanks and comments.
    mutating func skipSpace() throws(TextError) {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D:
                position += 1
            case UInt8(ascii: ";") where position + 1 < bytes.count && bytes[position + 1] == UInt8(ascii: ";"):
                position += 2
                while position < bytes.count, bytes[position] != 0x0A, bytes[position] != 0x0D { position += 1 }
            case UInt8(ascii: "(") where position + 1 < bytes.count && bytes[position + 1] == UInt8(ascii: ";"):
                try skipBlockComment()
            default:
                return
            }
        }
    }

    private mutating func skipBlockComment() throws(TextError) {
        let start = position
        var depth = 1
        position += 2
        while position + 1 < bytes.count {
            let pair = (bytes[position], bytes[position + 1])
            if pair == (UInt8(ascii: ";"), UInt8(ascii: ")")) {
                position += 2
                depth -= 1
                if depth == 0 { return }
            } else if pair == (UInt8(ascii: "("), UInt8(ascii: ";")) {
                position += 2
                depth += 1
            } else {
                position += 1
            }
        }
        throw error("unclosed comment", at: start)
    }

    // MARK: - Runs

    /// The token at a character that is neither a blank nor a parenthesis.
    mutating func lexRun() throws(TextError) -> Token {
        let start = position
        var strings = 0
        var hasEscapes = false
        var hasReserved = false
        run: while position < bytes.count {
            switch classes[Int(bytes[position])] {
            case .identifier:
                position += 1
            case .quote:
                strings += 1
                let isQuotedIdentifier = position == start + 1 && bytes[start] == UInt8(ascii: "$")
                hasEscapes = try skipString(in: isQuotedIdentifier ? "empty identifier" : nil) || hasEscapes
            case .reserved:
                // Two semicolons begin a comment, wherever they stand.
                if bytes[position] == UInt8(ascii: ";"), position + 1 < bytes.count,
                    bytes[position + 1] == UInt8(ascii: ";")
                {
                    break run
                }
                hasReserved = true
                position += 1
            case .space, .other:
                break run
            }
        }
        guard position > start else { throw illegalCharacter(at: start) }
        if hasReserved { return token(.reserved, from: start) }
        let first = bytes[start]
        if first == UInt8(ascii: "$") { return try identifier(from: start, strings: strings, hasEscapes: hasEscapes) }
        if strings > 0 {
            // One string and nothing else is a string.
            guard strings == 1, first == UInt8(ascii: "\""), bytes[position - 1] == UInt8(ascii: "\"") else {
                return token(.reserved, from: start)
            }
            return token(.string, payload: hasEscapes ? 1 : 0, from: start)
        }
        let text = bytes[start..<position]
        switch first {
        case UInt8(ascii: "a")...UInt8(ascii: "z"):
            if first <= UInt8(ascii: "n"), FloatLiteral.isSpecial(text) { return token(.float, from: start) }
            return token(.keyword, payload: keywords.number(of: text), from: start)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"):
            return token(NumberLiteral.kind(of: text), from: start)
        default:
            return token(.reserved, from: start)
        }
    }

    private mutating func identifier(from start: Int, strings: Int, hasEscapes: Bool) throws(TextError) -> Token {
        guard position > start + 1 else { throw error("empty identifier", at: start) }
        if strings == 0 {
            return token(.identifier, payload: symbols.intern(bytes[start + 1..<position]), from: start)
        }
        guard strings == 1, bytes[start + 1] == UInt8(ascii: "\""), bytes[position - 1] == UInt8(ascii: "\"") else {
            return token(.reserved, from: start)
        }
        let characters = bytes[start + 2..<position - 1]
        guard !characters.isEmpty else { throw error("empty identifier", at: start) }
        guard hasEscapes else { return token(.identifier, payload: symbols.intern(characters), from: start) }
        let decoded = try unescaped(characters, at: start)
        return token(.identifier, payload: symbols.intern(decoded[...]), from: start)
    }

    /// A string's bytes, which must be UTF-8.
    func unescaped(_ characters: ArraySlice<UInt8>, at offset: Int) throws(TextError) -> [UInt8] {
        var decoded: [UInt8] = []
        Self.unescape(characters, to: &decoded)
        guard Self.isUTF8(decoded) else { throw error("malformed UTF-8 encoding", at: offset) }
        return decoded
    }

    func illegalCharacter(at offset: Int) -> TextError {
        let scalar = String(decoding: bytes[offset..<min(bytes.count, offset + 4)], as: UTF8.self).unicodeScalars.first
        return error("illegal character U+\(String(scalar?.value ?? 0, radix: 16, uppercase: true))", at: offset)
    }
}

/// What a byte can be outside of strings and comments.
enum CharacterClass: UInt8, Sendable {
    /// A character of identifiers, keywords and numbers.
    case identifier
    case quote
    /// A character that only reserved tokens have.
    case reserved
    /// A blank or a parenthesis.
    case space
    case other

    static let table: [CharacterClass] = (0..<256).map { code in
        switch UInt8(truncatingIfNeeded: code) {
        case 0x09, 0x0A, 0x0D, 0x20, UInt8(ascii: "("), UInt8(ascii: ")"): .space
        case UInt8(ascii: "\""): .quote
        case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
            UInt8(ascii: "}"):
            .reserved
        case 0x21...0x7E: .identifier
        default: .other
        }
    }
}
