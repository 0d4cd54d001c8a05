// One instruction as text: its mnemonic and its immediates, by their kind in the table of instructions (core
// specification, section 6.5).

import WasmBinary
import WasmTypes

extension ModulePrinter {
    /// What stands behind a block's opcode and label.
    mutating func printBlockImmediates(_ opcode: Opcode, _ reader: inout ByteReader) throws(BinaryError) {
        switch try reader.readBlockType() {
        case .empty: break
        case .value(let type): output.write(" (result \(text(type)))")
        case .type(let index): write(typeUse: index)
        }
        guard opcode == .tryTable else { return }
        let count = try reader.readCount(limit: DecodingLimits.catchClauses, of: "catch clauses")
        for _ in 0..<count {
            try checkLimit()
            switch try reader.readCatchClause() {
            case .tag(let tag, let label): output.write(" (catch \(tags.reference(tag.rawValue)) \(reference(label)))")
            case .tagReference(let tag, let label):
                output.write(" (catch_ref \(tags.reference(tag.rawValue)) \(reference(label)))")
            case .all(let label): output.write(" (catch_all \(reference(label)))")
            case .allReference(let label): output.write(" (catch_all_ref \(reference(label)))")
            }
        }
    }

    private func reference(_ label: LabelIndex) -> String {
        labels.identifier(label.rawValue) ?? String(label.rawValue)
    }

    /// Prints an instruction whose opcode is already read, and which opens no block.
    mutating func printInstruction(_ opcode: Opcode, _ reader: inout ByteReader) throws(BinaryError) {
        output.write(opcode.mnemonic)
        guard let row = Instruction.row(of: opcode) else { return }
        switch row.immediates {
        case .none: break
        case .blockType, .tryTable: try printBlockImmediates(opcode, &reader)
        case .label: output.writeWord(reference(LabelIndex(try reader.readVarUInt32())))
        case .labelTable:
            let count = try reader.readCount(limit: DecodingLimits.branchTableSize, of: "branch table labels")
            for _ in 0...count {
                output.writeWord(reference(LabelIndex(try reader.readVarUInt32())))
                try checkLimit()
            }
        case .function: output.writeWord(functions.reference(try reader.readVarUInt32()))
        case .type: output.writeWord(types.reference(try reader.readVarUInt32()))
        case .tag: output.writeWord(tags.reference(try reader.readVarUInt32()))
        case .local: output.writeWord(locals.reference(try reader.readVarUInt32()))
        case .global: output.writeWord(globals.reference(try reader.readVarUInt32()))
        case .element: output.writeWord(elements.reference(try reader.readVarUInt32()))
        case .data: output.writeWord(data.reference(try reader.readVarUInt32()))
        case .table: writeUnlessZero(try reader.readVarUInt32(), tables)
        case .memory: writeUnlessZero(try reader.readVarUInt32(), memories)
        case .typeAndTable:
            let type = TypeIndex(try reader.readVarUInt32())
            writeUnlessZero(try reader.readVarUInt32(), tables)
            write(typeUse: type)
        case .tableAndTable: try printPair(tables, &reader)
        case .memoryAndMemory: try printPair(memories, &reader)
        case .elementAndTable:
            let segment = try reader.readVarUInt32()
            writeUnlessZero(try reader.readVarUInt32(), tables)
            output.writeWord(elements.reference(segment))
        case .dataAndMemory:
            let segment = try reader.readVarUInt32()
            writeUnlessZero(try reader.readVarUInt32(), memories)
            output.writeWord(data.reference(segment))
        case .typeAndType:
            output.writeWord(types.reference(try reader.readVarUInt32()))
            output.writeWord(types.reference(try reader.readVarUInt32()))
        case .typeAndElement:
            output.writeWord(types.reference(try reader.readVarUInt32()))
            output.writeWord(elements.reference(try reader.readVarUInt32()))
        case .typeAndData:
            output.writeWord(types.reference(try reader.readVarUInt32()))
            output.writeWord(data.reference(try reader.readVarUInt32()))
        case .typeAndCount, .typeAndField:
            output.writeWord(types.reference(try reader.readVarUInt32()))
            output.write(" \(try reader.readVarUInt32())")
        case .memoryArgument: try printMemoryArgument(row, &reader)
        case .memoryArgumentAndLane:
            try printMemoryArgument(row, &reader)
            output.write(" \(try reader.readByte())")
        case .lane: output.write(" \(try reader.readByte())")
        case .i32: output.write(" \(try reader.readVarInt32())")
        case .i64: output.write(" \(try reader.readVarInt64())")
        case .f32: output.writeWord(Self.text(Float(bitPattern: try reader.readFixed32())))
        case .f64: output.writeWord(Self.text(Double(bitPattern: try reader.readFixed64())))
        case .v128:
            output.write(" i32x4")
            for _ in 0..<4 {
                let digits = String(try reader.readFixed32(), radix: 16)
                output.write(" 0x" + String(repeating: "0", count: 8 - digits.utf8.count) + digits)
            }
        case .shuffle:
            for _ in 0..<16 { output.write(" \(try reader.readByte())") }
        case .zeroByte: _ = try reader.readByte()
        case .valueTypes:
            let count = try reader.readCount(limit: DecodingLimits.functionResults, of: "result types")
            output.write(" (result")
            for _ in 0..<count { output.writeWord(text(try reader.readValueType())) }
            output.write(")")
        case .heapType: printHeapType(opcode, try reader.readHeapType())
        case .branchCast:
            let flags = try reader.readByte()
            output.writeWord(reference(LabelIndex(try reader.readVarUInt32())))
            output.writeWord(text(.reference(try reader.readHeapType(), nullable: flags & 1 != 0)))
            output.writeWord(text(.reference(try reader.readHeapType(), nullable: flags & 2 != 0)))
        }
    }

    private mutating func printHeapType(_ opcode: Opcode, _ heapType: HeapType) {
        switch opcode {
        case .refTest, .refCast: output.writeWord(text(.reference(heapType, nullable: false)))
        case .refTestNull, .refCastNull: output.writeWord(text(.reference(heapType, nullable: true)))
        default: output.writeWord(text(heapType))
        }
    }

    private mutating func writeUnlessZero(_ index: UInt32, _ identifiers: IdentifierTable) {
        if index != 0 { output.writeWord(identifiers.reference(index)) }
    }

    private mutating func printPair(_ identifiers: IdentifierTable, _ reader: inout ByteReader) throws(BinaryError) {
        let first = try reader.readVarUInt32()
        let second = try reader.readVarUInt32()
        guard first != 0 || second != 0 else { return }
        output.writeWord(identifiers.reference(first))
        output.writeWord(identifiers.reference(second))
    }

    private mutating func printMemoryArgument(_ row: Instruction, _ reader: inout ByteReader) throws(BinaryError) {
        let argument = try reader.readMemoryArgument()
        writeUnlessZero(argument.memory.rawValue, memories)
        if argument.offset != 0 { output.write(" offset=\(argument.offset)") }
        if argument.alignment != UInt32(row.alignment) {
            output.write(" align=\(UInt64(1) << UInt64(argument.alignment & 63))")
        }
    }

    // MARK: - Numbers

    /// The shortest decimal that reads back as the same value; a NaN with its payload.
    private static func text(_ value: Float) -> String {
        if value.isNaN { return special(value.sign, payload: UInt64(value.bitPattern & 0x7F_FFFF), canonical: 0x40_0000) }
        return value.isInfinite ? (value < 0 ? "-inf" : "inf") : trimmed(value.description)
    }

    private static func text(_ value: Double) -> String {
        if value.isNaN {
            return special(value.sign, payload: value.bitPattern & 0xF_FFFF_FFFF_FFFF, canonical: 0x8_0000_0000_0000)
        }
        return value.isInfinite ? (value < 0 ? "-inf" : "inf") : trimmed(value.description)
    }

    private static func special(_ sign: FloatingPointSign, payload: UInt64, canonical: UInt64) -> String {
        (sign == .minus ? "-nan" : "nan") + (payload == canonical ? "" : ":0x" + String(payload, radix: 16))
    }

    /// Without the ".0" of an integer.
    private static func trimmed(_ text: String) -> String {
        text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
