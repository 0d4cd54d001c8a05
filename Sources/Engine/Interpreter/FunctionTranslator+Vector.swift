// Vector instructions (core specification, section 4.4.3). What they take and make, and what stands behind the opcode, is
// in the table of instructions; here is only how it becomes an operand word.

import CApus
import WasmBinary
import WasmTypes

extension FunctionTranslator {
    /// Translates a vector instruction; returns false for any other.
    mutating func translateVector(_ opcode: Opcode, _ reader: inout ByteReader) throws -> Bool {
        guard let row = VectorRows.shared[opcode] else { return false }
        let entry = InstructionTable.shared[opcode.rawValue]
        switch entry.immediates {
        case .none: try vectorOperation(row, entry.signature)
        case .v128:
            let low = try reader.readFixed64()
            code.emitDefinition(row, UInt64(stack.pushHome(isWide: true)), low)
            code.append(try reader.readFixed64())
        case .shuffle:
            let right = read(try stack.pop())
            let left = read(try stack.pop())
            let low = try reader.readFixed64()
            code.emitDefinition(row, CodeBuffer.pack(stack.pushHome(isWide: true), left, right), low)
            code.append(try reader.readFixed64())
        case .lane: try laneOperation(row, entry.signature, lane: UInt16(reader.readByte()))
        case .memoryArgument:
            let argument = try reader.readMemoryArgument()
            if opcode == .v128Store {
                try storeVector(argument)
            } else {
                try loadVector(opcode, row, argument)
            }
        case .memoryArgumentAndLane:
            let argument = try reader.readMemoryArgument()
            try accessLane(opcode, row, entry.signature, argument, lane: UInt16(reader.readByte()))
        default: throw TranslationDefect()
        }
        return true
    }

    /// An operation on one to three operands with one result.
    private mutating func vectorOperation(_ row: apus_instruction, _ signature: Signature) throws {
        var slots: (UInt16, UInt16, UInt16) = (0, 0, 0)
        switch signature.operandCount {
        case 1: slots.0 = read(try stack.pop())
        case 2:
            slots.1 = read(try stack.pop())
            slots.0 = read(try stack.pop())
        case 3:
            slots.2 = read(try stack.pop())
            slots.1 = read(try stack.pop())
            slots.0 = read(try stack.pop())
        default: throw TranslationDefect()
        }
        let home = stack.pushHome(isWide: signature.makesVector)
        code.emitDefinition(row, CodeBuffer.pack(home, slots.0, slots.1, slots.2))
    }

    /// `extract_lane` of one operand, or `replace_lane` of two.
    private mutating func laneOperation(_ row: apus_instruction, _ signature: Signature, lane: UInt16) throws {
        if signature.makesVector {
            let value = read(try stack.pop())
            let vector = read(try stack.pop())
            code.emitDefinition(row, CodeBuffer.pack(stack.pushHome(isWide: true), vector, value, lane))
        } else {
            let vector = read(try stack.pop())
            code.emitDefinition(row, CodeBuffer.pack(stack.pushHome(), vector, lane))
        }
    }

    // MARK: - Memory

    /// Whether the forms for memory 0 do not serve: another memory, or addresses of 64 bits.
    private func isNamed(_ argument: MemoryArgument) throws -> Bool {
        let index = argument.memory.position
        guard binary.memories.indices.contains(index) else { throw TranslationDefect() }
        return index != 0 || binary.memories[index].addressType == .i64
    }

    /// The row of the form that names the memory, which has the offset and the memory in words of their own.
    private func namingRow(_ opcode: Opcode) throws -> apus_instruction {
        guard let row = VectorRows.shared.namingMemory(opcode) else { throw TranslationDefect() }
        return row
    }

    private mutating func loadVector(_ opcode: Opcode, _ row: apus_instruction, _ argument: MemoryArgument) throws {
        let address = try stack.pop()
        if try isNamed(argument) {
            let slot = read(address)
            let home = stack.pushHome(isWide: true)
            code.emitDefinition(try namingRow(opcode), CodeBuffer.pack(home, slot, 0), argument.offset)
            code.append(UInt64(argument.memory.rawValue))
            return
        }
        let offset = UInt32(truncatingIfNeeded: argument.offset)
        if opcode == .v128Load, address.location == .sum, let local = address.localSlot {
            let home = stack.pushHome(isWide: true)
            code.emitDefinition(
                APUS_v128_load_ai, CodeBuffer.pack(home, local, immediate: offset), UInt64(address.addend))
        } else if opcode == .v128Load, address.location == .home,
            let sum = code.take(APUS_i32_add_dai, defining: address.home)
        {
            let home = stack.pushHome(isWide: true)
            code.emitDefinition(
                APUS_v128_load_ai, CodeBuffer.pack(home, sum.left, immediate: offset), UInt64(sum.immediate))
        } else if opcode == .v128Load, address.location == .home, offset <= UInt32(UInt16.max),
            let sum = code.take(APUS_i32_add_dab, defining: address.home)
        {
            let home = stack.pushHome(isWide: true)
            code.emitDefinition(APUS_v128_load_ab, CodeBuffer.pack(home, sum.left, sum.right, UInt16(offset)))
        } else {
            let slot = read(address)
            code.emitDefinition(row, CodeBuffer.pack(stack.pushHome(isWide: true), slot, immediate: offset))
        }
    }

    private mutating func storeVector(_ argument: MemoryArgument) throws {
        let value = read(try stack.pop())
        let address = try stack.pop()
        let offset = UInt32(truncatingIfNeeded: argument.offset)
        if try isNamed(argument) {
            code.emit(APUS_v128_store_at, CodeBuffer.pack(read(address), value, 0), argument.offset)
            code.append(UInt64(argument.memory.rawValue))
        } else if address.location == .sum, let local = address.localSlot {
            code.emit(APUS_v128_store_ai, CodeBuffer.pack(local, value, immediate: offset), UInt64(address.addend))
        } else {
            code.emit(APUS_v128_store, CodeBuffer.pack(read(address), value, immediate: offset))
        }
    }

    /// A load into one lane of a vector, or a store from one.
    private mutating func accessLane(
        _ opcode: Opcode, _ row: apus_instruction, _ signature: Signature, _ argument: MemoryArgument, lane: UInt16
    ) throws {
        let vector = read(try stack.pop())
        let address = read(try stack.pop())
        let isNamed = try isNamed(argument)
        let row = isNamed ? try namingRow(opcode) : row
        if signature.makesVector {
            let home = stack.pushHome(isWide: true)
            code.emitDefinition(row, CodeBuffer.pack(home, address, vector, lane), argument.offset)
        } else {
            code.emit(row, CodeBuffer.pack(address, vector, lane), argument.offset)
        }
        if isNamed { code.append(UInt64(argument.memory.rawValue)) }
    }
}

extension Signature {
    /// Whether the first result is a vector.
    fileprivate var makesVector: Bool {
        bits >> 16 & 0xF == UInt32(Operand.v128.rawValue)
    }
}
