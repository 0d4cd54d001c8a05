// Sequences of instructions, flat and folded (core specification, section 6.5), as a loop over a stack of what is open.
//
// A flat instruction is written to the body as it comes. A folded one is written behind its operands: until they have been
// read, it waits in `pending`.

import WasmBinary

extension ModuleParser {
    /// Parses instructions up to the parenthesis that closes what they stand in, or just one that is folded.
    mutating func parseInstructions(onlyOneFolded: Bool = false) throws(TextError) {
        repeat {
            let token = cursor.current
            switch token.kind {
            case .leftParenthesis:
                try openParenthesis()
            case .rightParenthesis where !frames.isEmpty:
                try closeFrame()
            case .rightParenthesis where !onlyOneFolded:
                return
            case .keyword where !onlyOneFolded || !frames.isEmpty:
                try parseFlat(token)
            default:
                throw cursor.unexpected("an instruction")
            }
        } while !onlyOneFolded || !frames.isEmpty
    }

    // MARK: - Flat instructions

    private mutating func parseFlat(_ token: Token) throws(TextError) {
        if let frame = frames.last {
            switch frame.kind {
            case .block, .then, .otherwise, .attempt, .handler, .handlerOfAll, .foldedBlock, .clause: break
            default: throw cursor.unexpected("( or )")
            }
        }
        guard let mnemonic = cursor.text.mnemonic(of: token) else { throw cursor.unexpected("an instruction") }
        let hint = annotations.isEmpty ? nil : try takeBranchHint(for: mnemonic.opcode)
        cursor.position += 1
        switch mnemonic.opcode {
        case .block, .loop, .tryTable: try openBlock(mnemonic.opcode, .block)
        case .if:
            record(hint)
            try openBlock(.if, .then)
        case .try: try openBlock(.try, .attempt)
        case .else:
            try continueBlock(token, from: [.then], to: .otherwise)
            body.write(Opcode.else)
            try takeEndLabel()
        case .catch:
            try continueBlock(token, from: [.attempt, .handler], to: .handler)
            body.write(Opcode.catch)
            body.writeVarUInt32(try takeIndex(tags))
        case .catchAll:
            try continueBlock(token, from: [.attempt, .handler], to: .handlerOfAll)
            body.write(Opcode.catchAll)
        case .delegate:
            try continueBlock(token, from: [.attempt], to: .attempt)
            labels.pop()
            frames.removeLast()
            body.write(Opcode.delegate)
            body.writeVarUInt32(try takeLabel())
        case .end:
            try continueBlock(
                token, from: [.block, .then, .otherwise, .attempt, .handler, .handlerOfAll], to: .block)
            try takeEndLabel()
            body.write(Opcode.end)
            labels.pop()
            frames.removeLast()
        default:
            record(hint)
            try parsePlain(mnemonic, token)
        }
    }

    /// Moves the innermost block from one of its parts to the next.
    private mutating func continueBlock(
        _ token: Token, from kinds: [BodyFrame.Kind], to kind: BodyFrame.Kind
    ) throws(TextError) {
        guard let frame = frames.indices.last, kinds.contains(frames[frame].kind) else { throw cursor.text.unexpected(token) }
        frames[frame].kind = kind
    }

    /// Takes the label that may stand behind `else` and `end`, which must be the block's own.
    private mutating func takeEndLabel() throws(TextError) {
        let token = cursor.current
        guard let symbol = cursor.takeIdentifierIf() else { return }
        guard frames.last?.symbol == symbol else {
            throw cursor.error("mismatching label \(cursor.spelling(symbol))", at: token)
        }
    }

    /// Opens a block whose opcode is already taken: writes it with its type, and pushes its label.
    private mutating func openBlock(_ opcode: Opcode, _ kind: BodyFrame.Kind) throws(TextError) {
        let symbol = cursor.takeIdentifierIf()
        let name = try takeName(symbol)
        body.write(opcode)
        body.write(try takeBlockType())
        if opcode == .tryTable { try parseCatchClauses() }
        pushLabel(symbol, name: name)
        frames.append(BodyFrame(kind: kind, symbol: symbol))
    }

    /// Opens the scope of a block's label. Blocks are numbered in the order of their opcodes in the body.
    private mutating func pushLabel(_ symbol: UInt32?, name: String?) {
        labels.push(symbol)
        if let name { labelNames.append(name, for: blockCount) }
        blockCount &+= 1
    }

    // MARK: - Folded instructions

    /// Takes a parenthesis and what stands behind it.
    private mutating func openParenthesis() throws(TextError) {
        let word = cursor.keyword(at: 1)
        if let innermost = frames.indices.last {
            switch frames[innermost].kind {
            case .foldedIf where word == .then:
                let frame = frames[innermost]
                record(frame.branchHint)
                pending.move(from: frame.pendingStart, to: &body)
                pushLabel(frame.symbol, name: frame.name)
                openClause(afterwards: .foldedIfAfterThen)
                return
            case .foldedIfAfterThen:
                guard word == .else else { throw unexpectedSecond() }
                body.write(Opcode.else)
                openClause(afterwards: .foldedIfAfterElse)
                return
            case .foldedTry:
                guard word == .do else { throw unexpectedSecond() }
                openClause(afterwards: .foldedTryAfterDo)
                return
            case .foldedTryAfterDo where word == .catch, .foldedTryAfterCatch where word == .catch:
                openClause(afterwards: .foldedTryAfterCatch)
                body.write(Opcode.catch)
                body.writeVarUInt32(try takeIndex(tags))
                return
            case .foldedTryAfterDo where word == .catchAll, .foldedTryAfterCatch where word == .catchAll:
                openClause(afterwards: .foldedTryAfterCatchAll)
                body.write(Opcode.catchAll)
                return
            case .foldedTryAfterDo where word == .delegate:
                cursor.position += 2
                labels.pop()
                body.write(Opcode.delegate)
                body.writeVarUInt32(try takeLabel())
                try cursor.takeRightParenthesis()
                frames[innermost].kind = .foldedTryAfterDelegate
                return
            case .foldedIfAfterElse, .foldedTryAfterDo, .foldedTryAfterCatch, .foldedTryAfterCatchAll,
                .foldedTryAfterDelegate:
                throw unexpectedSecond()
            default: break
            }
        }
        try openFolded()
    }

    private func unexpectedSecond() -> TextError { cursor.text.unexpected(cursor.peek(1)) }

    /// Opens a part of the innermost folded instruction, whose keyword is the token after the current one.
    private mutating func openClause(afterwards kind: BodyFrame.Kind) {
        if let innermost = frames.indices.last { frames[innermost].kind = kind }
        cursor.position += 2
        frames.append(BodyFrame(kind: .clause))
    }

    /// Takes a parenthesis and the instruction behind it.
    private mutating func openFolded() throws(TextError) {
        let token = cursor.peek(1)
        guard let mnemonic = cursor.text.mnemonic(of: token) else { throw cursor.text.unexpected(token) }
        let hint = annotations.isEmpty ? nil : try takeBranchHint(for: mnemonic.opcode)
        cursor.position += 2
        switch mnemonic.opcode {
        case .block, .loop, .tryTable: try openBlock(mnemonic.opcode, .foldedBlock)
        case .try: try openBlock(.try, .foldedTry)
        case .if:
            let symbol = cursor.takeIdentifierIf()
            let name = try takeName(symbol)
            let start = body.count
            body.write(Opcode.if)
            body.write(try takeBlockType())
            let frame = BodyFrame(
                kind: .foldedIf, symbol: symbol, name: name, pendingStart: pending.count, branchHint: hint)
            body.move(from: start, to: &pending)
            frames.append(frame)
        case .else, .end, .catch, .catchAll, .delegate:
            throw cursor.text.unexpected(token)
        default:
            let start = body.count
            try parsePlain(mnemonic, token)
            if cursor.current.kind == .rightParenthesis {
                // No operands: the instruction stands where it belongs.
                cursor.position += 1
                record(hint, at: start)
            } else {
                frames.append(BodyFrame(kind: .foldedPlain, pendingStart: pending.count, branchHint: hint))
                body.move(from: start, to: &pending)
            }
        }
    }

    /// Takes the parenthesis that closes the innermost frame.
    private mutating func closeFrame() throws(TextError) {
        guard let frame = frames.last else { return }
        switch frame.kind {
        case .clause: break
        case .foldedPlain:
            record(frame.branchHint)
            pending.move(from: frame.pendingStart, to: &body)
        case .foldedBlock, .foldedIfAfterThen, .foldedIfAfterElse, .foldedTryAfterDo, .foldedTryAfterCatch,
            .foldedTryAfterCatchAll:
            body.write(Opcode.end)
            labels.pop()
        case .foldedTryAfterDelegate: break
        case .foldedIf, .foldedTry, .block, .then, .otherwise, .attempt, .handler, .handlerOfAll:
            throw cursor.unexpected(frame.kind == .foldedIf ? "(then" : frame.kind == .foldedTry ? "(do" : "end")
        }
        frames.removeLast()
        cursor.position += 1
    }

    // MARK: - Branch hints

    private mutating func takeBranchHint(for opcode: Opcode) throws(TextError) -> UInt8? {
        opcode == .if || opcode == .brIf ? try takeBranchHint() : nil
    }

    /// Notes a hint for the instruction that comes next in the body.
    private mutating func record(_ hint: UInt8?) {
        record(hint, at: body.count)
    }

    private mutating func record(_ hint: UInt8?, at offset: Int) {
        if let hint { branchHints.append((offset, hint)) }
    }
}
