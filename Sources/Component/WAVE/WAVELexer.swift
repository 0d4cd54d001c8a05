// Reads the tokens of WAVE: numbers as in JSON, labels in kebab case, characters and strings with escapes, strings of
// several lines; white space and `//` comments between them.

import ComponentTypes

/// Takes a text apart, from the front.
struct WAVELexer {
    let text: [UInt8]
    /// Where the next token, or the white space before it, begins.
    private(set) var position: Int

    init(_ text: [UInt8], from position: Int = 0) {
        self.text = text
        self.position = position
    }

    /// The next token; `.end` at the end, as often as it is asked for.
    mutating func next() throws(WAVEError) -> WAVEToken {
        skipSpace()
        let start = position
        guard let byte = byte(at: start) else { return WAVEToken(kind: .end, range: start..<start) }
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["),
            UInt8(ascii: "]"), UInt8(ascii: ":"), UInt8(ascii: ","):
            position += 1
            return WAVEToken(kind: .punctuation(byte), range: start..<position)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "\""):
            let kind: WAVEToken.Kind = .string(isTripleQuote(at: start) ? try longString() : try string())
            return WAVEToken(kind: kind, range: start..<position)
        case UInt8(ascii: "'"): return try character()
        case UInt8(ascii: "%"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            return try label()
        default:
            throw WAVEError("a value cannot begin like this", at: start..<endOfCharacter(at: start))
        }
    }

    private func byte(at position: Int) -> UInt8? {
        position < text.count ? text[position] : nil
    }

    private func endOfCharacter(at position: Int) -> Int {
        var end = position + 1
        while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
        return end
    }

    private mutating func skipSpace() {
        while let byte = byte(at: position) {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): position += 1
            case UInt8(ascii: "/") where self.byte(at: position + 1) == UInt8(ascii: "/"):
                while let byte = self.byte(at: position), byte != UInt8(ascii: "\n") { position += 1 }
            default: return
            }
        }
    }

    // MARK: - Numbers and labels

    private mutating func skipDigits() -> Int {
        let start = position
        while let byte = byte(at: position), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position - start
    }

    private mutating func number() throws(WAVEError) -> WAVEToken {
        let start = position
        if text[start] == UInt8(ascii: "-") {
            position += 1
            if text[position...].starts(with: "inf".utf8) {
                position += 3
                return try ended(start)
            }
        }
        let leading = byte(at: position)
        let count = skipDigits()
        guard count > 0 else { throw WAVEError("a '-' must be followed by a number", at: start..<position) }
        guard count == 1 || leading != UInt8(ascii: "0") else {
            throw WAVEError("a number cannot begin with 0 and another digit", at: start..<position)
        }
        if byte(at: position) == UInt8(ascii: ".") {
            position += 1
            guard skipDigits() > 0 else { throw WAVEError("a '.' must be followed by digits", at: start..<position) }
        }
        if let byte = byte(at: position), byte | 0x20 == UInt8(ascii: "e") {
            position += 1
            if let sign = self.byte(at: position), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
            guard skipDigits() > 0 else { throw WAVEError("an exponent must have digits", at: start..<position) }
        }
        return try ended(start)
    }

    /// The number that began at `start`, if no letter follows it at once.
    private func ended(_ start: Int) throws(WAVEError) -> WAVEToken {
        var end = position
        while let byte = byte(at: end), Self.isPartOfWord(byte) { end += 1 }
        guard end == position else { throw WAVEError("this is neither a number nor a word", at: start..<end) }
        return WAVEToken(kind: .number, range: start..<position)
    }

    private static func isPartOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private mutating func label() throws(WAVEError) -> WAVEToken {
        let start = position
        let isEscaped = text[start] == UInt8(ascii: "%")
        if isEscaped { position += 1 }
        let wordStart = position
        while let byte = byte(at: position), Self.isPartOfWord(byte) { position += 1 }
        let word = text[wordStart..<position]
        guard Label.isValid(word) else { throw WAVEError("this is not a name in kebab case", at: start..<position) }
        return WAVEToken(
            kind: .label(String(decoding: word, as: UTF8.self), isEscaped: isEscaped), range: start..<position)
    }

    // MARK: - Characters and strings

    private mutating func character() throws(WAVEError) -> WAVEToken {
        let start = position
        position += 1
        let scalar: Unicode.Scalar
        switch byte(at: position) {
        case nil, UInt8(ascii: "\n"): throw WAVEError("a character must end with '", at: start..<position)
        case UInt8(ascii: "'"): throw WAVEError("there is no character between the quotes", at: start..<position + 1)
        case UInt8(ascii: "\\"): scalar = try escape()
        default:
            let end = endOfCharacter(at: position)
            guard let read = String(decoding: text[position..<end], as: UTF8.self).unicodeScalars.first else {
                throw WAVEError("a character must end with '", at: start..<position)
            }
            scalar = read
            position = end
        }
        guard byte(at: position) == UInt8(ascii: "'") else {
            throw WAVEError("a character is one between quotes; a string stands in \"", at: start..<position)
        }
        position += 1
        return WAVEToken(kind: .character(scalar), range: start..<position)
    }

    private func isTripleQuote(at position: Int) -> Bool {
        text[position...].starts(with: "\"\"\"".utf8)
    }

    private mutating func string() throws(WAVEError) -> String {
        let start = position
        position += 1
        var bytes: [UInt8] = []
        while let byte = byte(at: position), byte != UInt8(ascii: "\n") {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"): bytes += Array(String(Character(try escape())).utf8)
            default:
                bytes.append(byte)
                position += 1
            }
        }
        throw WAVEError("a string must end with \" on the same line", at: start..<position)
    }

    /// A string between triple quotes: its lines without the indentation of the last one, which holds the quotes.
    private mutating func longString() throws(WAVEError) -> String {
        let start = position
        let bodyStart = start + 3
        var end = bodyStart
        while end < text.count, !isTripleQuote(at: end) { end += 1 }
        guard end < text.count else { throw WAVEError("a string must end with \"\"\"", at: start..<text.count) }
        var lines: [Range<Int>] = []
        var lineStart = bodyStart
        for newline in bodyStart..<end where text[newline] == UInt8(ascii: "\n") {
            lines.append(lineStart..<newline)
            lineStart = newline + 1
        }
        let indentation = lineStart..<end
        guard indentation.allSatisfy({ text[$0] == UInt8(ascii: " ") }), let first = lines.first else {
            throw WAVEError("the closing \"\"\" must stand on a line of its own", at: end..<end + 3)
        }
        guard first.isEmpty || (first.count == 1 && text[first.lowerBound] == UInt8(ascii: "\r")) else {
            throw WAVEError("the opening \"\"\" must be followed by the end of the line", at: start..<bodyStart)
        }
        var bytes: [UInt8] = []
        for (number, line) in lines.dropFirst().enumerated() {
            let prefix = line.prefix(indentation.count)
            guard prefix.count == indentation.count, prefix.allSatisfy({ text[$0] == UInt8(ascii: " ") }) else {
                throw WAVEError("a line must be indented as much as the closing \"\"\"", at: line)
            }
            var lineEnd = line.upperBound
            if lineEnd > prefix.endIndex, text[lineEnd - 1] == UInt8(ascii: "\r") { lineEnd -= 1 }
            if number > 0 { bytes.append(UInt8(ascii: "\n")) }
            position = prefix.endIndex
            while position < lineEnd {
                if text[position] == UInt8(ascii: "\\") {
                    bytes += Array(String(Character(try escape())).utf8)
                } else {
                    bytes.append(text[position])
                    position += 1
                }
            }
        }
        position = end + 3
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads what begins with a backslash.
    private mutating func escape() throws(WAVEError) -> Unicode.Scalar {
        let start = position
        position += 1
        let code = byte(at: position)
        position += 1
        switch code {
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "'"): return "'"
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "u"):
            var digits = 0
            var value: UInt32 = 0
            if byte(at: position) == UInt8(ascii: "{") {
                position += 1
                while digits < 6, let byte = byte(at: position), let digit = Character(Unicode.Scalar(byte)).hexDigitValue {
                    value = value << 4 | UInt32(digit)
                    digits += 1
                    position += 1
                }
                if digits > 0, byte(at: position) == UInt8(ascii: "}"), let scalar = Unicode.Scalar(value) {
                    position += 1
                    return scalar
                }
            }
            throw WAVEError("an escape \\u{…} needs one to six hexadecimal digits of a character", at: start..<min(position, text.count))
        default:
            throw WAVEError(
                "the escapes are \\\\ \\' \\\" \\t \\n \\r and \\u{…}", at: start..<min(position, text.count))
        }
    }
}
