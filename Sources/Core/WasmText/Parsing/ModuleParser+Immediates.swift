// The immediates of plain instructions, by their kind in the table of instructions (core specification, section 6.5).

import WasmBinary
import WasmTypes

extension ModuleParser {
    /// Parses the immediates of an instruction that is no block, and writes it to the body.
    mutating func parsePlain(_ mnemonic: Mnemonic, _ token: Token) throws(TextError) {
        let opcode = mnemonic.opcode
        switch mnemonic.immediates {
        case .none:
            if opcode == .select { return try parseSelect() }
            body.write(opcode)
        case .label:
            body.write(opcode)
            body.writeVarUInt32(try takeLabel())
        case .labelTable:
            body.write(opcode)
            try parseLabelTable()
        case .function: try parseIndex(opcode, functions)
        case .type: try parseIndex(opcode, types)
        case .tag: try parseIndex(opcode, tags)
        case .local: try parseIndex(opcode, locals)
        case .global: try parseIndex(opcode, globals)
        case .element: try parseIndex(opcode, elements)
        case .data:
            encoder.needsDataCount = true
            try parseIndex(opcode, data)
        case .table:
            body.write(opcode)
            body.writeVarUInt32(try takeIndexIf(tables))
        case .memory:
            body.write(opcode)
            body.writeVarUInt32(try takeIndexIf(memories))
        case .typeAndTable:
            let table = try takeIndexIf(tables)
            let type = try resolve(try takeTypeUse(.refused))
            write(opcode, type, table)
        case .tableAndTable: try parsePair(opcode, tables)
        case .memoryAndMemory: try parsePair(opcode, memories)
        case .elementAndTable: try parseSegment(opcode, elements, tables)
        case .dataAndMemory:
            encoder.needsDataCount = true
            try parseSegment(opcode, data, memories)
        case .typeAndType:
            let first = try takeIndex(types)
            write(opcode, first, try takeIndex(types))
        case .typeAndElement:
            let type = try takeIndex(types)
            write(opcode, type, try takeIndex(elements))
        case .typeAndData:
            encoder.needsDataCount = true
            let type = try takeIndex(types)
            write(opcode, type, try takeIndex(data))
        case .typeAndCount:
            let type = try takeIndex(types)
            write(opcode, type, try cursor.takeNatural32())
        case .typeAndField:
            let type = try takeIndex(types)
            write(opcode, type, try takeField(of: type))
        case .memoryArgument:
            body.write(opcode)
            body.write(try takeMemoryArgument(mnemonic, memory: try takeIndexIf(memories)))
        case .memoryArgumentAndLane:
            // A number alone is the lane.
            let hasMemory = cursor.isIndex && !isEndOfLane(cursor.peek(1))
            body.write(opcode)
            body.write(try takeMemoryArgument(mnemonic, memory: hasMemory ? try takeIndex(memories) : 0))
            body.write(try takeLane())
        case .lane:
            body.write(opcode)
            body.write(try takeLane())
        case .i32, .i64, .f32, .f64, .v128, .shuffle:
            body.write(opcode)
            try parseConstant(mnemonic.immediates, token)
        case .heapType: try parseHeapTypeOperand(opcode)
        case .branchCast: try parseBranchCast(opcode)
        case .zeroByte:
            body.write(opcode)
            body.write(0)
        case .valueTypes, .blockType, .tryTable:
            // Blocks, and the second form of `select`, never come here.
            throw cursor.text.unexpected(token)
        }
    }

    private mutating func write(_ opcode: Opcode, _ first: UInt32, _ second: UInt32) {
        body.write(opcode)
        body.writeVarUInt32(first)
        body.writeVarUInt32(second)
    }

    private mutating func parseIndex(_ opcode: Opcode, _ space: IndexSpace) throws(TextError) {
        body.write(opcode)
        body.writeVarUInt32(try takeIndex(space))
    }

    /// Two indices of one kind, or none.
    private mutating func parsePair(_ opcode: Opcode, _ space: IndexSpace) throws(TextError) {
        guard cursor.isIndex else { return write(opcode, 0, 0) }
        let first = try takeIndex(space)
        write(opcode, first, try takeIndex(space))
    }

    /// A segment, with a table or memory before it if there are two indices. The binary has them the other way round.
    private mutating func parseSegment(
        _ opcode: Opcode, _ segments: IndexSpace, _ space: IndexSpace
    ) throws(TextError) {
        let isPair = cursor.peek(1).kind == .natural || cursor.peek(1).kind == .identifier
        let target = isPair ? try takeIndex(space) : 0
        write(opcode, try takeIndex(segments), target)
    }

    private mutating func takeField(of type: UInt32) throws(TextError) -> UInt32 {
        let token = cursor.current
        guard let symbol = cursor.takeIdentifierIf() else { return try cursor.takeNatural32() }
        guard let index = fieldIndices[Self.fieldKey(type: type, symbol: symbol)] else {
            throw cursor.error("unknown field \(cursor.spelling(symbol))", at: token)
        }
        return index
    }

    // MARK: - Control

    mutating func takeLabel() throws(TextError) -> UInt32 {
        let token = cursor.current
        guard let symbol = cursor.takeIdentifierIf() else { return try cursor.takeNatural32() }
        guard let index = labels.index(of: symbol) else {
            throw cursor.error("unknown label \(cursor.spelling(symbol))", at: token)
        }
        return index
    }

    private mutating func parseLabelTable() throws(TextError) {
        var count: UInt32 = 0
        var table = ByteWriter()
        var last = try takeLabel()
        while cursor.isIndex {
            table.writeVarUInt32(last)
            count += 1
            last = try takeLabel()
        }
        body.writeVarUInt32(count)
        body.write(table)
        body.writeVarUInt32(last)
    }

    mutating func takeBlockType() throws(TextError) -> BlockType {
        guard cursor.current.kind == .leftParenthesis else { return .empty }
        let use = try takeTypeUse(.refused)
        if use.index == nil, use.type.parameters.isEmpty, use.type.results.count < 2 {
            return use.type.results.first.map { .value($0) } ?? .empty
        }
        return .type(TypeIndex(try resolve(use)))
    }

    /// The clauses of a `try_table`, whose own label they do not see.
    mutating func parseCatchClauses() throws(TextError) {
        var count: UInt32 = 0
        var clauses = ByteWriter()
        while cursor.current.kind == .leftParenthesis {
            let clause: CatchClause
            switch cursor.keyword(at: 1) {
            case .catch, .catchReference:
                let isReference = cursor.keyword(at: 1) == .catchReference
                cursor.position += 2
                let tag = TagIndex(try takeIndex(tags))
                let label = LabelIndex(try takeLabel())
                clause = isReference ? .tagReference(tag, label) : .tag(tag, label)
            case .catchAll:
                cursor.position += 2
                clause = .all(LabelIndex(try takeLabel()))
            case .catchAllReference:
                cursor.position += 2
                clause = .allReference(LabelIndex(try takeLabel()))
            default:
                body.writeVarUInt32(count)
                body.write(clauses)
                return
            }
            try cursor.takeRightParenthesis()
            clauses.write(clause)
            count += 1
        }
        body.writeVarUInt32(count)
        body.write(clauses)
    }

    private mutating func parseSelect() throws(TextError) {
        guard cursor.isGroup(.result) else { return body.write(Opcode.select) }
        var results: [ValueType] = []
        while cursor.takeGroupIf(.result) {
            try takeValueTypes(to: &results)
            try cursor.takeRightParenthesis()
        }
        body.write(Opcode.selectTyped)
        body.write(results)
    }

    // MARK: - Memory

    /// Whether a token cannot follow a memory index of an instruction that has a lane, so that what is before it is a lane.
    private func isEndOfLane(_ token: Token) -> Bool {
        switch token.kind {
        case .natural: false
        case .keyword: !isMemoryImmediate(token, "offset=") && !isMemoryImmediate(token, "align=")
        default: true
        }
    }

    private func isMemoryImmediate(_ token: Token, _ prefix: String) -> Bool {
        token.kind == .keyword && token.payload == 0 && cursor.text.characters(of: token).starts(with: prefix.utf8)
    }

    /// The number in `offset=N` or `align=N`, if it stands there.
    private mutating func takeMemoryImmediate(_ prefix: String) throws(TextError) -> UInt64? {
        let token = cursor.current
        guard isMemoryImmediate(token, prefix) else { return nil }
        let number = cursor.text.characters(of: token).dropFirst(prefix.utf8.count)
        guard NumberLiteral.kind(of: number) == .natural else { throw cursor.unexpected() }
        guard let value = NumberLiteral.natural(number) else { throw cursor.error("i64 constant out of range", at: token) }
        cursor.position += 1
        return value
    }

    private mutating func takeMemoryArgument(_ mnemonic: Mnemonic, memory: UInt32) throws(TextError) -> MemoryArgument {
        let offset = try takeMemoryImmediate("offset=") ?? 0
        let token = cursor.current
        var alignment = UInt32(mnemonic.alignment)
        if let bytes = try takeMemoryImmediate("align=") {
            guard bytes.nonzeroBitCount == 1 else { throw cursor.error("alignment must be a power of two", at: token) }
            alignment = UInt32(truncatingIfNeeded: bytes.trailingZeroBitCount)
        }
        return MemoryArgument(alignment: alignment, memory: MemoryIndex(memory), offset: offset)
    }

    // MARK: - Constants and lanes

    private mutating func takeLane() throws(TextError) -> UInt8 {
        try number(ofLane: try cursor.take(.natural, "a lane index"))
    }

    private func number(ofLane token: Token) throws(TextError) -> UInt8 {
        guard token.kind == .natural, let lane = cursor.natural(token), lane < 0x100 else {
            throw cursor.error("i8 constant out of range: a lane index", at: token)
        }
        return UInt8(lane)
    }

    private mutating func parseConstant(_ immediates: Immediates, _ token: Token) throws(TextError) {
        switch immediates {
        case .i32: body.writeVarInt64(Int64(Int32(truncatingIfNeeded: try cursor.takeInteger(width: 32))))
        case .i64: body.writeVarInt64(Int64(bitPattern: try cursor.takeInteger(width: 64)))
        case .f32: body.writeFixed32(UInt32(truncatingIfNeeded: try cursor.takeFloat(.f32)))
        case .f64: body.writeFixed64(try cursor.takeFloat(.f64))
        case .v128:
            let (low, high) = try cursor.takeVector()
            body.writeFixed64(low)
            body.writeFixed64(high)
        default:
            // A shuffle's lanes.
            var lanes: [Token] = []
            while cursor.isNumber { lanes.append(cursor.take()) }
            try cursor.refuseReserved()
            guard lanes.count == 16 else { throw cursor.error("invalid lane length: \(lanes.count), expected 16", at: token) }
            for lane in lanes { body.write(try number(ofLane: lane)) }
        }
    }

    // MARK: - References

    private mutating func parseHeapTypeOperand(_ opcode: Opcode) throws(TextError) {
        if opcode == .refNull {
            body.write(opcode)
            body.write(try takeHeapType())
            return
        }
        // `ref.test` and `ref.cast`: the reference type chooses the opcode.
        let type = try takeReferenceType()
        guard let heapType = type.heapType else { return }
        switch opcode {
        case .refTest, .refTestNull: body.write(type.isNullable ? Opcode.refTestNull : .refTest)
        default: body.write(type.isNullable ? Opcode.refCastNull : .refCast)
        }
        body.write(heapType)
    }

    private mutating func parseBranchCast(_ opcode: Opcode) throws(TextError) {
        let label = try takeLabel()
        let source = try takeReferenceType()
        let target = try takeReferenceType()
        guard let from = source.heapType, let to = target.heapType else { return }
        body.write(opcode)
        body.write((source.isNullable ? 1 : 0) | (target.isNullable ? 2 : 0))
        body.writeVarUInt32(label)
        body.write(from)
        body.write(to)
    }
}
