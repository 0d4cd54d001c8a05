// Reads opcodes and steps over what follows them (core specification, section 5.4).

package import WasmTypes

/// One clause of a `try_table`: which exceptions go to which label.
package enum CatchClause: Hashable, Sendable {
    case tag(TagIndex, LabelIndex)
    /// The label receives the exception itself after the tag's values.
    case tagReference(TagIndex, LabelIndex)
    case all(LabelIndex)
    /// The label receives the exception itself.
    case allReference(LabelIndex)
}

extension ByteReader {
    /// The next instruction's opcode. Whether its feature is switched on is the validator's question.
    @inlinable @inline(__always)
    package mutating func readOpcode() throws(BinaryError) -> Opcode {
        try readInstruction().opcode
    }

    /// The next instruction's entry in the table.
    @inlinable @inline(__always)
    package mutating func readInstruction() throws(BinaryError) -> InstructionEntry {
        let byte = try readByte()
        let entry = table[UInt16(byte)]
        if entry.isDefined { return entry }
        return try readPrefixedInstruction(byte)
    }

    /// What follows a byte that is no instruction: the number behind a prefix, or nothing that the format knows.
    @usableFromInline @inline(never)
    mutating func readPrefixedInstruction(_ prefix: UInt8) throws(BinaryError) -> InstructionEntry {
        let start = position - 1
        let base: UInt16
        switch prefix {
        case 0xFB: base = 0x100
        case 0xFC: base = 0x200
        case 0xFD: base = 0x300
        case 0xFE: base = 0x500
        default: throw BinaryError(.malformed, "illegal opcode \(hexadecimal(UInt32(prefix)))", at: start)
        }
        let number = try readVarUInt32()
        // Numbers of one prefix do not reach into the next one's range.
        if number < (prefix == 0xFD ? 0x200 : 0x100) {
            let entry = table[base + UInt16(number)]
            if entry.isDefined { return entry }
        }
        throw BinaryError(
            .malformed, "illegal opcode \(hexadecimal(UInt32(prefix))) \(hexadecimal(number))", at: start)
    }

    /// Steps over the immediates of an instruction whose opcode was just read.
    package mutating func skipImmediates(of opcode: Opcode) throws(BinaryError) {
        switch table[opcode.rawValue].immediates {
        case .none: break
        case .blockType: _ = try readBlockType()
        case .label, .function, .type, .tag, .local, .global, .table, .element, .memory, .data:
            _ = try readVarUInt32()
        case .typeAndTable, .tableAndTable, .elementAndTable, .memoryAndMemory, .dataAndMemory, .typeAndField,
            .typeAndCount, .typeAndData, .typeAndElement, .typeAndType:
            _ = try readVarUInt32()
            _ = try readVarUInt32()
        case .labelTable:
            let count = try readCount(limit: DecodingLimits.branchTableSize, of: "branch table labels")
            for _ in 0...count { _ = try readVarUInt32() }
        case .valueTypes:
            let count = try readCount(limit: DecodingLimits.functionResults, of: "result types")
            for _ in 0..<count { _ = try readValueType() }
        case .tryTable:
            _ = try readBlockType()
            let count = try readCount(limit: DecodingLimits.catchClauses, of: "catch clauses")
            for _ in 0..<count { _ = try readCatchClause() }
        case .memoryArgument: _ = try readMemoryArgument()
        case .memoryArgumentAndLane:
            _ = try readMemoryArgument()
            try skip(1)
        case .i32: _ = try readVarInt32()
        case .i64: _ = try readVarInt64()
        case .f32: try skip(4)
        case .f64: try skip(8)
        case .v128, .shuffle: try skip(16)
        case .lane, .zeroByte: try skip(1)
        case .heapType: _ = try readHeapType()
        case .branchCast:
            try skip(1)
            _ = try readVarUInt32()
            _ = try readHeapType()
            _ = try readHeapType()
        }
    }

    /// One clause of a `try_table`.
    package mutating func readCatchClause() throws(BinaryError) -> CatchClause {
        let start = position
        switch try readByte() {
        case 0: return .tag(TagIndex(try readVarUInt32()), LabelIndex(try readVarUInt32()))
        case 1: return .tagReference(TagIndex(try readVarUInt32()), LabelIndex(try readVarUInt32()))
        case 2: return .all(LabelIndex(try readVarUInt32()))
        case 3: return .allReference(LabelIndex(try readVarUInt32()))
        default: throw malformed("malformed catch clause", at: start)
        }
    }

    private func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return digits.utf8.count < 2 ? "0" + digits : digits
    }
}
