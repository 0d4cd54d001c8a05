// Atomic accesses (the threads proposal): one form of each instruction for all memories.

import CApus
import WasmBinary
import WasmTypes

extension FunctionTranslator {
    /// Translates an atomic instruction; returns false for any other.
    mutating func translateAtomic(_ opcode: Opcode, _ reader: inout ByteReader) throws -> Bool {
        switch opcode {
        case .atomicFence:
            try reader.skip(1)
            code.emit(APUS_atomic_fence)
            return true
        case .memoryAtomicNotify: try wait(APUS_SERVICE_ATOMIC_NOTIFY, operands: 2, reader.readMemoryArgument())
        case .memoryAtomicWait32: try wait(APUS_SERVICE_ATOMIC_WAIT32, operands: 3, reader.readMemoryArgument())
        case .memoryAtomicWait64: try wait(APUS_SERVICE_ATOMIC_WAIT64, operands: 3, reader.readMemoryArgument())
        default:
            guard opcode.rawValue >= Opcode.i32AtomicLoad.rawValue,
                opcode.rawValue <= Opcode.i64AtomicRmw32CmpxchgU.rawValue
            else { return false }
            try access(opcode, reader.readMemoryArgument())
        }
        return true
    }

    private mutating func access(_ opcode: Opcode, _ argument: MemoryArgument) throws {
        let instruction = APUS_i32_atomic_load.advanced(by: opcode.rawValue - Opcode.i32AtomicLoad.rawValue)
        let operands: UInt64
        if opcode.rawValue < Opcode.i32AtomicStore.rawValue {
            let address = read(try stack.pop())
            operands = CodeBuffer.pack(stack.pushHome(), address, 0)
        } else if opcode.rawValue < Opcode.i32AtomicRmwAdd.rawValue {
            let value = read(try stack.pop())
            operands = CodeBuffer.pack(read(try stack.pop()), value, 0)
        } else {
            let isConditional = opcode.rawValue >= Opcode.i32AtomicRmwCmpxchg.rawValue
            let replacement = isConditional ? read(try stack.pop()) : 0
            let value = read(try stack.pop())
            let address = read(try stack.pop())
            operands = CodeBuffer.pack(stack.pushHome(), address, value, replacement)
        }
        code.emit(instruction, operands, argument.offset)
        code.append(UInt64(argument.memory.rawValue))
    }

    /// A service whose operands begin with an address and that answers with an i32.
    private mutating func wait(_ service: apus_service, operands: Int, _ argument: MemoryArgument) throws {
        let first = try popSettled(operands)
        code.emit(
            APUS_serve,
            CodeBuffer.pack(first, UInt16(truncatingIfNeeded: service.rawValue), immediate: argument.memory.rawValue),
            argument.offset)
        stack.pushHome()
    }
}
