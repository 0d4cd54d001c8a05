// Core types that stand outside of a module: those of a component, and those in the type of a module. They are read as a
// module's are; what differs is who writes them, and that other things than definitions take indices.

package import WasmBinary
package import WasmTypes

/// The core types of one scope of a component, as far as they have been read.
package struct CoreTypeSpace {
    private var parser: ModuleParser

    package init(_ text: TokenizedText) {
        parser = ModuleParser(typesOf: text)
    }

    package var count: UInt32 { parser.types.count }

    /// The index that an identifier stands for.
    package subscript(symbol: UInt32) -> UInt32? { parser.types[symbol] }

    /// Takes an index for what is defined elsewhere, an alias say; nil if the symbol is taken.
    package mutating func add(_ symbol: UInt32?) -> UInt32? {
        guard let index = parser.types.add(symbol) else { return nil }
        parser.definedTypes.append(nil)
        return index
    }

    /// Takes an index for a definition that is read next, and which may name itself; nil if the symbol is taken.
    package mutating func bind(_ symbol: UInt32?) -> UInt32? { parser.types.add(symbol) }

    /// Reads the definition at a cursor, `(func …)` say, of the type that was bound.
    ///
    /// - Parameter isAlone: whether it stands outside of a recursion group.
    package mutating func takeDefinition(
        _ cursor: inout TokenCursor, isAlone: Bool, to writer: inout ByteWriter
    ) throws(TextError) {
        parser.cursor = cursor
        try parser.parseDefinedType(to: &writer, isAlone: isAlone)
        cursor = parser.cursor
    }

    package mutating func takeValueType(_ cursor: inout TokenCursor) throws(TextError) -> ValueType {
        parser.cursor = cursor
        let type = try parser.takeValueType()
        cursor = parser.cursor
        return type
    }

    /// Takes `(func …)`, `(memory …)` and so on, as it stands in imports.
    ///
    /// - Returns: the type, and the function type that had to be added for it, if one had.
    package mutating func takeExternalType(
        _ cursor: inout TokenCursor
    ) throws(TextError) -> (type: ImportType, added: FunctionType?) {
        parser.cursor = cursor
        try parser.cursor.takeLeftParenthesis()
        let token = parser.cursor.take()
        _ = parser.cursor.takeIdentifierIf()
        let type: ImportType
        var added: FunctionType?
        switch parser.cursor.text.keyword(of: token) {
        case .func:
            let index = try takeTypeUse(&added)
            type = .function(TypeIndex(index))
        case .tag:
            let index = try takeTypeUse(&added)
            type = .tag(TagType(type: TypeIndex(index)))
        case .table: type = .table(try parser.takeTableType())
        case .memory: type = .memory(try parser.takeMemoryType())
        case .global: type = .global(try parser.takeGlobalType())
        default: throw cursor.text.unexpected(token, expected: "the type of an import")
        }
        try parser.cursor.takeRightParenthesis()
        cursor = parser.cursor
        return (type, added)
    }

    private mutating func takeTypeUse(_ added: inout FunctionType?) throws(TextError) -> UInt32 {
        let use = try parser.takeTypeUse(.ignored)
        if use.index != nil { return try parser.resolve(use) }
        if let index = parser.functionTypes[use.type] { return index }
        added = use.type
        // An index of its own, each time: what is written down is only what the text says or must imply.
        let index = parser.types.add() ?? 0
        parser.definedTypes.append(use.type)
        return index
    }
}
