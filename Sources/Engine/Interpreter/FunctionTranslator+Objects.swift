// Structures, arrays, i31 and casts.

import CApus
import Execution
import InternalUtilities
import WasmBinary
import WasmTypes

extension FunctionTranslator {
    /// Translates an instruction of objects; returns false for any other.
    mutating func translateObject(_ opcode: Opcode, _ reader: inout ByteReader) throws -> Bool {
        switch opcode {
        case .refEq:
            let right = read(try stack.pop())
            let left = read(try stack.pop())
            code.emitComparison(
                Comparison(family: .i64, code: 0, left: left, right: right), to: stack.pushHome())
        case .structNew, .structNewDefault, .structGet, .structGetS, .structGetU, .structSet:
            try translateStructure(opcode, TypeIndex(reader.readVarUInt32()), &reader)
        case .refI31: try unary(APUS_ref_i31)
        case .i31GetS: try unary(APUS_i31_get_s)
        case .i31GetU: try unary(APUS_i31_get_u)
        case .arrayLen: try unary(APUS_array_len)
        case .externConvertAny: break
        case .anyConvertExtern: try serve(APUS_SERVICE_ANY_CONVERT_EXTERN, operands: 1, results: 1)
        case .refTest, .refTestNull:
            let heapType = try reader.readHeapType()
            let reference = read(try stack.pop())
            try test(reference, heapType, nullable: opcode == .refTestNull, to: stack.pushHome())
        case .refCast, .refCastNull: try cast(reader.readHeapType(), nullable: opcode == .refCastNull)
        case .brOnCast, .brOnCastFail: try branchOnCast(opcode, &reader)
        default:
            guard opcode.rawValue >= Opcode.arrayNew.rawValue, opcode.rawValue <= Opcode.arrayInitElem.rawValue else {
                return false
            }
            try translateArray(opcode, TypeIndex(reader.readVarUInt32()), &reader)
        }
        return true
    }

    private mutating func unary(_ instruction: apus_instruction) throws {
        let operand = read(try stack.pop())
        code.emitDefinition(instruction, CodeBuffer.pack(stack.pushHome(), operand, 0))
    }

    // MARK: - Structures

    private mutating func translateStructure(
        _ opcode: Opcode, _ index: TypeIndex, _ reader: inout ByteReader
    ) throws {
        guard binary.types.indices.contains(index.position), let fields = binary.types[index.position].fields else {
            throw TranslationDefect()
        }
        let descriptor = module.typeDescriptor(index)
        switch opcode {
        case .structNew:
            let first = try popSettled(fields.count)
            stack.pushHome()
            code.emit(APUS_struct_new, CodeBuffer.pack(first, 0, 0), descriptor.address)
        case .structNewDefault:
            let home = stack.pushHome()
            code.emitDefinition(APUS_struct_new_default, CodeBuffer.pack(home, 0, 0), descriptor.address)
        default:
            let position = Int(try reader.readVarUInt32())
            guard fields.indices.contains(position), let offset = descriptor.offset(ofField: position) else {
                throw TranslationDefect()
            }
            let storage = fields[position].storage
            if opcode == .structSet {
                let value = read(try stack.pop())
                let reference = read(try stack.pop())
                code.emit(
                    APUS_struct_set_8.advanced(by: storage.writeDistance),
                    CodeBuffer.pack(reference, value, immediate: offset))
            } else {
                let reference = read(try stack.pop())
                let home = stack.pushHome(isWide: storage.kind == APUS_STORAGE_128)
                code.emitDefinition(
                    APUS_struct_get_8_s.advanced(by: storage.readDistance(isSigned: opcode == .structGetS)),
                    CodeBuffer.pack(home, reference, immediate: offset))
            }
        }
    }

    // MARK: - Arrays

    private mutating func translateArray(_ opcode: Opcode, _ index: TypeIndex, _ reader: inout ByteReader) throws {
        guard binary.types.indices.contains(index.position), let element = binary.types[index.position].element else {
            throw TranslationDefect()
        }
        let type = module.typeDescriptor(index).address
        let storage = element.storage
        switch opcode {
        case .arrayNew:
            let length = read(try stack.pop())
            let value = read(try stack.pop())
            code.emitDefinition(APUS_array_new, CodeBuffer.pack(stack.pushHome(), value, length), type)
        case .arrayNewDefault:
            let length = read(try stack.pop())
            code.emitDefinition(APUS_array_new_default, CodeBuffer.pack(stack.pushHome(), length, 0), type)
        case .arrayNewFixed:
            let count = try reader.readVarUInt32()
            let first = try popSettled(Int(count))
            stack.pushHome()
            code.emit(APUS_array_new_fixed, CodeBuffer.pack(first, 0, immediate: count), type)
        case .arrayNewData:
            try serve(APUS_SERVICE_ARRAY_NEW_DATA, operands: 2, results: 1, reader.readVarUInt32(), index.rawValue)
        case .arrayNewElem:
            try serve(APUS_SERVICE_ARRAY_NEW_ELEMENTS, operands: 2, results: 1, reader.readVarUInt32(), index.rawValue)
        case .arrayInitData:
            try serve(APUS_SERVICE_ARRAY_INIT_DATA, operands: 4, results: 0, reader.readVarUInt32())
        case .arrayInitElem:
            try serve(APUS_SERVICE_ARRAY_INIT_ELEMENTS, operands: 4, results: 0, reader.readVarUInt32())
        case .arrayGet, .arrayGetS, .arrayGetU:
            let position = read(try stack.pop())
            let reference = read(try stack.pop())
            let home = stack.pushHome(isWide: storage.kind == APUS_STORAGE_128)
            code.emitDefinition(
                APUS_array_get_8_s.advanced(by: storage.readDistance(isSigned: opcode == .arrayGetS)),
                CodeBuffer.pack(home, reference, position))
        case .arraySet:
            let value = read(try stack.pop())
            let position = read(try stack.pop())
            let reference = read(try stack.pop())
            code.emit(
                APUS_array_set_8.advanced(by: storage.writeDistance), CodeBuffer.pack(reference, position, value))
        case .arrayFill:
            let count = read(try stack.pop())
            let value = read(try stack.pop())
            let position = read(try stack.pop())
            let reference = read(try stack.pop())
            code.emit(APUS_array_fill, CodeBuffer.pack(reference, position, value, count), type)
        case .arrayCopy:
            _ = try reader.readVarUInt32()
            let count = read(try stack.pop())
            let sourcePosition = read(try stack.pop())
            let source = read(try stack.pop())
            let position = read(try stack.pop())
            let reference = read(try stack.pop())
            code.emit(APUS_array_copy, CodeBuffer.pack(reference, position, source, sourcePosition), type)
            code.append(UInt64(count))
        default: throw TranslationDefect()
        }
    }

    // MARK: - Casts

    /// What a cast looks for: a type, or a kind of thing.
    private enum Target {
        case type(UInt64)
        case kind(apus_reference_kind)
    }

    private func target(_ heapType: HeapType) -> Target {
        switch heapType {
        case .defined(let index): .type(module.typeDescriptor(index).address)
        case .any, .function, .external, .exception: .kind(APUS_REFERENCE_ANYTHING)
        case .eq: .kind(APUS_REFERENCE_EQ)
        case .i31: .kind(APUS_REFERENCE_I31_NUMBER)
        case .structure: .kind(APUS_REFERENCE_STRUCTURE)
        case .array: .kind(APUS_REFERENCE_ARRAY)
        case .none, .noFunction, .noExternal, .noException: .kind(APUS_REFERENCE_NOTHING)
        }
    }

    private mutating func test(_ reference: UInt16, _ heapType: HeapType, nullable: Bool, to home: UInt16) throws {
        switch target(heapType) {
        case .type(let type):
            code.emitDefinition(APUS_ref_test_type, CodeBuffer.pack(home, reference, nullable ? 1 : 0), type)
        case .kind(let kind):
            code.emitDefinition(
                APUS_ref_test_kind,
                CodeBuffer.pack(home, reference, nullable ? 1 : 0, UInt16(truncatingIfNeeded: kind.rawValue)))
        }
    }

    /// Traps where the top of the stack does not pass, and leaves it where it is otherwise.
    private mutating func cast(_ heapType: HeapType, nullable: Bool) throws {
        let operand = try stack.pop()
        let slot = read(operand)
        switch target(heapType) {
        case .type(let type):
            code.emit(APUS_ref_cast_type, CodeBuffer.pack(0, slot, nullable ? 1 : 0), type)
        case .kind(let kind):
            code.emit(
                APUS_ref_cast_kind,
                CodeBuffer.pack(0, slot, nullable ? 1 : 0, UInt16(truncatingIfNeeded: kind.rawValue)))
        }
        if operand.location == .local {
            stack.pushLocal(slot, isWide: false)
        } else {
            stack.pushHome()
        }
    }

    private mutating func branchOnCast(_ opcode: Opcode, _ reader: inout ByteReader) throws {
        let flags = try reader.readByte()
        let label = try reader.readVarUInt32()
        _ = try reader.readHeapType()
        let heapType = try reader.readHeapType()
        guard stack.count > 0 else { throw TranslationDefect() }
        settle(stack.count - 1)
        let reference = stack[stack.count - 1].slot
        // The answer stands above the reference, which stays.
        let answer = stack.pushHome()
        _ = try stack.pop()
        try test(reference, heapType, nullable: flags & 2 != 0, to: answer)
        let isTaken = Comparison(
            family: .i32, code: opcode == .brOnCast ? 1 : 0, left: answer, right: 0, constant: 0)
        try emitBranch(on: isTaken, to: label)
    }
}

extension StorageType {
    /// From the row that reads eight bits with a sign.
    fileprivate func readDistance(isSigned: Bool) -> UInt16 {
        switch kind {
        case APUS_STORAGE_8: isSigned ? 0 : 1
        case APUS_STORAGE_16: isSigned ? 2 : 3
        default: writeDistance + 2
        }
    }

    /// From the row that writes eight bits.
    fileprivate var writeDistance: UInt16 {
        switch kind {
        case APUS_STORAGE_8: 0
        case APUS_STORAGE_16: 1
        case APUS_STORAGE_32: 2
        case APUS_STORAGE_128: 4
        default: 3
        }
    }
}
