// Annotations (core specification, section 6.3.6): parenthesised runs of tokens that may stand anywhere and mean nothing
// to whom does not know their name.

extension Lexer {
    /// Steps over the annotation at the position, and keeps it if its name is known.
    mutating func lexAnnotation() throws(TextError) {
        let start = position
        position += 2
        let name = Annotation.Name(try annotationName(from: start))
        let first = annotationTokens.count
        var depth = 1
        while true {
            try skipSpace()
            guard position < bytes.count else { throw error("unclosed annotation", at: start) }
            let tokenStart = position
            let item: Token
            switch bytes[tokenStart] {
            case UInt8(ascii: "("):
                position += 1
                depth += 1
                item = token(.leftParenthesis, from: tokenStart)
            case UInt8(ascii: ")"):
                position += 1
                depth -= 1
                item = token(.rightParenthesis, from: tokenStart)
            default:
                item = try lexRun()
            }
            if depth == 0 { break }
            if name != nil { annotationTokens.append(item) }
        }
        if let name {
            annotations.append(
                Annotation(
                    name: name, offset: start, position: tokens.count, contents: first..<annotationTokens.count))
        }
    }

    /// The name that follows `(@`.
    private mutating func annotationName(from start: Int) throws(TextError) -> [UInt8] {
        let nameStart = position
        if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
            let hasEscapes = try skipString(in: "empty annotation id")
            let characters = bytes[nameStart + 1..<position - 1]
            guard !characters.isEmpty else { throw error("empty annotation id", at: start) }
            return hasEscapes ? try unescaped(characters, at: start) : Array(characters)
        }
        while position < bytes.count, CharacterClass.table[Int(bytes[position])] == .identifier { position += 1 }
        guard position > nameStart else { throw error("empty annotation id", at: start) }
        return Array(bytes[nameStart..<position])
    }
}
