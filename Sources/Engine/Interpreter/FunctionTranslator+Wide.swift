// What is wider than usual: accesses to memories of 64-bit addresses, and arithmetic on 128 bits.

import CApus
import WasmBinary
import WasmTypes

extension FunctionTranslator {
    /// Whether a memory's addresses are 64 bits wide.
    func hasWideAddresses(_ memory: MemoryIndex) throws -> Bool {
        guard binary.memories.indices.contains(memory.position) else { throw TranslationDefect() }
        return binary.memories[memory.position].addressType == .i64
    }

    /// A load from a memory of 64-bit addresses; `distance` counts from `i32.load`.
    mutating func wideLoad(_ distance: UInt16, _ argument: MemoryArgument) throws {
        let address = read(try stack.pop())
        code.emitDefinition(
            APUS_i32_load_wide.advanced(by: distance),
            CodeBuffer.pack(stack.pushHome(), address, immediate: argument.memory.rawValue), argument.offset)
    }

    /// A store to a memory of 64-bit addresses; `distance` counts from `i32.store`.
    mutating func wideStore(_ distance: UInt16, _ argument: MemoryArgument) throws {
        let value = read(try stack.pop())
        let address = read(try stack.pop())
        code.emit(
            APUS_i32_store_wide.advanced(by: distance),
            CodeBuffer.pack(address, value, immediate: argument.memory.rawValue), argument.offset)
    }

    /// Translates an instruction of the wide-arithmetic proposal; returns false for any other.
    mutating func translateWideArithmetic(_ opcode: Opcode) throws -> Bool {
        switch opcode {
        case .i64Add128, .i64Sub128:
            let rightHigh = read(try stack.pop())
            let rightLow = read(try stack.pop())
            let leftHigh = read(try stack.pop())
            let leftLow = read(try stack.pop())
            let home = stack.pushHome()
            stack.pushHome()
            code.emit(
                opcode == .i64Add128 ? APUS_i64_add128 : APUS_i64_sub128,
                CodeBuffer.pack(home, leftLow, leftHigh, rightLow), UInt64(rightHigh))
        case .i64MulWideS, .i64MulWideU:
            let right = read(try stack.pop())
            let left = read(try stack.pop())
            let home = stack.pushHome()
            stack.pushHome()
            code.emit(
                opcode == .i64MulWideS ? APUS_i64_mul_wide_s : APUS_i64_mul_wide_u, CodeBuffer.pack(home, left, right))
        default: return false
        }
        return true
    }
}
