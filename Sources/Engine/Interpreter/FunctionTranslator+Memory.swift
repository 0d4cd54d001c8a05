// Loads, stores, and the bulk instructions of memories and tables.

import CApus
import WasmBinary
import WasmTypes

extension FunctionTranslator {
    /// Translates a memory or table instruction; returns false for any other.
    mutating func translateMemory(_ opcode: Opcode, _ reader: inout ByteReader) throws -> Bool {
        switch opcode.rawValue {
        case Opcode.i32Load.rawValue...Opcode.i64Load32U.rawValue:
            try load(opcode.rawValue - Opcode.i32Load.rawValue, reader.readMemoryArgument())
            return true
        case Opcode.i32Store.rawValue...Opcode.i64Store32.rawValue:
            try store(opcode.rawValue - Opcode.i32Store.rawValue, reader.readMemoryArgument())
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

    /// A constant address as the memory-0 forms without an address slot take it; nil where the sum exceeds 32 bits.
    private func fixedAddress(_ operand: Operand, _ argument: MemoryArgument) -> UInt32? {
        guard operand.location == .constant, argument.memory.rawValue == 0 else { return nil }
        let (sum, overflow) = operand.payload.addingReportingOverflow(argument.offset)
        return overflow ? nil : UInt32(exactly: sum)
    }

    private mutating func load(_ distance: UInt16, _ argument: MemoryArgument) throws {
        if try hasWideAddresses(argument.memory) { return try wideLoad(distance, argument) }
        let address = try stack.pop()
        let offset = UInt32(truncatingIfNeeded: argument.offset)
        if argument.memory.rawValue != 0 {
            let slot = read(address)
            code.emitDefinition(
                APUS_i32_load_at.advanced(by: distance), CodeBuffer.pack(stack.pushHome(), slot, immediate: offset),
                UInt64(argument.memory.rawValue))
        } else if let fixed = fixedAddress(address, argument) {
            code.emitDefinition(
                APUS_i32_load_k.advanced(by: distance), CodeBuffer.pack(stack.pushHome(), 0, immediate: fixed))
        } else if address.location == .sum, let local = address.localSlot {
            code.emitDefinition(
                APUS_i32_load_ai.advanced(by: distance), CodeBuffer.pack(stack.pushHome(), local, immediate: offset),
                UInt64(address.addend))
        } else if address.location == .home, let sum = code.take(APUS_i32_add_dai, defining: address.home) {
            code.emitDefinition(
                APUS_i32_load_ai.advanced(by: distance), CodeBuffer.pack(stack.pushHome(), sum.left, immediate: offset),
                UInt64(sum.immediate))
        } else if address.location == .home, offset <= UInt32(UInt16.max),
            let sum = code.take(APUS_i32_add_dab, defining: address.home)
        {
            code.emitDefinition(
                APUS_i32_load_ab.advanced(by: distance),
                CodeBuffer.pack(stack.pushHome(), sum.left, sum.right, UInt16(offset)))
        } else if address.location == .home, offset <= UInt32(UInt16.max),
            let sum = code.take(APUS_i32_add_shl, defining: address.home)
        {
            code.emitDefinition(
                APUS_i32_load_abk.advanced(by: distance),
                CodeBuffer.pack(stack.pushHome(), sum.left, sum.right, UInt16(offset)), UInt64(sum.shift))
        } else {
            let slot = read(address)
            code.emitDefinition(
                APUS_i32_load.advanced(by: distance), CodeBuffer.pack(stack.pushHome(), slot, immediate: offset))
        }
    }

    private mutating func store(_ distance: UInt16, _ argument: MemoryArgument) throws {
        if try hasWideAddresses(argument.memory) { return try wideStore(distance, argument) }
        let value = try stack.pop()
        let address = try stack.pop()
        let offset = UInt32(truncatingIfNeeded: argument.offset)
        if argument.memory.rawValue != 0 {
            let slots = (read(value), read(address))
            code.emit(
                APUS_i32_store_at.advanced(by: distance), CodeBuffer.pack(slots.1, slots.0, immediate: offset),
                UInt64(argument.memory.rawValue))
        } else if let fixed = fixedAddress(address, argument) {
            code.emit(APUS_i32_store_k.advanced(by: distance), CodeBuffer.pack(0, read(value), immediate: fixed))
        } else if value.location == .constant, let bits = shortConstant(value, distance) {
            code.emit(APUS_i32_store_i.advanced(by: distance), CodeBuffer.pack(read(address), bits, immediate: offset))
        } else if address.location == .sum, let local = address.localSlot {
            code.emit(
                APUS_i32_store_ai.advanced(by: distance), CodeBuffer.pack(local, read(value), immediate: offset),
                UInt64(address.addend))
        } else {
            let slots = (read(value), read(address))
            code.emit(APUS_i32_store.advanced(by: distance), CodeBuffer.pack(slots.1, slots.0, immediate: offset))
        }
    }

    /// A constant to be stored as an immediate that is sign-extended to the stored width; nil if it does not fit. The
    /// distance counts from `i32.store`.
    private func shortConstant(_ operand: Operand, _ distance: UInt16) -> UInt16? {
        // i64.store and f64.store have all 64 bits of the constant, the others the lower 32 at most.
        let isWide = distance == 1 || distance == 3
        let value = isWide ? Int64(bitPattern: operand.payload) : Int64(Int32(truncatingIfNeeded: operand.payload))
        return Int16(exactly: value).map(UInt16.init(bitPattern:))
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
