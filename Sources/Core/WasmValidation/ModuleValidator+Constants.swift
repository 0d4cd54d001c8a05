// The rules for constant expressions (core specification, section 3.4.12).

import InternalUtilities
import WasmBinary
import WasmTypes

extension ModuleValidator {
    /// Checks that an expression is constant and gives one value of `type`, and declares the functions that it names.
    ///
    /// - Parameter globalCount: how many globals stand before it.
    mutating func validate(
        _ expression: ConstantExpression, type expected: ValueType, globalCount: Int, in types: TypeTable
    ) throws(BinaryError) {
        let module = module
        var reader = ConstantReader(expression, of: module)
        var stack = ConstantStack(types: types)
        stack.offset = reader.position
        while let operation = try reader.next() {
            switch operation {
            case .i32Const: stack.push(.i32)
            case .i64Const: stack.push(.i64)
            case .f32Const: stack.push(.f32)
            case .f64Const: stack.push(.f64)
            case .v128Const:
                try validate(.v128, at: stack.offset)
                stack.push(.v128)
            case .globalGet(let index):
                guard index.position < globalCount, index.position < module.globals.count else {
                    throw unknown("global", index.rawValue, at: stack.offset)
                }
                let type = module.globals[index.position].type
                guard !type.isMutable else {
                    throw invalid("constant expression required: global \(index) is mutable", at: stack.offset)
                }
                stack.push(type.valueType)
            case .refNull(let heapType):
                let type = ValueType.reference(heapType, nullable: true)
                try validate(type, at: stack.offset)
                stack.push(type)
            case .refFunc(let index):
                try require(.referenceTypes, for: "ref.func", at: stack.offset)
                try declare(index, at: stack.offset)
                stack.push(.reference(.defined(module.functions[index.position]), nullable: false))
            case .i32Add, .i32Sub, .i32Mul: try validateArithmetic(.i32, &stack)
            case .i64Add, .i64Sub, .i64Mul: try validateArithmetic(.i64, &stack)
            default:
                try require(.gc, for: "objects in constant expressions", at: stack.offset)
                try validateObject(operation, &stack)
            }
            stack.offset = reader.position
        }
        try stack.finish(expected)
    }

    private func validateArithmetic(_ type: ValueType, _ stack: inout ConstantStack) throws(BinaryError) {
        try require(.extendedConstants, for: "arithmetic in constant expressions", at: stack.offset)
        try stack.pop(type)
        try stack.pop(type)
        stack.push(type)
    }

    /// An instruction that makes or converts an object.
    private func validateObject(_ operation: ConstantOperation, _ stack: inout ConstantStack) throws(BinaryError) {
        switch operation {
        case .refI31:
            try stack.pop(.i32)
            stack.push(.reference(.i31, nullable: false))
        case .structNew(let index):
            for field in try structure(index, at: stack.offset).reversed() { try stack.pop(field.storage.unpacked) }
            stack.push(.reference(.defined(index), nullable: false))
        case .structNewDefault(let index):
            _ = try structure(index, at: stack.offset)
            try checkDefault(of: index, in: stack)
            stack.push(.reference(.defined(index), nullable: false))
        case .arrayNew(let index):
            try stack.pop(.i32)
            try stack.pop(try array(index, at: stack.offset).storage.unpacked)
            stack.push(.reference(.defined(index), nullable: false))
        case .arrayNewDefault(let index):
            _ = try array(index, at: stack.offset)
            try checkDefault(of: index, in: stack)
            try stack.pop(.i32)
            stack.push(.reference(.defined(index), nullable: false))
        case .arrayNewFixed(let index, let count):
            let element = try array(index, at: stack.offset).storage.unpacked
            // As many as the expression has bytes at most, or the stack is empty before that.
            for _ in 0..<count { try stack.pop(element) }
            stack.push(.reference(.defined(index), nullable: false))
        case .anyConvertExtern: try stack.convert(from: .external, to: .any)
        case .externConvertAny: try stack.convert(from: .any, to: .external)
        default: throw invalid("constant expression required", at: stack.offset)
        }
    }

    private func structure(_ index: TypeIndex, at offset: Int) throws(BinaryError) -> [FieldType] {
        guard index.position < module.types.count else { throw unknown("type", index.rawValue, at: offset) }
        guard let fields = module.types[index.position].fields else {
            throw invalid("type mismatch: type \(index) is not a structure", at: offset)
        }
        return fields
    }

    private func array(_ index: TypeIndex, at offset: Int) throws(BinaryError) -> FieldType {
        guard index.position < module.types.count else { throw unknown("type", index.rawValue, at: offset) }
        guard let element = module.types[index.position].element else {
            throw invalid("type mismatch: type \(index) is not an array", at: offset)
        }
        return element
    }

    private func checkDefault(of index: TypeIndex, in stack: ConstantStack) throws(BinaryError) {
        guard stack.types.types.at(index.rawValue)?.isDefaultable ?? false else {
            throw invalid("field type is not defaultable: type \(index)", at: stack.offset)
        }
    }
}

/// The types of the values that a constant expression has made so far.
private struct ConstantStack {
    let types: TypeTable
    private var contents: [ValueType] = []
    /// Where the instruction at work stands.
    var offset = 0

    init(types: TypeTable) {
        self.types = types
    }

    mutating func push(_ type: ValueType) {
        contents.append(type)
    }

    mutating func pop(_ expected: ValueType) throws(BinaryError) {
        let found = contents.popLast()
        guard let found, types.matches(found.word, expected.word) else {
            throw BinaryError(
                .invalid,
                "type mismatch: expected \(expected), found \(found?.description ?? "nothing") in a constant expression",
                at: offset)
        }
    }

    /// Between the hierarchies of `any` and `extern`; what cannot be null stays so.
    mutating func convert(from source: HeapType, to target: HeapType) throws(BinaryError) {
        let isNullable = contents.last?.isNullable ?? true
        try pop(.reference(source, nullable: true))
        push(.reference(target, nullable: isNullable))
    }

    func finish(_ expected: ValueType) throws(BinaryError) {
        guard contents.count == 1, types.matches(contents[0].word, expected.word) else {
            let found = contents.isEmpty ? "nothing" : contents.count == 1 ? "\(contents[0])" : "\(contents.count) values"
            throw BinaryError(
                .invalid, "type mismatch: expected \(expected), found \(found) at the end of a constant expression",
                at: offset)
        }
    }
}
