// The loop over a body's instructions (core specification, section 3.4). Instructions whose types stand in their row of
// the instruction table need no code of their own.

import InternalUtilities
import WasmBinary
import WasmTypes

extension BodyValidator {
    /// Validates instructions until the function's `end`, which must be the body's last byte.
    mutating func validateInstructions(_ reader: inout ByteReader) throws(BinaryError) {
        repeat {
            offset = reader.position
            let entry = try reader.readInstruction()
            opcode = entry.opcode
            guard featureBits &>> UInt64(entry.featureBit) & 1 != 0 else { throw missingFeature(entry) }
            switch entry.opcode {
            case .localGet:
                let local = try reader.readVarUInt32()
                guard let word = locals[local] else { throw unknown("local", local) }
                if initializedLocals.isNeeded { try checkInitialized(local, word) }
                push(word)
            case .localSet:
                let local = try reader.readVarUInt32()
                guard let word = locals[local] else { throw unknown("local", local) }
                try pop(word)
                if initializedLocals.isNeeded { initializedLocals.insert(local) }
            case .localTee:
                let local = try reader.readVarUInt32()
                guard let word = locals[local] else { throw unknown("local", local) }
                try pop(word)
                push(word)
                if initializedLocals.isNeeded { initializedLocals.insert(local) }
            case .i32Const:
                _ = try reader.readVarInt32()
                push(.i32)
            case .i64Const:
                _ = try reader.readVarInt64()
                push(.i64)
            case .end:
                let frame = try popFrame()
                if frame.opcode == .if { try checkIfWithoutElse(frame) }
                push(frame.results)
            case .block, .loop:
                let type = try readBlockType(&reader)
                try pop(type.parameters)
                pushFrame(entry.opcode, parameters: type.parameters, results: type.results)
                if frames.count > DecodingLimits.blockDepth { throw tooDeep() }
            case .br:
                try pop(try labelTypes(try reader.readVarUInt32()))
                setUnreachable()
            case .brIf:
                let label = try labelTypes(try reader.readVarUInt32())
                try pop(.i32)
                try pop(label)
                push(label)
            case .call:
                let type = try functionType(try reader.readVarUInt32())
                try pop(type.parameters)
                push(type.results)
                if operands.count > DecodingLimits.operandStackDepth { throw tooManyOperands() }
            case .drop: _ = try popAny()
            case .select: try validateSelect()
            case .globalGet:
                let index = try reader.readVarUInt32()
                guard let global = context.globals.at(index) else { throw unknown("global", index) }
                push(global.word)
            case .globalSet:
                let index = try reader.readVarUInt32()
                guard let global = context.globals.at(index) else { throw unknown("global", index) }
                guard global.isMutable else { throw invalid("immutable global \(index)") }
                try pop(global.word)
            default:
                if entry.hasSignature {
                    try validateByRow(entry, &reader)
                } else {
                    try validateRareInstruction(&reader)
                }
            }
        } while frames.count > 0
        guard reader.isAtEnd else {
            throw reader.malformed("section size mismatch: bytes after the end of a function's body", at: reader.position)
        }
    }

    // MARK: - Instructions of the table

    /// Validates an instruction whose operands and results stand in its row.
    @inline(__always)
    private mutating func validateByRow(_ entry: InstructionEntry, _ reader: inout ByteReader) throws(BinaryError) {
        var address = ValueType.i32.word
        switch entry.immediates {
        case .none: break
        case .memoryArgument: address = try readMemoryArgument(&reader, entry)
        default: address = try readOtherImmediates(&reader, entry)
        }
        var bits = entry.signature.bits
        while bits & 0xF != 0 {
            // The codes of i32 to v128 count down from 0x7F as the operands' numbers count up from 1.
            let operand = bits & 0xF
            try pop(operand == 6 ? address : 0x80 &- operand)
            bits = bits & 0xFFFF_0000 | (bits & 0xFFFF) &>> 4
        }
        bits &>>= 16
        while bits != 0 {
            push(0x80 &- (bits & 0xF))
            bits &>>= 4
        }
    }

    /// Reads and checks the immediate of a load or store, and gives the type of its address.
    @inline(__always)
    private mutating func readMemoryArgument(_ reader: inout ByteReader, _ entry: InstructionEntry) throws(BinaryError) -> UInt32 {
        let argument = try reader.readMemoryArgument()
        guard argument.alignment <= UInt32(entry.alignment) else {
            throw invalid(
                "alignment must not be larger than natural: 2^\(argument.alignment) in \(opcode), whose natural alignment is 2^\(entry.alignment)"
            )
        }
        guard let address = context.memories.at(argument.memory.rawValue) else {
            throw unknown("memory", argument.memory.rawValue)
        }
        if argument.offset > UInt64(UInt32.max), address == ValueType.i32.word {
            throw invalid("offset out of range: \(argument.offset) in \(opcode)")
        }
        if opcode.rawValue >= 0x500, argument.alignment != UInt32(entry.alignment) {
            throw invalid("atomic alignment must be natural: 2^\(argument.alignment) in \(opcode)")
        }
        return address
    }

    @inline(never)
    private mutating func readOtherImmediates(_ reader: inout ByteReader, _ entry: InstructionEntry) throws(BinaryError) -> UInt32 {
        switch entry.immediates {
        case .f32: try reader.skip(4)
        case .f64: try reader.skip(8)
        case .i32: _ = try reader.readVarInt32()
        case .i64: _ = try reader.readVarInt64()
        case .v128: try reader.skip(16)
        case .lane: try checkLane(try reader.readByte(), entry.lanes)
        case .shuffle:
            for _ in 0..<16 { try checkLane(try reader.readByte(), 32) }
        case .memoryArgumentAndLane:
            let address = try readMemoryArgument(&reader, entry)
            try checkLane(try reader.readByte(), entry.lanes)
            return address
        case .zeroByte:
            guard try reader.readByte() == 0 else { throw reader.malformed("zero byte expected", at: offset) }
        default: try reader.skipImmediates(of: entry.opcode)
        }
        return ValueType.i32.word
    }

    private func checkLane(_ lane: UInt8, _ count: UInt8) throws(BinaryError) {
        guard lane < count else { throw invalid("invalid lane index \(lane) in \(opcode)") }
    }

    // MARK: - Others that are frequent

    private mutating func validateSelect() throws(BinaryError) {
        try pop(.i32)
        let second = try popAny()
        let first = try popAny()
        guard first & 0xFF != 1 || first == BottomType.value, second & 0xFF != 1 || second == BottomType.value else {
            throw mismatch(expected: "a number or vector", found: describe(first & 0xFF == 1 ? first : second))
        }
        guard first == second || first == BottomType.value || second == BottomType.value else {
            throw mismatch(expected: describe(first), found: describe(second))
        }
        push(first == BottomType.value ? second : first)
    }

    @inline(__always)
    mutating func functionType(_ index: UInt32) throws(BinaryError) -> FlatFunctionType {
        guard let type = context.functions.at(index) else { throw unknown("function", index) }
        return try functionType(ofType: type)
    }

    @inline(__always)
    mutating func functionType(ofType index: UInt32) throws(BinaryError) -> FlatFunctionType {
        guard let type = types.types.at(index) else { throw unknown("type", index) }
        guard type.isFunction else { throw invalid("non-function type \(index)") }
        return type
    }

    @inline(never)
    private func checkInitialized(_ local: UInt32, _ word: UInt32) throws(BinaryError) {
        if ValueType(word: word).isDefaultable || initializedLocals.contains(local) { return }
        throw invalid("uninitialized local \(local)")
    }
}
