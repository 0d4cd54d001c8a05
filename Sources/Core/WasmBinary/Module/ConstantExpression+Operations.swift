// The instructions of a constant expression, typed (core specification, section 3.4.12): for its validator and for the
// evaluator, which both work on a small stack.

package import WasmTypes

/// One instruction of a constant expression.
package enum ConstantOperation: Hashable, Sendable {
    case i32Const(Int32)
    case i64Const(Int64)
    /// The bits.
    case f32Const(UInt32)
    /// The bits.
    case f64Const(UInt64)
    /// The first eight bytes and the last eight, little endian.
    case v128Const(low: UInt64, high: UInt64)
    case globalGet(GlobalIndex)
    case refNull(HeapType)
    case refFunc(FunctionIndex)
    case i32Add, i32Sub, i32Mul
    case i64Add, i64Sub, i64Mul
    case refI31
    case structNew(TypeIndex)
    case structNewDefault(TypeIndex)
    case arrayNew(TypeIndex)
    case arrayNewDefault(TypeIndex)
    case arrayNewFixed(TypeIndex, count: UInt32)
    case anyConvertExtern
    case externConvertAny
}

/// Reads a constant expression instruction by instruction.
package struct ConstantReader: ~Escapable {
    private var reader: ByteReader

    /// - Parameter expression: an expression of this module.
    @_lifetime(borrow module)
    package init(_ expression: ConstantExpression, of module: borrowing BinaryModule) {
        reader = module.reader(of: expression.extent)
    }

    /// Where the next instruction stands.
    package var position: Int { reader.position }

    /// The next instruction; nil at the expression's end.
    ///
    /// Throws an error of kind `invalid` for an instruction that is not constant.
    package mutating func next() throws(BinaryError) -> ConstantOperation? {
        let start = reader.position
        let opcode = try reader.readOpcode()
        switch opcode {
        case .end:
            guard reader.isAtEnd else { throw reader.malformed("unexpected content after an expression", at: reader.position) }
            return nil
        case .i32Const: return .i32Const(try reader.readVarInt32())
        case .i64Const: return .i64Const(try reader.readVarInt64())
        case .f32Const: return .f32Const(try reader.readFixed32())
        case .f64Const: return .f64Const(try reader.readFixed64())
        case .v128Const:
            let low = try reader.readFixed64()
            return .v128Const(low: low, high: try reader.readFixed64())
        case .globalGet: return .globalGet(GlobalIndex(try reader.readVarUInt32()))
        case .refNull: return .refNull(try reader.readHeapType())
        case .refFunc: return .refFunc(FunctionIndex(try reader.readVarUInt32()))
        case .i32Add: return .i32Add
        case .i32Sub: return .i32Sub
        case .i32Mul: return .i32Mul
        case .i64Add: return .i64Add
        case .i64Sub: return .i64Sub
        case .i64Mul: return .i64Mul
        case .refI31: return .refI31
        case .structNew: return .structNew(TypeIndex(try reader.readVarUInt32()))
        case .structNewDefault: return .structNewDefault(TypeIndex(try reader.readVarUInt32()))
        case .arrayNew: return .arrayNew(TypeIndex(try reader.readVarUInt32()))
        case .arrayNewDefault: return .arrayNewDefault(TypeIndex(try reader.readVarUInt32()))
        case .arrayNewFixed:
            let type = TypeIndex(try reader.readVarUInt32())
            return .arrayNewFixed(type, count: try reader.readVarUInt32())
        case .anyConvertExtern: return .anyConvertExtern
        case .externConvertAny: return .externConvertAny
        default:
            throw BinaryError(.invalid, "constant expression required: \(opcode.mnemonic) is not constant", at: start)
        }
    }
}

extension BinaryModule {
    /// All instructions of a constant expression, without its `end`.
    package func operations(of expression: ConstantExpression) throws(BinaryError) -> [ConstantOperation] {
        var operations: [ConstantOperation] = []
        var reader = ConstantReader(expression, of: self)
        while let operation = try reader.next() { operations.append(operation) }
        return operations
    }
}
