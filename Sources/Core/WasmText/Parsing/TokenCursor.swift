// A place among the tokens, and the questions and demands that every parser has.

/// Walks a range of a text's tokens.
package struct TokenCursor: Sendable {
    package let text: TokenizedText
    /// Of the current token.
    package var position: Int

    package init(_ text: TokenizedText, at position: Int = 0) {
        self.text = text
        self.position = position
    }

    // MARK: - Looking

    package var current: Token {
        @inline(__always) get { text.token(at: position) }
    }

    @inline(__always)
    package func peek(_ distance: Int = 1) -> Token { text.token(at: position + distance) }

    /// The keyword at a distance from the current token; nil if there is none.
    package func keyword(at distance: Int = 0) -> Keyword? { text.keyword(of: peek(distance)) }

    /// Whether the current token opens a group that begins with this keyword.
    package func isGroup(_ keyword: Keyword) -> Bool {
        current.kind == .leftParenthesis && self.keyword(at: 1) == keyword
    }

    package func isKeyword(_ keyword: Keyword) -> Bool { self.keyword() == keyword }

    /// Whether the current token is an index, by number or by name.
    package var isIndex: Bool { current.kind == .natural || current.kind == .identifier }

    /// The position of the token that closes the group which the token at `position` opens.
    package func closing(of position: Int) throws(TextError) -> Int {
        let token = text.token(at: position)
        guard token.kind == .leftParenthesis else { throw text.unexpected(token, expected: "(") }
        guard token.payload != Token.unclosed else { throw text.unexpected(text.token(at: text.tokens.count - 1), expected: ")") }
        return Int(token.payload)
    }

    // MARK: - Taking

    @discardableResult
    package mutating func take() -> Token {
        let token = current
        position += 1
        return token
    }

    package mutating func take(_ kind: Token.Kind, _ expected: String) throws(TextError) -> Token {
        guard current.kind == kind else { throw unexpected(expected) }
        return take()
    }

    package mutating func takeLeftParenthesis() throws(TextError) { _ = try take(.leftParenthesis, "(") }
    package mutating func takeRightParenthesis() throws(TextError) { _ = try take(.rightParenthesis, ")") }

    /// Takes a keyword, if it is the current token.
    package mutating func takeIf(_ keyword: Keyword) -> Bool {
        guard isKeyword(keyword) else { return false }
        position += 1
        return true
    }

    package mutating func take(_ keyword: Keyword) throws(TextError) {
        guard takeIf(keyword) else { throw unexpected(keyword.rawValue) }
    }

    /// Takes the start of a group, if it begins with this keyword.
    package mutating func takeGroupIf(_ keyword: Keyword) -> Bool {
        guard isGroup(keyword) else { return false }
        position += 2
        return true
    }

    /// The symbol of an identifier, if it is the current token.
    package mutating func takeIdentifierIf() -> UInt32? {
        guard current.kind == .identifier else { return nil }
        return take().payload
    }

    /// A string's bytes.
    package mutating func takeString() throws(TextError) -> [UInt8] {
        text.string(try take(.string, "a string"))
    }

    /// A string that must be UTF-8.
    package mutating func takeName() throws(TextError) -> String {
        let token = try take(.string, "a string")
        let bytes = text.string(token)
        guard token.payload == 0 || Lexer.isUTF8(bytes) else { throw error("malformed UTF-8 encoding", at: token) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// All strings that follow, one after the other.
    package mutating func takeStrings() -> [UInt8] {
        var bytes: [UInt8] = []
        while current.kind == .string { text.appendString(take(), to: &bytes) }
        return bytes
    }

    /// A number without a sign, of 32 bits.
    package mutating func takeNatural32() throws(TextError) -> UInt32 {
        let token = try take(.natural, "a number")
        guard let value = natural(token), value <= UInt32.max else { throw error("i32 constant out of range", at: token) }
        return UInt32(value)
    }

    /// A number without a sign, of 64 bits.
    package mutating func takeNatural64() throws(TextError) -> UInt64 {
        let token = try take(.natural, "a number")
        guard let value = natural(token) else { throw error("i64 constant out of range", at: token) }
        return value
    }

    /// The value of a token of kind `natural`; nil if it does not fit into 64 bits.
    package func natural(_ token: Token) -> UInt64? {
        // Most are of a digit or two.
        if token.end - token.start == 1 { return UInt64(text.bytes[Int(token.start)] &- UInt8(ascii: "0")) }
        return NumberLiteral.natural(text.characters(of: token))
    }

    // MARK: - Errors

    package func unexpected(_ expected: String? = nil) -> TextError { text.unexpected(current, expected: expected) }

    package func error(_ message: String, at token: Token) -> TextError { text.error(message, at: Int(token.start)) }

    /// An identifier, for an error: clipped if it is long.
    package func spelling(_ symbol: UInt32) -> String {
        let name = text.symbols.text(symbol)
        return "$" + (name.utf8.count > 100 ? name.prefix(60) + "…" : name)
    }
}
