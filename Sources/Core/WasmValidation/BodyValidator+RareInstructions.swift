// Instructions that are neither frequent nor described by their row alone: control of the rarer kind, references, tables
// and bulk memory (core specification, sections 3.4.2 to 3.4.6).

import InternalUtilities
import WasmBinary
import WasmTypes

extension BodyValidator {
    @inline(never)
    mutating func validateRareInstruction(_ reader: inout ByteReader) throws(BinaryError) {
        switch opcode {
        case .unreachable: setUnreachable()
        case .nop: break
        case .if:
            let type = try readBlockType(&reader)
            try pop(.i32)
            try pop(type.parameters)
            pushFrame(.if, parameters: type.parameters, results: type.results)
            if frames.count > DecodingLimits.blockDepth { throw tooDeep() }
        case .else: try validateElse()
        case .tryTable: try validateTryTable(&reader)
        case .throw:
            try pop(try tagParameters(try reader.readVarUInt32()))
            setUnreachable()
        case .throwRef:
            try pop(.exnref)
            setUnreachable()
        case .try, .catch, .catchAll, .delegate, .rethrow: try validateLegacyException(&reader)
        case .brTable: try validateBranchTable(&reader)
        case .return:
            try pop(results)
            setUnreachable()
        case .callIndirect: try finishCall(try validateCallIndirect(&reader))
        case .returnCallIndirect: try finishTailCall(try validateCallIndirect(&reader))
        case .callRef: try finishCall(try validateCallReference(&reader))
        case .returnCallRef: try finishTailCall(try validateCallReference(&reader))
        case .returnCall:
            let type = try functionType(try reader.readVarUInt32())
            try pop(type.parameters)
            try finishTailCall(type)
        case .selectTyped: try validateTypedSelect(&reader)
        case .refNull, .refIsNull, .refFunc, .refAsNonNull, .brOnNull, .brOnNonNull: try validateReference(&reader)
        case .tableGet, .tableSet, .tableSize, .tableGrow, .tableFill, .tableCopy, .tableInit, .elemDrop:
            try validateTable(&reader)
        case .memorySize, .memoryGrow, .memoryFill, .memoryCopy, .memoryInit, .dataDrop: try validateMemory(&reader)
        case .refEq: try validateObject(&reader)
        default:
            guard opcode.rawValue >= Opcode.structNew.rawValue, opcode.rawValue <= Opcode.i31GetU.rawValue else {
                throw internalError()
            }
            try validateObject(&reader)
        }
    }

    private mutating func validateTypedSelect(_ reader: inout ByteReader) throws(BinaryError) {
        let count = try reader.readCount(limit: DecodingLimits.functionResults, of: "result types")
        guard count == 1 else { throw invalid("invalid result arity: select has \(count) types") }
        let type = try reader.readValueType()
        try validate(type)
        try pop(.i32)
        try pop(type)
        try pop(type)
        push(type)
    }

    // MARK: - References

    private mutating func validateReference(_ reader: inout ByteReader) throws(BinaryError) {
        switch opcode {
        case .refNull:
            let type = ValueType.reference(try reader.readHeapType(), nullable: true)
            try validate(type)
            push(type)
        case .refIsNull:
            _ = try popReference()
            push(.i32)
        case .refFunc:
            let index = try reader.readVarUInt32()
            guard let type = context.functions.at(index) else { throw unknown("function", index) }
            guard context.declaredFunctions.at(index) ?? false else {
                throw invalid("undeclared function reference \(index)")
            }
            push(.reference(.defined(TypeIndex(type)), nullable: false))
        case .refAsNonNull:
            push(try popReference() & ~BottomType.nullableBit)
        case .brOnNull:
            let label = try labelTypes(try reader.readVarUInt32())
            let reference = try popReference()
            try pop(label)
            push(label)
            push(reference & ~BottomType.nullableBit)
        default:
            let index = try reader.readVarUInt32()
            let label = try labelTypes(index)
            let reference = try popReference()
            guard label.count > 0 else {
                throw mismatch(expected: "a label that takes a reference", found: "one that takes nothing")
            }
            let last = words[Int(label.start + label.count - 1)]
            guard types.matches(reference & ~BottomType.nullableBit, last) else {
                throw mismatch(expected: describe(last), found: describe(reference & ~BottomType.nullableBit))
            }
            let rest = TypeList(start: label.start, count: label.count - 1)
            try pop(rest)
            push(rest)
        }
    }

    // MARK: - Tables

    private func table(_ index: UInt32) throws(BinaryError) -> ModuleContext.FlatTable {
        guard let table = context.tables.at(index) else { throw unknown("table", index) }
        return table
    }

    private func element(_ index: UInt32) throws(BinaryError) -> UInt32 {
        guard let word = context.elements.at(index) else { throw unknown("elem segment", index) }
        return word
    }

    /// The smaller of two address types: that of a length that must hold for both.
    private func smaller(_ first: UInt32, _ second: UInt32) -> UInt32 {
        first == ValueType.i64.word && second == ValueType.i64.word ? first : ValueType.i32.word
    }

    private mutating func validateTable(_ reader: inout ByteReader) throws(BinaryError) {
        switch opcode {
        case .tableGet:
            let table = try table(try reader.readVarUInt32())
            try pop(table.address)
            push(table.word)
        case .tableSet:
            let table = try table(try reader.readVarUInt32())
            try pop(table.word)
            try pop(table.address)
        case .tableSize: push(try table(try reader.readVarUInt32()).address)
        case .tableGrow:
            let table = try table(try reader.readVarUInt32())
            try pop(table.address)
            try pop(table.word)
            push(table.address)
        case .tableFill:
            let table = try table(try reader.readVarUInt32())
            try pop(table.address)
            try pop(table.word)
            try pop(table.address)
        case .tableCopy:
            let destination = try table(try reader.readVarUInt32())
            let source = try table(try reader.readVarUInt32())
            guard types.matches(source.word, destination.word) else {
                throw mismatch(expected: "a table of \(describe(destination.word))", found: "one of \(describe(source.word))")
            }
            try pop(smaller(destination.address, source.address))
            try pop(source.address)
            try pop(destination.address)
        case .tableInit:
            let segment = try reader.readVarUInt32()
            let table = try table(try reader.readVarUInt32())
            let word = try element(segment)
            guard types.matches(word, table.word) else {
                throw mismatch(expected: "elements of \(describe(table.word))", found: "elements of \(describe(word))")
            }
            try pop(.i32)
            try pop(.i32)
            try pop(table.address)
        default: _ = try element(try reader.readVarUInt32())
        }
    }

    // MARK: - Memories

    private func memory(_ index: UInt32) throws(BinaryError) -> UInt32 {
        guard let address = context.memories.at(index) else { throw unknown("memory", index) }
        return address
    }

    /// Checks a data segment's index, by the data count: the data section comes after the bodies.
    func checkData(_ index: UInt32) throws(BinaryError) {
        guard let count = context.module.dataCount else {
            throw BinaryError(.malformed, "data count section required", at: offset)
        }
        guard index < count else { throw unknown("data segment", index) }
    }

    private mutating func validateMemory(_ reader: inout ByteReader) throws(BinaryError) {
        switch opcode {
        case .memorySize: push(try memory(try reader.readVarUInt32()))
        case .memoryGrow:
            let address = try memory(try reader.readVarUInt32())
            try pop(address)
            push(address)
        case .memoryFill:
            let address = try memory(try reader.readVarUInt32())
            try pop(address)
            try pop(.i32)
            try pop(address)
        case .memoryCopy:
            let destination = try memory(try reader.readVarUInt32())
            let source = try memory(try reader.readVarUInt32())
            try pop(smaller(destination, source))
            try pop(source)
            try pop(destination)
        case .memoryInit:
            let segment = try reader.readVarUInt32()
            let address = try memory(try reader.readVarUInt32())
            try checkData(segment)
            try pop(.i32)
            try pop(.i32)
            try pop(address)
        default: try checkData(try reader.readVarUInt32())
        }
    }
}
