// The rules for element and data segments and for constant expressions (core specification, sections 3.4.12, 3.5.8 and
// 3.5.9).

import InternalUtilities
import WasmBinary
import WasmTypes

extension ModuleValidator {
    mutating func validateElements(in types: TypeTable) throws(BinaryError) {
        let module = module
        for segment in module.elements {
            // `funcref` and the like without reference types is how the MVP's only kind of segment reads.
            if segment.type.heapType != .function { try validate(segment.type, at: segment.offset) }
            switch segment.items {
            case .functions(let count, let extent):
                var reader = module.reader(of: extent)
                for _ in 0..<count {
                    let offset = reader.position
                    try declare(FunctionIndex(try reader.readVarUInt32()), at: offset)
                }
            case .expressions(let expressions):
                for expression in expressions {
                    try validate(expression, type: segment.type, globalCount: module.globals.count, in: types)
                }
            }
            switch segment.mode {
            case .passive, .declarative:
                try require(.bulkMemory, for: "passive element segments", at: segment.offset)
            case .active(let table, let offset):
                guard table.position < module.tables.count else {
                    throw unknown("table", table.rawValue, at: segment.offset)
                }
                let type = module.tables[table.position].type
                guard types.matches(segment.type.word, type.elementType.word) else {
                    throw invalid(
                        "type mismatch: the element segment's type \(segment.type) does not match the table's element type \(type.elementType)",
                        at: segment.offset)
                }
                try validate(offset, type: type.addressType.valueType, globalCount: module.globals.count, in: types)
            }
        }
    }

    mutating func validateData(in types: TypeTable) throws(BinaryError) {
        for segment in module.data {
            switch segment.mode {
            case .passive: try require(.bulkMemory, for: "passive data segments", at: segment.bytes.lowerBound)
            case .active(let memory, let offset):
                guard memory.position < module.memories.count else {
                    throw unknown("memory", memory.rawValue, at: segment.bytes.lowerBound)
                }
                let type = module.memories[memory.position].addressType.valueType
                try validate(offset, type: type, globalCount: module.globals.count, in: types)
            }
        }
    }

    /// Checks that an expression is constant and gives one value of `type`, and declares the functions that it names.
    ///
    /// - Parameter globalCount: how many globals stand before it.
    mutating func validate(
        _ expression: ConstantExpression, type expected: ValueType, globalCount: Int, in types: TypeTable
    ) throws(BinaryError) {
        let module = module
        var reader = ConstantReader(expression, of: module)
        var stack: [ValueType] = []
        var offset = reader.position
        while let operation = try reader.next() {
            switch operation {
            case .i32Const: stack.append(.i32)
            case .i64Const: stack.append(.i64)
            case .f32Const: stack.append(.f32)
            case .f64Const: stack.append(.f64)
            case .v128Const:
                try validate(.v128, at: offset)
                stack.append(.v128)
            case .globalGet(let index):
                guard index.position < globalCount, index.position < module.globals.count else {
                    throw unknown("global", index.rawValue, at: offset)
                }
                let type = module.globals[index.position].type
                guard !type.isMutable else {
                    throw invalid("constant expression required: global \(index) is mutable", at: offset)
                }
                stack.append(type.valueType)
            case .refNull(let heapType):
                let type = ValueType.reference(heapType, nullable: true)
                try validate(type, at: offset)
                stack.append(type)
            case .refFunc(let index):
                try require(.referenceTypes, for: "ref.func", at: offset)
                try declare(index, at: offset)
                stack.append(.reference(.defined(module.functions[index.position]), nullable: false))
            case .i32Add, .i32Sub, .i32Mul:
                try validateArithmetic(.i32, &stack, at: offset)
            case .i64Add, .i64Sub, .i64Mul:
                try validateArithmetic(.i64, &stack, at: offset)
            }
            offset = reader.position
        }
        guard stack.count == 1, types.matches(stack[0].word, expected.word) else {
            let found = stack.isEmpty ? "nothing" : stack.count == 1 ? "\(stack[0])" : "\(stack.count) values"
            throw invalid("type mismatch: expected \(expected), found \(found) at the end of a constant expression", at: offset)
        }
    }

    private func validateArithmetic(_ type: ValueType, _ stack: inout [ValueType], at offset: Int) throws(BinaryError) {
        try require(.extendedConstants, for: "arithmetic in constant expressions", at: offset)
        for _ in 0..<2 {
            let found = stack.popLast()
            guard found == type else {
                throw invalid(
                    "type mismatch: expected \(type), found \(found?.description ?? "nothing") in a constant expression", at: offset)
            }
        }
        stack.append(type)
    }
}
