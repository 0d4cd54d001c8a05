// Element and data segments (core specification, sections 6.6.9 and 6.6.10).

import WasmBinary
import WasmTypes

extension ModuleParser {
    /// The items of an element segment, as they will stand in the binary.
    private struct Items {
        /// The type of the expressions; nil if the items are function indices.
        var type: ValueType?
        var count: UInt32 = 0
        var writer = ByteWriter()
    }

    private enum Mode {
        case passive
        case declarative
        case active(table: UInt32, offset: ByteWriter)
    }

    // MARK: - Element segments

    mutating func parseElementSegment() throws(TextError) {
        _ = cursor.takeIdentifierIf()
        if cursor.takeIf(.declare) {
            appendElements(try takeElementList(canOmitKind: false), .declarative)
            return
        }
        var table: UInt32 = 0
        var usesTable = false
        var isActive = false
        if cursor.takeGroupIf(.table) {
            table = try takeIndex(tables)
            try cursor.takeRightParenthesis()
            usesTable = true
            isActive = true
        } else if cursor.isIndex {
            // As it was written before there was `(table …)`.
            table = try takeIndex(tables)
            isActive = true
        }
        guard cursor.current.kind == .leftParenthesis, !cursor.isGroup(.ref) else {
            if isActive { throw cursor.unexpected("the offset of an active segment") }
            appendElements(try takeElementList(canOmitKind: false), .passive)
            return
        }
        let offset = try takeOffset()
        appendElements(try takeElementList(canOmitKind: !usesTable), .active(table: table, offset: offset))
    }

    /// Items with their kind or type before them.
    ///
    /// - Parameter canOmitKind: whether indices of functions may stand without `func` before them.
    private mutating func takeElementList(canOmitKind: Bool) throws(TextError) -> Items {
        if cursor.takeIf(.func) { return try takeFunctionIndices() }
        if isValueType {
            var items = Items(type: try takeReferenceType())
            try takeElementExpressions(to: &items)
            return items
        }
        guard canOmitKind else { throw cursor.unexpected("func or a reference type") }
        return try takeFunctionIndices()
    }

    private mutating func takeFunctionIndices() throws(TextError) -> Items {
        var items = Items()
        while cursor.isIndex {
            items.writer.writeVarUInt32(try takeIndex(functions))
            items.count += 1
        }
        return items
    }

    private mutating func takeElementExpressions(to items: inout Items) throws(TextError) {
        while cursor.current.kind == .leftParenthesis {
            if cursor.takeGroupIf(.item) {
                items.writer.write(try takeExpression())
                try cursor.takeRightParenthesis()
            } else {
                items.writer.write(try takeFoldedExpression())
            }
            items.count += 1
        }
    }

    /// Takes the elements that a table is defined by, and gives their number.
    mutating func parseInlineElements(
        _ type: ValueType, table: UInt32, addressType: AddressType
    ) throws(TextError) -> UInt32 {
        var items = Items()
        if cursor.current.kind == .leftParenthesis {
            items.type = type
            try takeElementExpressions(to: &items)
        } else if type == .funcref {
            items = try takeFunctionIndices()
        } else {
            // Function indices are of type `(ref func)`, which this type may know nothing of.
            items.type = type
            while cursor.isIndex {
                items.writer.write(Opcode.refFunc)
                items.writer.writeVarUInt32(try takeIndex(functions))
                items.writer.write(Opcode.end)
                items.count += 1
            }
        }
        appendElements(items, .active(table: table, offset: Self.zero(addressType)))
        return items.count
    }

    private mutating func appendElements(_ items: Items, _ mode: Mode) {
        encoder.elements.append { writer in
            let expressions: UInt8 = items.type == nil ? 0 : 4
            switch mode {
            case .passive: writer.write(expressions | 1)
            case .declarative: writer.write(expressions | 3)
            case .active(let table, let offset):
                if table == 0, items.type == nil || items.type == .funcref {
                    writer.write(expressions)
                    writer.write(offset)
                    writer.writeVarUInt32(items.count)
                    writer.write(items.writer)
                    return
                }
                writer.write(expressions | 2)
                writer.writeVarUInt32(table)
                writer.write(offset)
            }
            if let type = items.type { writer.write(type) } else { writer.write(0x00) }
            writer.writeVarUInt32(items.count)
            writer.write(items.writer)
        }
    }

    // MARK: - Data segments

    mutating func parseDataSegment() throws(TextError) {
        _ = cursor.takeIdentifierIf()
        var memory: UInt32 = 0
        var isActive = false
        if cursor.takeGroupIf(.memory) {
            memory = try takeIndex(memories)
            try cursor.takeRightParenthesis()
            isActive = true
        } else if cursor.isIndex {
            memory = try takeIndex(memories)
            isActive = true
        }
        if isActive || cursor.current.kind == .leftParenthesis {
            let offset = try takeOffset()
            appendData(cursor.takeStrings(), memory: memory, offset: offset)
        } else {
            let bytes = cursor.takeStrings()
            encoder.data.append { writer in
                writer.write(1)
                writer.writeVector(bytes)
            }
        }
    }

    mutating func appendData(_ bytes: [UInt8], memory: UInt32, offset: ByteWriter) {
        encoder.data.append { writer in
            if memory == 0 {
                writer.write(0)
            } else {
                writer.write(2)
                writer.writeVarUInt32(memory)
            }
            writer.write(offset)
            writer.writeVector(bytes)
        }
    }

    // MARK: - Expressions

    private mutating func takeOffset() throws(TextError) -> ByteWriter {
        guard cursor.takeGroupIf(.offset) else { return try takeFoldedExpression() }
        let expression = try takeExpression()
        try cursor.takeRightParenthesis()
        return expression
    }

    /// An expression up to the parenthesis that closes what it stands in, with its `end`.
    mutating func takeExpression() throws(TextError) -> ByteWriter {
        body.removeAll()
        blockCount = 0
        try parseInstructions()
        body.write(Opcode.end)
        return body
    }

    /// One folded instruction, as an expression with its `end`.
    private mutating func takeFoldedExpression() throws(TextError) -> ByteWriter {
        body.removeAll()
        blockCount = 0
        try parseInstructions(onlyOneFolded: true)
        body.write(Opcode.end)
        return body
    }
}
