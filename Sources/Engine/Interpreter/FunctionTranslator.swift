// Translates one validated body to register code, in one pass.
//
// The operand stack exists only here (`OperandStack`): a `local.get` or a constant costs no instruction, an operation
// reads its operands where they are, and `local.set` of a fresh result redirects the instruction that computed it. A
// comparison that feeds a branch becomes one instruction with it. Code that cannot be reached is not translated.
//
// Frame, from the base: parameters and results, header, other locals, operands' homes; see `apus_code`.

import CApus
import Execution
import InternalUtilities
import WasmBinary
import WasmTypes

/// The state of one translation.
struct FunctionTranslator: ~Copyable {
    let module: Module
    let binary: BinaryModule
    let type: FunctionType

    /// Each local's slot; the top bit says that it is a vector.
    var localSlots: [UInt32] = []
    var headerSlot: UInt16 = 0
    var zeroedSlots = 0

    var stack = OperandStack(firstHome: 0)
    var code: CodeBuffer
    var frames = PlainStack<ControlFrame>(capacity: 32)
    /// The catch clauses of the `try_table`s that are open.
    var clauses: [CatchClause] = []
    var handlers: [ExceptionHandler] = []

    /// A slot number is 16 bits.
    static let greatestSlot = 65_535

    /// Reads the body's locals and lays out the frame.
    init(module: Module, type: FunctionType, locals reader: inout ByteReader) throws(BinaryError) {
        self.module = module
        self.binary = module.binary
        self.type = type
        code = CodeBuffer(capacity: reader.remaining * 2)
        var slot: UInt32 = 0
        localSlots.reserveCapacity(type.parameters.count + 8)
        for parameter in type.parameters {
            localSlots.append(slot | (parameter.isVector ? Self.wideLocal : 0))
            slot += parameter.isVector ? 2 : 1
        }
        let header = max(slot, type.results.slotCount)
        slot = header + UInt32(APUS_HEADER_SLOTS)
        let firstLocal = slot
        for _ in 0..<(try reader.readVarUInt32()) {
            let count = try reader.readVarUInt32()
            let isWide = try reader.readValueType().isVector
            guard UInt64(slot) + UInt64(count) * (isWide ? 2 : 1) <= UInt64(Self.greatestSlot) else { throw Self.tooManySlots(reader.position) }
            for _ in 0..<count {
                localSlots.append(slot | (isWide ? Self.wideLocal : 0))
                slot += isWide ? 2 : 1
            }
        }
        guard slot <= UInt32(Self.greatestSlot) else { throw Self.tooManySlots(reader.position) }
        headerSlot = UInt16(header)
        zeroedSlots = Int(slot - firstLocal)
        stack = OperandStack(firstHome: Int(slot))
    }

    private static let wideLocal: UInt32 = 1 << 31

    private static func tooManySlots(_ position: Int) -> BinaryError {
        BinaryError(.limit, "the function needs more than \(greatestSlot) stack slots", at: position)
    }

    mutating func translate(_ reader: inout ByteReader) throws(BinaryError) -> ProducedCode {
        frames.push(ControlFrame(kind: .function, type: .empty, parameterCount: 0, resultCount: type.results.count,
            height: 0, firstHome: stack.nextHome))
        do {
            while frames.count > 0 {
                try translateInstruction(&reader)
            }
        } catch let error as BinaryError {
            throw error
        } catch {
            throw BinaryError(.invalid, "a validated body could not be translated", at: reader.position)
        }
        let frameSlots = stack.highestSlot + Int(APUS_HEADER_SLOTS)
        guard frameSlots <= Self.greatestSlot else { throw Self.tooManySlots(reader.position) }
        var produced = ProducedCode()
        produced.words = code.words
        produced.frameSlots = frameSlots
        produced.zeroedSlots = zeroedSlots
        produced.handlers = handlers
        return produced
    }

    private mutating func translateInstruction(_ reader: inout ByteReader) throws {
        let opcode = try reader.readOpcode()
        switch opcode {
        case .nop: break
        case .drop: _ = try stack.pop()

        // MARK: Control
        case .unreachable:
            code.emit(APUS_unreachable)
            try skipUnreachable(&reader)
        case .block: try beginBlock(.block, type: reader.readBlockType())
        case .loop: try beginBlock(.loop, type: reader.readBlockType())
        case .if: try beginIf(type: reader.readBlockType())
        case .else: try beginElse()
        case .end: try endBlock()
        case .br:
            try branch(to: reader.readVarUInt32())
            try skipUnreachable(&reader)
        case .brIf: try branchIf(to: reader.readVarUInt32())
        case .brTable:
            try branchTable(&reader)
            try skipUnreachable(&reader)
        case .brOnNull: try branchOnNull(to: reader.readVarUInt32())
        case .brOnNonNull: try branchOnNonNull(to: reader.readVarUInt32())
        case .return:
            try emitReturn()
            try skipUnreachable(&reader)

        // MARK: Calls
        case .call: try call(FunctionIndex(reader.readVarUInt32()), isTail: false)
        case .returnCall:
            try call(FunctionIndex(reader.readVarUInt32()), isTail: true)
            try skipUnreachable(&reader)
        case .callIndirect, .returnCallIndirect:
            let typeIndex = TypeIndex(try reader.readVarUInt32())
            let table = try reader.readVarUInt32()
            try callIndirect(typeIndex, table: table, isTail: opcode == .returnCallIndirect)
            if opcode == .returnCallIndirect { try skipUnreachable(&reader) }
        case .callRef: try callReference(TypeIndex(reader.readVarUInt32()), isTail: false)
        case .returnCallRef:
            try callReference(TypeIndex(reader.readVarUInt32()), isTail: true)
            try skipUnreachable(&reader)

        // MARK: Exceptions
        case .tryTable: try beginTryTable(&reader)
        case .throw:
            try emitThrow(TagIndex(reader.readVarUInt32()))
            try skipUnreachable(&reader)
        case .throwRef:
            let exception = try read(stack.pop())
            code.emit(APUS_throw_ref, UInt64(exception))
            try skipUnreachable(&reader)

        // MARK: Legacy exceptions
        case .try: try beginTry(type: reader.readBlockType())
        case .catch: try beginCatch(TagIndex(reader.readVarUInt32()), isReached: true)
        case .catchAll: try beginCatch(nil, isReached: true)
        case .delegate: try endDelegating(to: reader.readVarUInt32(), isReached: true)
        case .rethrow:
            try rethrow(from: reader.readVarUInt32())
            try skipUnreachable(&reader)

        // MARK: Variables
        case .localGet:
            let local = try local(reader.readVarUInt32())
            stack.pushLocal(local.slot, isWide: local.isWide)
        case .localSet: try setLocal(reader.readVarUInt32(), keepsValue: false)
        case .localTee: try setLocal(reader.readVarUInt32(), keepsValue: true)
        case .globalGet:
            let index = try reader.readVarUInt32()
            let isWide = try globalType(index).isVector
            let home = stack.pushHome(isWide: isWide)
            code.emitDefinition(isWide ? APUS_global_get2 : APUS_global_get, CodeBuffer.pack(home, 0, immediate: index))
        case .globalSet:
            let index = try reader.readVarUInt32()
            let value = try read(stack.pop())
            let isWide = try globalType(index).isVector
            code.emit(isWide ? APUS_global_set2 : APUS_global_set, CodeBuffer.pack(value, 0, immediate: index))

        // MARK: Constants
        case .i32Const: stack.pushConstant(UInt64(UInt32(bitPattern: try reader.readVarInt32())))
        case .i64Const: stack.pushConstant(UInt64(bitPattern: try reader.readVarInt64()))
        case .f32Const: stack.pushConstant(UInt64(try reader.readFixed32()))
        case .f64Const: stack.pushConstant(try reader.readFixed64())

        // MARK: Selection
        case .select: try select()
        case .selectTyped:
            for _ in 0..<(try reader.readVarUInt32()) { _ = try reader.readValueType() }
            try select()

        default:
            if try translateNumeric(opcode) { return }
            if try translateMemory(opcode, &reader) { return }
            if try translateReference(opcode, &reader) { return }
            if try translateObject(opcode, &reader) { return }
            if try translateWideArithmetic(opcode) { return }
            if try translateAtomic(opcode, &reader) { return }
            if try translateVector(opcode, &reader) { return }
            throw BinaryError(.unsupported, "\(opcode) is not executed yet", at: reader.position)
        }
    }

    // MARK: - Operands

    /// The slot to read an operand from; what is nowhere yet is put into its home first.
    mutating func read(_ operand: Operand) -> UInt16 {
        switch operand.location {
        case .home, .local: break
        case .constant, .sum: move(operand, to: operand.home)
        }
        return operand.slot
    }

    /// Copies an operand on the stack to its home, if it is not there.
    mutating func settle(_ position: Int) {
        let operand = stack[position]
        if operand.location == .home { return }
        move(operand, to: operand.home)
        stack.settle(position)
    }

    /// Copies the operands from `position` up to their homes.
    mutating func settle(from position: Int) {
        for position in position..<stack.count { settle(position) }
    }

    /// Puts all operands that depend on locals, or only those that depend on one, into their homes.
    mutating func settleLocals(in slot: UInt16? = nil) -> Bool {
        guard stack.localCount > 0 else { return false }
        var any = false
        for position in 0..<stack.count {
            guard let local = stack[position].localSlot, slot == nil || slot == local else { continue }
            settle(position)
            any = true
        }
        return any
    }

    mutating func copy(to destination: UInt16, from source: UInt16, isWide: Bool) {
        if destination == source { return }
        if isWide {
            code.emit(APUS_copy2, CodeBuffer.pack(destination, source, 0))
        } else {
            code.emitCopy(to: destination, from: source)
        }
    }

    /// Puts an operand's value into a slot.
    mutating func move(_ operand: Operand, to destination: UInt16) {
        switch operand.location {
        case .constant: code.emitConstant(operand.payload, to: destination)
        case .sum:
            let local = UInt16(truncatingIfNeeded: operand.payload)
            code.emitDefinition(APUS_i32_add_dai, CodeBuffer.pack(destination, local, immediate: operand.addend))
        case .home, .local: copy(to: destination, from: operand.slot, isWide: operand.isWide)
        }
    }

    // MARK: - Locals, globals, selection

    func local(_ index: UInt32) throws -> (slot: UInt16, isWide: Bool) {
        guard localSlots.indices.contains(Int(index)) else { throw TranslationDefect() }
        let packed = localSlots[Int(index)]
        return (UInt16(truncatingIfNeeded: packed), packed & Self.wideLocal != 0)
    }

    private func globalType(_ index: UInt32) throws -> ValueType {
        guard binary.globals.indices.contains(Int(index)) else { throw TranslationDefect() }
        return binary.globals[Int(index)].type.valueType
    }

    private mutating func setLocal(_ index: UInt32, keepsValue: Bool) throws {
        let local = try local(index)
        let operand = try stack.pop()
        let settled = settleLocals(in: local.slot)
        let isRedirected = !settled && operand.location == .home && code.redirect(operand.home, to: local.slot)
        if !isRedirected { move(operand, to: local.slot) }
        if keepsValue { stack.pushLocal(local.slot, isWide: local.isWide) }
    }

    private mutating func select() throws {
        let condition = try stack.pop()
        let otherwise = try stack.pop()
        let chosen = try stack.pop()
        let slots = (read(condition), read(chosen), read(otherwise))
        let home = stack.pushHome(isWide: chosen.isWide)
        code.emitDefinition(chosen.isWide ? APUS_select2 : APUS_select, CodeBuffer.pack(home, slots.0, slots.1, slots.2))
    }
}
