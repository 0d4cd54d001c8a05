// The face of the parser: a text in, its binary out, whether it is a component or a module.

import WasmBinary
package import WasmText

/// Turns components, and modules, in the text format into the binary format.
package enum TextComponent {
    /// The binary of a text that is one component, `(component …)`, or one module.
    ///
    /// The result decodes, but need not be valid: only what the text format itself demands is checked.
    package static func encode(_ text: [UInt8], names: NameTreatment = .keep) throws(TextError) -> [UInt8] {
        let tokens = try TokenizedText(text)
        let cursor = TokenCursor(tokens)
        guard cursor.isGroup(.component) else { return try TextModule.encode(tokens, names: names) }
        return try encode(tokens, acceptsOldReferences: true, names: names)
    }

    /// The binary of a component's text, whose fields may stand in `(component …)` or alone.
    ///
    /// - Parameter acceptsOldReferences: whether references to core items may lack the `core` that they had not at first.
    static func encode(
        _ tokens: TokenizedText, acceptsOldReferences: Bool, names: NameTreatment
    ) throws(TextError) -> [UInt8] {
        let last = tokens.tokens.count - 1
        var cursor = TokenCursor(tokens)
        var end = last
        if cursor.isGroup(.component) {
            end = try cursor.closing(of: 0)
            guard end + 1 == last else { throw tokens.unexpected(tokens.token(at: end + 1)) }
            cursor.position = 2
            if cursor.isKeyword(.definition) { cursor.position += 1 }
        }
        let distance = cursor.current.kind == .identifier ? 1 : 0
        switch cursor.keyword(at: distance) {
        case .binary:
            cursor.position += distance + 1
            let bytes = cursor.takeStrings()
            guard cursor.position == end else { throw cursor.unexpected("a string") }
            return bytes
        case .quote:
            cursor.position += distance + 1
            let quoted = cursor.takeStrings()
            guard cursor.position == end else { throw cursor.unexpected("a string") }
            return try encodeQuoted(quoted, acceptsOldReferences: acceptsOldReferences, names: names)
        default:
            var parser = ComponentParser(
                tokens, at: cursor.position, acceptsOldReferences: acceptsOldReferences, names: names)
            return try parser.parse(to: end)
        }
    }

    /// The binary of text that stood in quotes, in which nothing stands in quotes once more.
    static func encodeQuoted(
        _ text: [UInt8], acceptsOldReferences: Bool = false, names: NameTreatment = .keep
    ) throws(TextError) -> [UInt8] {
        let tokens = try TokenizedText(text)
        var end = tokens.tokens.count - 1
        var cursor = TokenCursor(tokens)
        if cursor.isGroup(.component) {
            let closing = try cursor.closing(of: 0)
            guard closing + 1 == end else { throw tokens.unexpected(tokens.token(at: closing + 1)) }
            end = closing
            cursor.position = 2
        }
        var parser = ComponentParser(
            tokens, at: cursor.position, acceptsOldReferences: acceptsOldReferences, names: names)
        return try parser.parse(to: end)
    }
}

/// Reads the components of scripts. References are as the specification has them today.
package enum ScriptComponents: ScriptComponentReader {
    package static func encode(
        fieldsAt position: Int, to end: Int, of text: TokenizedText
    ) throws(TextError) -> [UInt8] {
        var parser = ComponentParser(text, at: position, acceptsOldReferences: false, names: .keep)
        return try parser.parse(to: end)
    }

    /// The binary of a component that stood in quotes.
    package static func encode(quoted text: [UInt8]) throws(TextError) -> [UInt8] {
        try TextComponent.encodeQuoted(text)
    }
}
