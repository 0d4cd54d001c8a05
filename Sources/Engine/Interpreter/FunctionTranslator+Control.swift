// Blocks and branches.
//
// At a block's border every value that crosses it is in its home, so that all ways to a label agree where its values
// are. A label of no values, which is nearly every one, costs nothing at all.

import InternalUtilities
import CApus
import Execution
import WasmBinary
import WasmTypes

extension FunctionTranslator {
    // MARK: - Blocks

    mutating func beginBlock(_ kind: ControlFrame.Kind, type: BlockType) throws {
        let counts = try valueCounts(of: type)
        guard stack.count >= counts.parameters else { throw TranslationDefect() }
        let height = stack.count - counts.parameters
        // What lies below must not depend on how often the block's code runs.
        _ = settleLocals()
        settle(from: height)
        let firstHome = counts.parameters > 0 ? Int(stack[height].home) : stack.nextHome
        var frame = ControlFrame(
            kind: kind, type: type, parameterCount: counts.parameters, resultCount: counts.results, height: height,
            firstHome: firstHome)
        if kind == .loop { code.seal() }
        frame.start = code.count
        frames.push(frame)
    }

    mutating func beginIf(type: BlockType) throws {
        let condition = try takeCondition()
        try beginBlock(.ifThen, type: type)
        let start = code.emitConditional(condition.inverted)
        guard var frame = frames.pop() else { throw TranslationDefect() }
        code.link(conditionalAt: start, &frame.otherwise)
        frames.push(frame)
    }

    mutating func beginElse() throws {
        guard var frame = frames.pop(), frame.kind == .ifThen else { throw TranslationDefect() }
        settle(from: stack.count - frame.resultCount)
        code.emitBranch(&frame.end)
        try enterElse(frame)
    }

    /// The second arm's beginning, whether or not the first one's end can be reached.
    private mutating func enterElse(_ frame: ControlFrame) throws {
        var frame = frame
        frame.kind = .ifElse
        code.bind(&frame.otherwise)
        try stack.truncate(to: frame.height)
        try pushHomes(parametersOf: frame)
        frames.push(frame)
    }

    /// The end of a block that control reaches.
    mutating func endBlock() throws {
        guard var frame = frames.pop() else { throw TranslationDefect() }
        if frame.kind == .function {
            frames.push(frame)
            try emitReturn()
            try finish(frame)
            return
        }
        guard stack.count >= frame.height + frame.resultCount else { throw TranslationDefect() }
        if frame.kind == .legacyCatch { return try endCatch(frame) }
        settle(from: frame.height)
        if frame.kind == .tryTable {
            let bodyEnd = code.count
            code.emitBranch(&frame.end)
            try emitLandings(of: &frame, bodyEnd: bodyEnd)
        }
        try close(frame)
    }

    /// Binds a block's label and leaves its results on the stack.
    mutating func close(_ frame: ControlFrame) throws {
        var frame = frame
        code.bind(&frame.otherwise)
        code.bind(&frame.end)
        try stack.truncate(to: frame.height)
        try pushHomes(resultsOf: frame)
    }

    /// The end of the body: branches to the function's own label return.
    private mutating func finish(_ frame: ControlFrame) throws {
        guard let last = frames.pop() else { throw TranslationDefect() }
        var label = last.end
        if label.isEmpty { return }
        code.bind(&label)
        try stack.truncate(to: 0)
        try pushHomes(resultsOf: last)
        frames.push(last)
        try emitReturn()
        _ = frames.pop()
    }

    /// Reads on, without translating, to the end or the `else` of the block that control just left, and takes it up there.
    mutating func skipUnreachable(_ reader: inout ByteReader) throws {
        var depth = 0
        while true {
            let opcode = try reader.readOpcode()
            switch opcode {
            case .block, .loop, .if, .tryTable, .try:
                depth += 1
            case .else where depth == 0:
                guard let frame = frames.pop() else { throw TranslationDefect() }
                return try enterElse(frame)
            case .end:
                if depth == 0 { return try endUnreachable() }
                depth -= 1
            case .catch where depth == 0:
                return try beginCatch(TagIndex(reader.readVarUInt32()), isReached: false)
            case .catchAll where depth == 0:
                return try beginCatch(nil, isReached: false)
            case .delegate:
                if depth == 0 { return try endDelegating(to: reader.readVarUInt32(), isReached: false) }
                depth -= 1
            default: break
            }
            try reader.skipImmediates(of: opcode)
        }
    }

    private mutating func endUnreachable() throws {
        guard var frame = frames.pop() else { throw TranslationDefect() }
        if frame.kind == .function {
            frames.push(frame)
            return try finish(frame)
        }
        if frame.kind == .ifThen {
            // The branch over the first arm brings the parameters, which are the results then.
            try stack.truncate(to: frame.height)
        }
        if frame.kind == .tryTable { try emitLandings(of: &frame, bodyEnd: code.count) }
        try close(frame)
    }

    // MARK: - Block types

    func valueCounts(of type: BlockType) throws -> (parameters: Int, results: Int) {
        switch type {
        case .empty: return (0, 0)
        case .value: return (0, 1)
        case .type:
            guard let function = binary.functionType(of: type) else { throw TranslationDefect() }
            return (function.parameters.count, function.results.count)
        }
    }

    private mutating func pushHomes(parametersOf frame: ControlFrame) throws {
        guard frame.parameterCount > 0 else { return }
        guard let type = binary.functionType(at: TypeIndex(frame.typeIndex)) else { throw TranslationDefect() }
        for parameter in type.parameters { stack.pushHome(isWide: parameter.isVector) }
    }

    private mutating func pushHomes(resultsOf frame: ControlFrame) throws {
        guard frame.resultCount > 0 else { return }
        if frame.kind != .function, frame.typeIndex == ControlFrame.noType {
            stack.pushHome(isWide: frame.hasWideResult)
            return
        }
        let type = frame.kind == .function ? self.type : binary.functionType(at: TypeIndex(frame.typeIndex))
        guard let type else { throw TranslationDefect() }
        for result in type.results { stack.pushHome(isWide: result.isVector) }
    }

    // MARK: - Branches

    func position(ofLabel depth: UInt32) throws -> Int {
        guard depth < UInt32(truncatingIfNeeded: frames.count) else { throw TranslationDefect() }
        return frames.count - 1 - Int(depth)
    }

    /// Whether the values of a branch are where the label wants them once they are in their homes.
    private func isAligned(_ frame: ControlFrame) -> Bool {
        let first = stack.count - frame.labelCount
        return frame.labelCount == 0 || (first >= 0 && Int(stack[first].home) == frame.firstHome)
    }

    /// Moves the topmost operands to where a label wants them. Downwards in ascending order, so none is overwritten early.
    mutating func moveLabelValues(of frame: ControlFrame) throws {
        let first = stack.count - frame.labelCount
        guard first >= 0 else { throw TranslationDefect() }
        var home = frame.firstHome
        for position in first..<stack.count {
            let operand = stack[position]
            if !(operand.location == .home && Int(operand.home) == home) {
                move(operand, to: UInt16(truncatingIfNeeded: home))
            }
            home += operand.isWide ? 2 : 1
        }
    }

    /// An unconditional branch; the operand stack is left as it is.
    mutating func branch(to depth: UInt32) throws {
        let position = try position(ofLabel: depth)
        if frames[position].kind == .function { return try emitReturn() }
        try moveLabelValues(of: frames[position])
        emitBranch(toFrameAt: position)
    }

    private mutating func emitBranch(toFrameAt position: Int) {
        if frames[position].kind == .loop {
            code.emitBranch(backTo: frames[position].start)
        } else {
            code.emitBranch(&frames[position].end)
        }
    }

    mutating func branchIf(to depth: UInt32) throws {
        try emitBranch(on: takeCondition(), to: depth)
    }

    mutating func emitBranch(on condition: Comparison, to depth: UInt32) throws {
        let position = try position(ofLabel: depth)
        let frame = frames[position]
        if frame.kind != .function, isAligned(frame) {
            settle(from: stack.count - frame.labelCount)
            let start = code.emitConditional(condition)
            if frame.kind == .loop {
                code.resolve(conditionalAt: start, backTo: frame.start)
            } else {
                code.link(conditionalAt: start, &frames[position].end)
            }
            return
        }
        // The values move only if the branch is taken, so branch around the moving.
        var over = PendingBranches()
        let start = code.emitConditional(condition.inverted)
        code.link(conditionalAt: start, &over)
        try branch(to: depth)
        code.bind(&over)
    }

    mutating func branchOnNull(to depth: UInt32) throws {
        settle(from: stack.count - 1)
        let reference = try stack.pop()
        try emitBranch(
            on: Comparison(family: .i64, code: 0, left: reference.slot, right: 0, constant: 0), to: depth)
        stack.pushHome()
    }

    mutating func branchOnNonNull(to depth: UInt32) throws {
        settle(from: stack.count - 1)
        let reference = stack[stack.count - 1]
        try emitBranch(
            on: Comparison(family: .i64, code: 1, left: reference.slot, right: 0, constant: 0), to: depth)
        _ = try stack.pop()
    }

    mutating func branchTable(_ reader: inout ByteReader) throws {
        let index = read(try stack.pop())
        let count = try reader.readVarUInt32()
        var targets: [Int] = []
        targets.reserveCapacity(Int(min(count, 1 << 16)) + 1)
        for _ in 0...UInt64(count) { targets.append(try position(ofLabel: reader.readVarUInt32())) }

        let start = code.count
        code.emit(APUS_br_table, CodeBuffer.pack(index, 0, immediate: count))
        for _ in targets { code.append(0) }
        // A label that needs values moved, or that is the function's own, is reached through a landing behind the table.
        var landings: [Int: Int] = [:]
        for (entry, position) in targets.enumerated() {
            let word = start + 2 + entry
            let frame = frames[position]
            if frame.kind != .function, frame.labelCount == 0 {
                if frame.kind == .loop {
                    code.setTableEntry(word, base: start, target: frame.start)
                } else {
                    code.link(word, base: start, isTableEntry: true, &frames[position].end)
                }
                continue
            }
            if let landing = landings[position] {
                code.setTableEntry(word, base: start, target: landing)
                continue
            }
            landings[position] = code.count
            code.seal()
            code.setTableEntry(word, base: start, target: code.count)
            try branch(to: UInt32(frames.count - 1 - position))
        }
    }

    /// Returns what is on top of the stack.
    mutating func emitReturn() throws {
        let count = type.results.count
        let first = stack.count - count
        guard first >= 0 else { throw TranslationDefect() }
        if count == 1, !stack[first].isWide {
            let slot = read(stack[first])
            code.emit(APUS_return1, CodeBuffer.pack(headerSlot, slot, 0))
            return
        }
        if count == 1 {
            // A vector, which is read before anything is written.
            move(stack[first], to: 0)
            code.emit(APUS_return0, UInt64(headerSlot))
            return
        }
        // Results go where the parameters were, so a parameter that is a result must leave its place first.
        if count > 0 {
            // The operands stay noted as they are: code after a conditional branch to here did not come this way.
            for position in first..<stack.count where stack[position].localSlot != nil {
                move(stack[position], to: stack[position].home)
            }
            var destination: UInt16 = 0
            for position in first..<stack.count {
                var operand = stack[position]
                if operand.localSlot != nil { operand.location = .home }
                move(operand, to: destination)
                destination += operand.isWide ? 2 : 1
            }
        }
        code.emit(APUS_return0, UInt64(headerSlot))
    }

    // MARK: - Conditions

    /// Pops an i32 condition, as a comparison that a branch can be fused with.
    mutating func takeCondition() throws -> Comparison {
        let operand = try stack.pop()
        if operand.location == .home {
            if let comparison = code.takeComparison(operand.home) { return comparison }
            if let mask = code.take(APUS_i32_and_dai, defining: operand.home) {
                return Comparison(family: .mask, code: 1, left: mask.left, right: 0, constant: UInt64(mask.immediate))
            }
        }
        return Comparison(family: .i32, code: 1, left: read(operand), right: 0, constant: 0)
    }
}
