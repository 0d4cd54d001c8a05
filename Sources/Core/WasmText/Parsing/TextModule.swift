// The face of the parser: a module's text in, its binary out.

import WasmBinary

/// Turns modules in the text format into modules in the binary format.
package enum TextModule {
    /// The binary of a text that is one module: `(module …)`, or just its fields.
    ///
    /// The result decodes, but need not be valid: only what the text format itself demands is checked.
    package static func encode(_ text: [UInt8], names: NameTreatment = .keep) throws(TextError) -> [UInt8] {
        try encode(try TokenizedText(text), names: names)
    }

    /// The same of a text whose tokens have been found.
    package static func encode(_ tokens: TokenizedText, names: NameTreatment = .keep) throws(TextError) -> [UInt8] {
        let last = tokens.tokens.count - 1
        var cursor = TokenCursor(tokens)
        guard cursor.isGroup(.module) else {
            var parser = ModuleParser(tokens, from: 0, to: last, names: names)
            return try parser.parse()
        }
        let closing = try cursor.closing(of: 0)
        guard closing + 1 == last else { throw tokens.unexpected(tokens.token(at: closing + 1)) }
        cursor.position = 2
        if cursor.isKeyword(.definition) { cursor.position += 1 }
        return try encode(&cursor, to: closing, names: names)
    }

    /// The binary of a module that stands in another text.
    ///
    /// - Parameters:
    ///   - position: of the first field.
    ///   - end: of the token behind the last field.
    ///   - name: of the module.
    package static func encode(
        fieldsAt position: Int, to end: Int, of text: TokenizedText, name: String?, names: NameTreatment
    ) throws(TextError) -> [UInt8] {
        var parser = ModuleParser(text, from: position, to: end, names: names)
        return try parser.parse(named: name)
    }

    /// The binary of the module whose fields, or bytes, or quoted text, follow at a cursor.
    ///
    /// - Parameter end: the position of the parenthesis that closes the module.
    private static func encode(
        _ cursor: inout TokenCursor, to end: Int, names: NameTreatment
    ) throws(TextError) -> [UInt8] {
        let distance = cursor.current.kind == .identifier ? 1 : 0
        switch cursor.keyword(at: distance) {
        case .binary:
            cursor.position += distance + 1
            let bytes = cursor.takeStrings()
            guard cursor.position == end else { throw cursor.unexpected("a string") }
            return bytes
        case .quote:
            cursor.position += distance + 1
            let text = cursor.takeStrings()
            guard cursor.position == end else { throw cursor.unexpected("a string") }
            // Text in the text of a module in quotes is no module in quotes once more.
            return try encodeQuoted(text, names: names)
        default:
            var parser = ModuleParser(cursor.text, from: cursor.position, to: end, names: names)
            return try parser.parse()
        }
    }

    /// The binary of text that stood in quotes.
    private static func encodeQuoted(_ text: [UInt8], names: NameTreatment) throws(TextError) -> [UInt8] {
        let tokens = try TokenizedText(text)
        let last = tokens.tokens.count - 1
        let cursor = TokenCursor(tokens)
        var start = 0
        var end = last
        if cursor.isGroup(.module) {
            end = try cursor.closing(of: 0)
            guard end + 1 == last else { throw tokens.unexpected(tokens.token(at: end + 1)) }
            start = 2
        }
        var parser = ModuleParser(tokens, from: start, to: end, names: names)
        return try parser.parse()
    }

    /// Whether a text is one of a component rather than of a module: it begins with `(component`.
    package static func isComponent(_ text: [UInt8]) -> Bool {
        guard let tokens = try? TokenizedText(text) else { return false }
        return TokenCursor(tokens).isGroup(.component)
    }

    /// Whether bytes are a binary by their first four, rather than text.
    package static func isBinary(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.starts(with: [0x00, 0x61, 0x73, 0x6D])
    }
}
