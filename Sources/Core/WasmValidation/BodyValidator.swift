// Validation of function bodies, by the algorithm of the specification's appendix (section 7.3): one pass, a stack of
// operand types and a stack of control frames.
//
// A validator is used for many bodies one after another and keeps its storage; nothing is allocated for a body. What of
// the innermost frame every instruction needs (`height`, `isUnreachable`) is kept beside the stack of frames.

import InternalUtilities
import WasmBinary
import WasmTypes

/// A block being validated.
struct ControlFrame: BitwiseCopyable {
    /// The instruction that opened it: block, loop, if, else, try_table, try, catch or catch_all; `.unreachable` for the function's own frame.
    var opcode: Opcode
    var isUnreachable: Bool
    var parameters: TypeList
    var results: TypeList
    /// The number of operands below the block's own.
    var height: Int
    /// How many locals of the list of initialised ones were initialised before the block.
    var initializedCount: Int

    /// What a branch to the frame's label takes.
    var labelTypes: TypeList {
        @inline(__always) get { opcode == .loop ? parameters : results }
    }
}

/// Validates bodies of one module, one at a time.
struct BodyValidator: ~Copyable {
    let context: ModuleContext
    let types: TypeTable
    /// The features' bits, and bit 63, which stands for WebAssembly 1.0.
    let featureBits: UInt64

    var operands = PlainStack<UInt32>(capacity: 1024)
    var frames = PlainStack<ControlFrame>(capacity: 128)
    /// The module's words, and above them those of types that only a block of this body spells out.
    var words: PlainStack<UInt32>

    var locals: LocalTypes
    var initializedLocals = InitializedLocals()
    /// What the function gives.
    var results = TypeList.empty

    /// Of the innermost frame.
    var height = 0
    /// Of the innermost frame.
    var isUnreachable = false
    /// The instruction at work, for errors.
    var opcode = Opcode.unreachable
    var offset = 0

    init(_ context: ModuleContext) {
        self.context = context
        types = context.types
        featureBits = context.features.rawValue | 1 << 63
        words = PlainStack(capacity: context.types.words.count + 16)
        for index in 0..<context.types.words.count { words.push(context.types.words[index]) }
        locals = LocalTypes()
    }

    /// Validates one body.
    ///
    /// - Parameters:
    ///   - reader: at the body's start; its end is the body's.
    ///   - type: the function's.
    mutating func validate(_ reader: inout ByteReader, type: FlatFunctionType) throws(BinaryError) {
        operands.truncate(to: 0)
        frames.truncate(to: 0)
        words.truncate(to: types.words.count)
        locals.reset()
        initializedLocals.reset()
        results = type.results
        opcode = .unreachable
        for index in 0..<type.parameters.count { locals.append(words[Int(type.parameters.start + index)], count: 1) }
        try readLocals(&reader, parameterCount: type.parameters.count)
        pushFrame(.unreachable, parameters: .empty, results: type.results)
        try validateInstructions(&reader)
    }

    private mutating func readLocals(_ reader: inout ByteReader, parameterCount: UInt32) throws(BinaryError) {
        let runs = try reader.readCount(limit: .max, of: "runs of locals")
        var total = UInt64(parameterCount)
        for _ in 0..<runs {
            offset = reader.position
            let count = try reader.readVarUInt32()
            total += UInt64(count)
            guard total <= UInt64(UInt32.max) else { throw reader.malformed("too many locals", at: offset) }
            let type = try reader.readValueType()
            if type.word < 0x7C || type.word > 0x7F { try validate(type) }
            if !type.isDefaultable { initializedLocals.isNeeded = true }
            // The rule above is the format's and comes first; beyond the limit nothing is kept.
            if total <= UInt64(DecodingLimits.functionLocals) { locals.append(type.word, count: count) }
        }
        guard total <= UInt64(DecodingLimits.functionLocals) else {
            throw BinaryError(
                .limit, "too many locals: \(total), and at most \(DecodingLimits.functionLocals) are allowed", at: offset)
        }
        initializedLocals.parameterCount = parameterCount
    }

    func validate(_ type: ValueType) throws(BinaryError) {
        try type.validate(typeCount: types.types.count, features: context.features, at: offset)
    }

    // MARK: - Operands

    @inline(__always)
    mutating func push(_ word: UInt32) {
        operands.push(word)
    }

    @inline(__always)
    mutating func push(_ type: ValueType) {
        operands.push(type.word)
    }

    /// Takes an operand that must match `expected`, and gives its own type, or the bottom type.
    @inline(__always) @discardableResult
    mutating func pop(_ expected: UInt32) throws(BinaryError) -> UInt32 {
        if operands.count > height, let found = operands.last {
            if found == expected || types.matchesSlowly(found, expected) {
                _ = operands.pop()
                return found
            }
        }
        return try popSlowly(expected)
    }

    @inline(__always) @discardableResult
    mutating func pop(_ expected: ValueType) throws(BinaryError) -> UInt32 {
        try pop(expected.word)
    }

    @inline(never)
    private mutating func popSlowly(_ expected: UInt32) throws(BinaryError) -> UInt32 {
        guard operands.count > height else {
            if isUnreachable { return BottomType.value }
            throw stackMismatch(required: describe(expected), found: "")
        }
        throw stackMismatch(required: describe(expected), found: describe(operands.last ?? BottomType.value))
    }

    /// Takes an operand of any type; the bottom type where unreachable code has none.
    @inline(__always)
    mutating func popAny() throws(BinaryError) -> UInt32 {
        if operands.count > height, let found = operands.pop() { return found }
        if isUnreachable { return BottomType.value }
        throw mismatch(expected: "a value", found: "nothing")
    }

    /// Takes an operand that must be a reference.
    mutating func popReference() throws(BinaryError) -> UInt32 {
        let found = try popAny()
        if found == BottomType.value { return BottomType.reference }
        guard found & 0xFF == 1 else { throw mismatch(expected: "a reference", found: describe(found)) }
        return found
    }

    @inline(__always)
    mutating func pop(_ list: TypeList) throws(BinaryError) {
        var index = Int(list.start &+ list.count)
        while index > Int(list.start) {
            index &-= 1
            try pop(words[index])
        }
    }

    @inline(__always)
    mutating func push(_ list: TypeList) {
        for index in 0..<list.count { operands.push(words[Int(list.start &+ index)]) }
    }

    // MARK: - Frames

    /// Opens a frame whose parameters are not yet on the stack.
    @inline(__always)
    mutating func pushFrame(_ opcode: Opcode, parameters: TypeList, results: TypeList) {
        if frames.count > 0 { frames[frames.count &- 1].isUnreachable = isUnreachable }
        height = operands.count
        isUnreachable = false
        frames.push(
            ControlFrame(
                opcode: opcode, isUnreachable: false, parameters: parameters, results: results, height: height,
                initializedCount: initializedLocals.count))
        push(parameters)
    }

    /// Closes the innermost frame, whose results must be all that is left on its stack. They are taken off.
    @inline(__always)
    mutating func popFrame() throws(BinaryError) -> ControlFrame {
        guard let frame = frames.last else { throw internalError() }
        try pop(frame.results)
        guard operands.count == height else { throw valuesLeft(besides: frame.results) }
        _ = frames.pop()
        if initializedLocals.isNeeded { initializedLocals.restore(to: frame.initializedCount) }
        if let outer = frames.last {
            height = outer.height
            isUnreachable = outer.isUnreachable
        }
        return frame
    }

    /// The rest of the block is not reached.
    @inline(__always)
    mutating func setUnreachable() {
        operands.truncate(to: height)
        isUnreachable = true
    }

    // Not altering anything, but a borrow of all of `self` is compiled as a copy of it.

    /// What a branch to a label takes.
    @inline(__always)
    mutating func labelTypes(_ label: UInt32) throws(BinaryError) -> TypeList {
        let index = frames.count &- 1 &- Int(label)
        guard index >= 0 else { throw unknown("label", label) }
        return frames[index].labelTypes
    }
}
