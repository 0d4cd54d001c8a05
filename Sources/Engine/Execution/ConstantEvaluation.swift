// Evaluates constant expressions (core specification, section 3.4.16) when an instance is made.
//
// The expressions were validated with the module, so what is unexpected here is a defect of the engine and traps.

import InternalUtilities
import WasmBinary
import WasmTypes

/// A constant's bits; a vector takes both halves.
struct ConstantValue {
    var low: UInt64
    var high: UInt64 = 0
}

extension Instance {
    func evaluate(_ expression: ConstantExpression) throws(Trap) -> ConstantValue {
        do throws(BinaryError) {
            guard let value = try run(expression) else { throw BinaryError(.invalid, "constant expression", at: 0) }
            return value
        } catch {
            throw Trap(.internalError, detail: "\(error)")
        }
    }

    private func run(_ expression: ConstantExpression) throws(BinaryError) -> ConstantValue? {
        let source = module.binary.source
        var reader = ByteReader(source.bytes, extent: expression.extent)
        var stack: [ConstantValue] = []
        while !reader.isAtEnd {
            let opcode = try reader.readOpcode()
            switch opcode {
            case .end: return stack.last
            case .i32Const: stack.append(ConstantValue(low: UInt64(UInt32(bitPattern: try reader.readVarInt32()))))
            case .i64Const: stack.append(ConstantValue(low: UInt64(bitPattern: try reader.readVarInt64())))
            case .f32Const: stack.append(ConstantValue(low: UInt64(try reader.readFixed32())))
            case .f64Const: stack.append(ConstantValue(low: try reader.readFixed64()))
            case .v128Const:
                let low = try reader.readFixed64()
                stack.append(ConstantValue(low: low, high: try reader.readFixed64()))
            case .refNull:
                _ = try reader.readHeapType()
                stack.append(ConstantValue(low: 0))
            case .refFunc:
                guard let function = function(FunctionIndex(try reader.readVarUInt32())) else { return nil }
                stack.append(ConstantValue(low: function.rawReference))
            case .globalGet:
                let index = Int(try reader.readVarUInt32())
                guard globals.indices.contains(index) else { return nil }
                stack.append(unsafe ConstantValue(low: globals[index].cell[0], high: globals[index].cell[1]))
            case .i32Add, .i32Sub, .i32Mul, .i64Add, .i64Sub, .i64Mul:
                guard let right = stack.popLast()?.low, let left = stack.popLast()?.low else { return nil }
                stack.append(ConstantValue(low: Self.arithmetic(opcode, left, right)))
            default: return nil
            }
        }
        return nil
    }

    private static func arithmetic(_ opcode: Opcode, _ left: UInt64, _ right: UInt64) -> UInt64 {
        switch opcode {
        case .i32Add: (left &+ right) & 0xFFFF_FFFF
        case .i32Sub: (left &- right) & 0xFFFF_FFFF
        case .i32Mul: (left &* right) & 0xFFFF_FFFF
        case .i64Add: left &+ right
        case .i64Sub: left &- right
        default: left &* right
        }
    }
}
