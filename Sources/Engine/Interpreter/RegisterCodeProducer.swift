// The interpreter's side of the engine's seam: a body becomes register code when it is first called.
//
// Documentation/Interpreter.md describes the register machine and the translation.

import CApus
package import Execution
import InternalUtilities
package import WasmBinary
package import WasmTypes

/// Translates bodies to register code for the handlers of `CApus`.
package struct RegisterCodeProducer: CodeProducer {
    package init() {}

    package func produce(_ function: FunctionIndex, of module: Module) throws(BinaryError) -> ProducedCode {
        let binary = module.binary
        let position = function.position - binary.importedFunctionCount
        guard binary.bodies.indices.contains(position), let type = binary.functionType(of: function) else {
            throw BinaryError(.invalid, "function \(function) has no body", at: 0)
        }
        let source = binary.source
        var reader = ByteReader(source.bytes, extent: binary.bodies[position])
        var translator = try FunctionTranslator(module: module, type: type, locals: &reader)
        return try translator.translate(&reader)
    }
}

/// The handlers' addresses by instruction.
// Invariant: points to `APUS_INSTRUCTION_COUNT` words that are never changed nor freed, so sharing the pointer is sound.
@safe struct HandlerAddresses: @unchecked Sendable {
    private let addresses: UnsafePointer<UInt64>

    static let shared = HandlerAddresses()

    private init() {
        let count = Int(APUS_INSTRUCTION_COUNT.rawValue)
        let storage = UnsafeMutablePointer<UInt64>.allocate(capacity: count)
        for index in 0..<count {
            unsafe (storage + index).initialize(to: apus_handler(apus_instruction(UInt32(index))))
        }
        unsafe addresses = UnsafePointer(storage)
    }

    subscript(instruction: apus_instruction) -> UInt64 {
        let index = Int(min(instruction.rawValue, APUS_INSTRUCTION_COUNT.rawValue - 1))
        return unsafe addresses[index]
    }
}

extension apus_instruction {
    /// The row `distance` behind this one, for families whose rows stand in the order of the opcodes.
    func advanced(by distance: UInt16) -> apus_instruction {
        apus_instruction(rawValue + UInt32(distance))
    }
}
