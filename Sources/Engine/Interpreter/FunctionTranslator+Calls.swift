// Calls, tail calls, exceptions and references.
//
// A callee's frame begins at the home of its first argument, so arguments that are in their homes are passed already,
// and results appear in the homes that they have on the caller's operand stack.

import InternalUtilities
import CApus
import Execution
import WasmBinary
import WasmTypes

extension FunctionTranslator {
    // MARK: - Calls

    mutating func call(_ index: FunctionIndex, isTail: Bool) throws {
        guard let callee = binary.functionType(of: index) else { throw TranslationDefect() }
        let base = try passArguments(callee, isTail: isTail)
        if let record = unsafe module.record(of: index) {
            let address = UInt64(UInt(bitPattern: record))
            if isTail {
                code.emit(APUS_return_call, CodeBuffer.pack(base, headerSlot, 0), address)
            } else {
                code.emit(APUS_call, UInt64(base), address)
            }
        } else if isTail {
            code.emit(APUS_return_call_import, CodeBuffer.pack(base, headerSlot, immediate: index.rawValue))
        } else {
            code.emit(APUS_call_import, CodeBuffer.pack(base, 0, immediate: index.rawValue))
        }
        if !isTail { pushResults(callee) }
    }

    mutating func callIndirect(_ index: TypeIndex, table: UInt32, isTail: Bool) throws {
        guard let callee = binary.functionType(at: index) else { throw TranslationDefect() }
        let element = read(try stack.pop())
        let base = try passArguments(callee, isTail: isTail)
        let descriptor = module.typeDescriptor(index).address
        let operands = CodeBuffer.pack(base, element, immediate: table)
        if isTail {
            code.emit(APUS_return_call_indirect, operands, descriptor)
            code.append(UInt64(headerSlot))
        } else {
            code.emit(APUS_call_indirect, operands, descriptor)
            pushResults(callee)
        }
    }

    mutating func callReference(_ index: TypeIndex, isTail: Bool) throws {
        guard let callee = binary.functionType(at: index) else { throw TranslationDefect() }
        let reference = read(try stack.pop())
        let base = try passArguments(callee, isTail: isTail)
        if isTail {
            code.emit(APUS_return_call_ref, CodeBuffer.pack(base, reference, headerSlot))
        } else {
            code.emit(APUS_call_ref, CodeBuffer.pack(base, reference, 0))
            pushResults(callee)
        }
    }

    /// Puts the arguments into their homes, pops them, and returns the first home.
    private mutating func passArguments(_ callee: FunctionType, isTail: Bool) throws -> UInt16 {
        let base = try popSettled(callee.parameters.count)
        stack.reserve(base)
        return base
    }

    private mutating func pushResults(_ callee: FunctionType) {
        for result in callee.results { stack.pushHome(isWide: result.isVector) }
    }

    // MARK: - Exceptions

    mutating func emitThrow(_ tag: TagIndex) throws {
        guard let type = binary.functionType(of: tag) else { throw TranslationDefect() }
        let first = try popSettled(type.parameters.count)
        stack.reserve(first)
        code.emit(APUS_throw, CodeBuffer.pack(first, 0, immediate: tag.rawValue))
    }

    mutating func beginTryTable(_ reader: inout ByteReader) throws {
        let type = try reader.readBlockType()
        let first = clauses.count
        for _ in 0..<(try reader.readVarUInt32()) { clauses.append(try reader.readCatchClause()) }
        try beginBlock(.tryTable, type: type)
        code.seal()
        guard var frame = frames.pop() else { throw TranslationDefect() }
        frame.firstClause = first
        frame.clauseCount = clauses.count - first
        frames.push(frame)
    }

    /// A landing for each clause of a `try_table` whose body just ended: the values arrive in the homes above the block's
    /// height and are taken to the clause's label. The block's frame is off the stack, as the labels count.
    mutating func emitLandings(of frame: inout ControlFrame, bodyEnd: Int) throws {
        for clause in clauses[frame.firstClause..<frame.firstClause + frame.clauseCount] {
            try stack.truncate(to: frame.height)
            let firstSlot = frame.firstHome
            let (tag, wantsReference, label): (TagIndex?, Bool, LabelIndex) =
                switch clause {
                case .tag(let tag, let label): (tag, false, label)
                case .tagReference(let tag, let label): (tag, true, label)
                case .all(let label): (nil, false, label)
                case .allReference(let label): (nil, true, label)
                }
            if let tag {
                guard let type = binary.functionType(of: tag) else { throw TranslationDefect() }
                for parameter in type.parameters { stack.pushHome(isWide: parameter.isVector) }
            }
            let referenceSlot = wantsReference ? Int(stack.pushHome()) : nil
            code.seal()
            handlers.append(
                ExceptionHandler(
                    range: frame.start..<bodyEnd, depth: frames.count,
                    action: .take(tag: tag, firstSlot: firstSlot, referenceSlot: referenceSlot, target: code.count)))
            try branch(to: label.rawValue)
        }
        clauses.removeSubrange(frame.firstClause...)
    }

    // MARK: - References

    /// Translates a reference instruction; returns false for any other.
    mutating func translateReference(_ opcode: Opcode, _ reader: inout ByteReader) throws -> Bool {
        switch opcode {
        case .refNull:
            _ = try reader.readHeapType()
            stack.pushConstant(0)
        case .refIsNull:
            let reference = read(try stack.pop())
            code.emitDefinition(APUS_ref_is_null, CodeBuffer.pack(stack.pushHome(), reference, 0))
        case .refFunc: try serve(APUS_SERVICE_REF_FUNC, operands: 0, results: 1, reader.readVarUInt32())
        case .refAsNonNull:
            let operand = try stack.pop()
            let slot = read(operand)
            code.emit(APUS_ref_as_non_null, UInt64(slot))
            if operand.location == .local {
                stack.pushLocal(slot, isWide: false)
            } else {
                stack.pushHome()
            }
        default: return false
        }
        return true
    }
}
