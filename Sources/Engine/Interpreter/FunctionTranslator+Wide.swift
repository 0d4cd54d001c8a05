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
}
