// Structures, arrays, i31, casts (core specification, section 3.4.6 "Reference Instructions" and what follows it).

import InternalUtilities
import WasmBinary
import WasmTypes

extension BodyValidator {
    mutating func validateObject(_ reader: inout ByteReader) throws(BinaryError) {
        switch opcode {
        case .structNew, .structNewDefault, .structGet, .structGetS, .structGetU, .structSet:
            try validateStructure(&reader)
        case .refEq:
            let type = ValueType.reference(.eq, nullable: true)
            try pop(type)
            try pop(type)
            push(.i32)
        case .refI31:
            try pop(.i32)
            push(.reference(.i31, nullable: false))
        case .i31GetS, .i31GetU:
            try pop(.reference(.i31, nullable: true))
            push(.i32)
        case .anyConvertExtern: try convert(from: .external, to: .any)
        case .externConvertAny: try convert(from: .any, to: .external)
        case .refTest, .refTestNull:
            _ = try validateCast(&reader, nullable: opcode == .refTestNull)
            push(.i32)
        case .refCast, .refCastNull: push(try validateCast(&reader, nullable: opcode == .refCastNull))
        case .brOnCast, .brOnCastFail: try validateBranchOnCast(&reader)
        default: try validateArray(&reader)
        }
    }

    // MARK: - Types

    private func type(_ index: UInt32, _ kind: TypeKind, _ name: StaticString) throws(BinaryError) -> FlatFunctionType {
        guard let type = types.types.at(index) else { throw unknown("type", index) }
        guard type.kind == kind else { throw invalid("type mismatch: type \(index) is not \(name) in \(opcode)") }
        return type
    }

    private func structure(_ index: UInt32) throws(BinaryError) -> TypeList {
        try type(index, .structure, "a structure").fields
    }

    /// What the elements of an array type are.
    private func element(_ index: UInt32) throws(BinaryError) -> FlatField {
        types.fields[Int(try type(index, .array, "an array").fields.start)]
    }

    private func reference(_ index: UInt32, nullable: Bool) -> ValueType {
        .reference(.defined(TypeIndex(index)), nullable: nullable)
    }

    /// Checks that the fields of a type, which must exist, have a default value.
    private func checkDefault(ofType index: UInt32) throws(BinaryError) {
        guard types.types.at(index)?.isDefaultable ?? false else {
            throw invalid("field type is not defaultable: type \(index) in \(opcode)")
        }
    }

    /// Whether nothing more is known of the operands: unreachable code may have any number of any type.
    private var isBottomless: Bool { isUnreachable && operands.count <= height }

    /// A read with or without a sign must fit how the field is packed.
    private func checkPacking(of field: FlatField, plain: Opcode) throws(BinaryError) {
        guard field.isPacked == (opcode != plain) else {
            throw invalid("field is \(field.isPacked ? "packed" : "unpacked"), which \(opcode) cannot read")
        }
    }

    // MARK: - Structures

    private mutating func validateStructure(_ reader: inout ByteReader) throws(BinaryError) {
        let index = try reader.readVarUInt32()
        let fields = try structure(index)
        switch opcode {
        case .structNew:
            var position = Int(fields.start + fields.count)
            while position > Int(fields.start), !isBottomless {
                position -= 1
                try pop(types.fields[position].word)
            }
            push(reference(index, nullable: false))
        case .structNewDefault:
            try checkDefault(ofType: index)
            push(reference(index, nullable: false))
        default:
            let position = try reader.readVarUInt32()
            guard position < fields.count else { throw unknown("field", position) }
            let field = types.fields[Int(fields.start + position)]
            if opcode == .structSet {
                guard field.isMutable else { throw invalid("immutable field \(position) of type \(index)") }
                try pop(field.word)
                try pop(reference(index, nullable: true))
            } else {
                try checkPacking(of: field, plain: .structGet)
                try pop(reference(index, nullable: true))
                push(field.word)
            }
        }
    }

    // MARK: - Arrays

    private mutating func validateArray(_ reader: inout ByteReader) throws(BinaryError) {
        if opcode == .arrayLen {
            try pop(.reference(.array, nullable: true))
            return push(.i32)
        }
        let index = try reader.readVarUInt32()
        let element = try element(index)
        switch opcode {
        case .arrayNew:
            try pop(.i32)
            try pop(element.word)
            push(reference(index, nullable: false))
        case .arrayNewDefault:
            try checkDefault(ofType: index)
            try pop(.i32)
            push(reference(index, nullable: false))
        case .arrayNewFixed:
            let count = try reader.readVarUInt32()
            guard count <= DecodingLimits.fixedArrayElements else {
                throw BinaryError(
                    .limit, "too many operands: \(count), and at most \(DecodingLimits.fixedArrayElements) are allowed",
                    at: offset)
            }
            for _ in 0..<count {
                if isBottomless { break }
                try pop(element.word)
            }
            push(reference(index, nullable: false))
        case .arrayNewData, .arrayNewElem:
            try checkSegment(try reader.readVarUInt32(), for: element, isData: opcode == .arrayNewData)
            try pop(.i32)
            try pop(.i32)
            push(reference(index, nullable: false))
        case .arrayGet, .arrayGetS, .arrayGetU:
            try checkPacking(of: element, plain: .arrayGet)
            try pop(.i32)
            try pop(reference(index, nullable: true))
            push(element.word)
        default: try validateArrayChange(index, element, &reader)
        }
    }

    private mutating func validateArrayChange(
        _ index: UInt32, _ element: FlatField, _ reader: inout ByteReader
    ) throws(BinaryError) {
        guard element.isMutable else { throw invalid("immutable array of type \(index) in \(opcode)") }
        switch opcode {
        case .arraySet:
            try pop(element.word)
            try pop(.i32)
            try pop(reference(index, nullable: true))
        case .arrayFill:
            try pop(.i32)
            try pop(element.word)
            try pop(.i32)
            try pop(reference(index, nullable: true))
        case .arrayCopy:
            let source = try reader.readVarUInt32()
            let found = try self.element(source)
            guard found.packedBits == element.packedBits, types.matches(found.word, element.word) else {
                throw invalid("array types do not match: type \(source) cannot be copied to type \(index)")
            }
            try pop(.i32)
            try pop(.i32)
            try pop(reference(source, nullable: true))
            try pop(.i32)
            try pop(reference(index, nullable: true))
        case .arrayInitData, .arrayInitElem:
            try checkSegment(try reader.readVarUInt32(), for: element, isData: opcode == .arrayInitData)
            try pop(.i32)
            try pop(.i32)
            try pop(.i32)
            try pop(reference(index, nullable: true))
        default: throw internalError()
        }
    }

    /// Checks that elements can be made of a segment.
    private func checkSegment(_ segment: UInt32, for element: FlatField, isData: Bool) throws(BinaryError) {
        if isData {
            guard element.isNumericOrVector else {
                throw invalid("array type is not numeric or vector: \(describe(element.word)) in \(opcode)")
            }
            return try checkData(segment)
        }
        guard let word = context.elements.at(segment) else { throw unknown("elem segment", segment) }
        guard types.matches(word, element.word) else {
            throw mismatch(expected: "elements of \(describe(element.word))", found: "elements of \(describe(word))")
        }
    }

    // MARK: - Casts

    private mutating func convert(from source: HeapType, to target: HeapType) throws(BinaryError) {
        let found = try pop(.reference(source, nullable: true))
        // Of what unreachable code has there, nothing is known.
        let isNullable = found & BottomType.nullableBit != 0
        push(.reference(target, nullable: isNullable))
    }

    /// The top of the hierarchy that a heap type is in.
    private func top(of type: HeapType) -> HeapType {
        switch type {
        case .function, .noFunction: .function
        case .external, .noExternal: .external
        case .exception, .noException: .exception
        case .defined(let index): types.types.at(index.rawValue)?.kind == .function ? .function : .any
        default: .any
        }
    }

    /// Takes a reference of the same hierarchy as the type that follows the opcode, and gives that type.
    private mutating func validateCast(_ reader: inout ByteReader, nullable: Bool) throws(BinaryError) -> ValueType {
        let heapType = try reader.readHeapType()
        let target = ValueType.reference(heapType, nullable: nullable)
        try validate(target)
        try pop(.reference(top(of: heapType), nullable: true))
        return target
    }

    private mutating func validateBranchOnCast(_ reader: inout ByteReader) throws(BinaryError) {
        let flags = try reader.readByte()
        guard flags < 4 else { throw reader.malformed("malformed br_on_cast flags", at: offset) }
        let label = try labelTypes(try reader.readVarUInt32())
        let source = ValueType.reference(try reader.readHeapType(), nullable: flags & 1 != 0)
        let target = ValueType.reference(try reader.readHeapType(), nullable: flags & 2 != 0)
        try validate(source)
        try validate(target)
        guard types.matches(target.word, source.word) else {
            throw mismatch(expected: "a type that matches \(describe(source.word))", found: describe(target.word))
        }
        // What is left when the cast is known to have failed: a null did not pass if it would have been let through.
        let rest = target.isNullable ? source.word & ~BottomType.nullableBit : source.word
        let taken = opcode == .brOnCast ? target.word : rest
        guard label.count > 0 else {
            throw mismatch(expected: "a label that takes a reference", found: "one that takes nothing")
        }
        let last = words[Int(label.start + label.count - 1)]
        guard types.matches(taken, last) else {
            throw mismatch(expected: describe(last), found: describe(taken))
        }
        try pop(source)
        let others = TypeList(start: label.start, count: label.count - 1)
        try pop(others)
        push(others)
        push(opcode == .brOnCast ? rest : target.word)
    }
}
