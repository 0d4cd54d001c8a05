// A text as its tokens. Parsers walk the tokens; where a parenthesis closes is known beforehand, so that a part can be
// stepped over and come back to.

/// The tokens of a file or of a quoted module, and the text that they are places in. Immutable.
package final class TokenizedText: Sendable {
    /// The largest text that is taken, in bytes.
    package static var sizeLimit: Int { 1 << 29 }
    /// The most tokens that are taken, of 16 bytes each.
    package static var tokenLimit: Int { 1 << 27 }

    package let bytes: [UInt8]
    /// The last token is of kind `end`.
    package let tokens: [Token]
    package let annotations: [Annotation]
    package let annotationTokens: [Token]
    let symbols: SymbolTable
    let keywords = KeywordTable.shared

    /// Finds the tokens of a text in UTF-8.
    package init(_ bytes: [UInt8]) throws(TextError) {
        guard bytes.count <= Self.sizeLimit else {
            throw TextError(
                "text too large: \(bytes.count) bytes, and at most \(Self.sizeLimit) are allowed", at: 0, in: [])
        }
        var lexer = Lexer(bytes)
        try lexer.run()
        self.bytes = bytes
        tokens = lexer.tokens
        annotations = lexer.annotations
        annotationTokens = lexer.annotationTokens
        symbols = lexer.symbols
    }

    /// The token at a position; the text's end for a position behind it.
    @inline(__always)
    package func token(at position: Int) -> Token {
        tokens[max(0, min(position, tokens.count - 1))]
    }

    /// The characters of an identifier, without its `$`.
    package func symbolText(_ symbol: UInt32) -> String { symbols.text(symbol) }

    /// A token's own characters.
    package func characters(of token: Token) -> ArraySlice<UInt8> {
        bytes[min(token.extent.lowerBound, bytes.count)..<min(token.extent.upperBound, bytes.count)]
    }

    package func text(of token: Token) -> String {
        String(decoding: characters(of: token), as: UTF8.self)
    }

    package func keyword(of token: Token) -> Keyword? {
        token.kind == .keyword ? keywords.keyword(token.payload) : nil
    }

    package func mnemonic(of token: Token) -> Mnemonic? {
        token.kind == .keyword ? keywords.mnemonic(token.payload) : nil
    }

    /// The bytes that a string token stands for, appended to `target`.
    package func appendString(_ token: Token, to target: inout [UInt8]) {
        let characters = characters(of: token).dropFirst().dropLast()
        if token.payload == 0 {
            target.append(contentsOf: characters)
        } else {
            Lexer.unescape(characters, to: &target)
        }
    }

    package func string(_ token: Token) -> [UInt8] {
        var bytes: [UInt8] = []
        appendString(token, to: &bytes)
        return bytes
    }

    package func error(_ message: String, at offset: Int) -> TextError {
        TextError(message, at: offset, in: bytes)
    }

    /// The error for a token that the grammar does not allow where it stands. A run of characters that no grammar knows is
    /// called an unknown operator, whatever was expected.
    package func unexpected(_ token: Token, expected: String? = nil) -> TextError {
        let hint = expected.map { ", expected \($0)" } ?? ""
        if token.kind == .end { return error("unexpected token: the text ends here\(hint)", at: Int(token.start)) }
        var shown = String(decoding: characters(of: token).prefix(60), as: UTF8.self)
        if token.extent.count > 60 { shown += "…" }
        let isUnknown = token.kind == .reserved || (token.kind == .keyword && token.payload == 0 && !isMemoryImmediate(token))
        return error(isUnknown ? "unknown operator \(shown)" : "unexpected token \(shown)\(hint)", at: Int(token.start))
    }

    /// Whether a token has the form `offset=N` or `align=N`.
    private func isMemoryImmediate(_ token: Token) -> Bool {
        let text = characters(of: token)
        for prefix in ["offset=", "align="] where text.starts(with: prefix.utf8) {
            return NumberLiteral.natural(text.dropFirst(prefix.utf8.count)) != nil
        }
        return false
    }
}
