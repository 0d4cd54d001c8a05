// Loads, stores, and the bulk instructions of memories and tables.

import CApus
import WasmBinary
import WasmTypes

extension FunctionTranslator {
    /// Translates a memory or table instruction; returns false for any other.
    mutating func translateMemory(_ opcode: Opcode, _ reader: inout ByteReader) throws -> Bool {
        switch opcode.rawValue {
        case Opcode.i32Load.rawValue...Opcode.i64Load32U.rawValue:
            let argument = try reader.readMemoryArgument()
            let address = read(try stack.pop())
            try access(opcode, argument, CodeBuffer.pack(stack.pushHome(), address, immediate: offset(argument)), isLoad: true)
            return true
        case Opcode.i32Store.rawValue...Opcode.i64Store32.rawValue:
            let argument = try reader.readMemoryArgument()
            let value = read(try stack.pop())
            let address = read(try stack.pop())
            try access(opcode, argument, CodeBuffer.pack(address, value, immediate: offset(argument)), isLoad: false)
            return true
        default: break
        }
        switch opcode {
        case .memorySize:
            let memory = try reader.readVarUInt32()
            guard binary.memories.indices.contains(Int(memory)) else { throw TranslationDefect() }
            let shift = UInt64(binary.memories[Int(memory)].pageSizeLog2)
            code.emitDefinition(APUS_memory_size, UInt64(stack.pushHome()), UInt64(memory) | shift << 32)
        case .memoryGrow:
            let memory = try reader.readVarUInt32()
            let first = try popSettled(1)
            code.emit(APUS_memory_grow, CodeBuffer.pack(first, 0, immediate: memory), 0)
            stack.pushHome()
        case .memoryFill: try bulk(APUS_memory_fill, UInt64(reader.readVarUInt32()))
        case .memoryCopy:
            let to = UInt64(try reader.readVarUInt32())
            try bulk(APUS_memory_copy, to | UInt64(reader.readVarUInt32()) << 32)
        case .memoryInit:
            let segment = try reader.readVarUInt32()
            try serve(APUS_SERVICE_MEMORY_INIT, operands: 3, results: 0, segment, reader.readVarUInt32())
        case .dataDrop: try serve(APUS_SERVICE_DATA_DROP, operands: 0, results: 0, reader.readVarUInt32())
        case .tableGet:
            let table = try reader.readVarUInt32()
            let index = read(try stack.pop())
            code.emitDefinition(APUS_table_get, CodeBuffer.pack(stack.pushHome(), index, immediate: table))
        case .tableSet:
            let table = try reader.readVarUInt32()
            let value = read(try stack.pop())
            let index = read(try stack.pop())
            code.emit(APUS_table_set, CodeBuffer.pack(index, value, immediate: table))
        case .tableSize:
            code.emitDefinition(APUS_table_size, CodeBuffer.pack(stack.pushHome(), 0, immediate: try reader.readVarUInt32()))
        case .tableFill: try bulk(APUS_table_fill, UInt64(reader.readVarUInt32()))
        case .tableCopy:
            let to = UInt64(try reader.readVarUInt32())
            try bulk(APUS_table_copy, to | UInt64(reader.readVarUInt32()) << 32)
        case .tableGrow: try serve(APUS_SERVICE_TABLE_GROW, operands: 2, results: 1, reader.readVarUInt32())
        case .tableInit:
            let segment = try reader.readVarUInt32()
            try serve(APUS_SERVICE_TABLE_INIT, operands: 3, results: 0, segment, reader.readVarUInt32())
        case .elemDrop: try serve(APUS_SERVICE_ELEMENT_DROP, operands: 0, results: 0, reader.readVarUInt32())
        default: return false
        }
        return true
    }

    private func offset(_ argument: MemoryArgument) -> UInt32 {
        UInt32(truncatingIfNeeded: argument.offset)
    }

    private mutating func access(_ opcode: Opcode, _ argument: MemoryArgument, _ operands: UInt64, isLoad: Bool) throws {
        let distance = opcode.rawValue - Opcode.i32Load.rawValue
        let memory = argument.memory.rawValue
        let instruction = (memory == 0 ? APUS_i32_load : APUS_i32_load_at).advanced(by: distance)
        if isLoad {
            code.emitDefinition(instruction, operands, memory == 0 ? nil : UInt64(memory))
        } else if memory == 0 {
            code.emit(instruction, operands)
        } else {
            code.emit(instruction, operands, UInt64(memory))
        }
    }

    /// An instruction of three operands and no result.
    private mutating func bulk(_ instruction: apus_instruction, _ extra: UInt64) throws {
        let third = read(try stack.pop())
        let second = read(try stack.pop())
        let first = read(try stack.pop())
        code.emit(instruction, CodeBuffer.pack(first, second, third), extra)
    }

    /// Puts the topmost operands into their homes, pops them, and returns the first home.
    mutating func popSettled(_ count: Int) throws -> UInt16 {
        guard stack.count >= count else { throw TranslationDefect() }
        settle(from: stack.count - count)
        try stack.pop(count)
        return UInt16(truncatingIfNeeded: stack.nextHome)
    }

    mutating func serve(
        _ service: apus_service, operands: Int, results: Int, _ immediates: UInt32...
    ) throws {
        let first = try popSettled(operands)
        stack.reserve(first)
        code.emit(
            APUS_serve,
            CodeBuffer.pack(first, UInt16(truncatingIfNeeded: service.rawValue), immediate: immediates.first ?? 0),
            UInt64(immediates.dropFirst().first ?? 0))
        for _ in 0..<results { stack.pushHome() }
    }
}
