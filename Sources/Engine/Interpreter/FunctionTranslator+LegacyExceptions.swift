// The instructions of the legacy exceptions: `try`, `catch`, `catch_all`, `delegate`, `rethrow`.
//
// A handler's code stands behind the body of its `try`. The first operand in it is one that the program does not see: a
// place for the exception itself, which is only kept where a `rethrow` wants it. The values lie above it, so at the end of
// the handler the results are moved down to where the block's label has them.

import CApus
import Execution
import InternalUtilities
import WasmBinary
import WasmTypes

extension FunctionTranslator {
    mutating func beginTry(type: BlockType) throws {
        try beginBlock(.legacyTry, type: type)
        code.seal()
    }

    /// The next handler of a `try`; `isReached` says whether control reaches the end of what stands before it.
    mutating func beginCatch(_ tag: TagIndex?, isReached: Bool) throws {
        guard var frame = frames.pop() else { throw TranslationDefect() }
        guard frame.kind == .legacyTry || frame.kind == .legacyCatch else { throw TranslationDefect() }
        if isReached {
            try moveLabelValues(of: frame)
            code.emitBranch(&frame.end)
        }
        if frame.kind == .legacyTry { frame.bodyEnd = code.count }
        frame.kind = .legacyCatch
        try stack.truncate(to: frame.height)
        let exception = Int(stack.pushHome())
        if let tag {
            guard let type = binary.functionType(of: tag) else { throw TranslationDefect() }
            for parameter in type.parameters { stack.pushHome(isWide: parameter.isVector) }
        }
        code.seal()
        frame.handler = handlers.count
        handlers.append(
            ExceptionHandler(
                range: frame.start..<frame.bodyEnd, depth: frames.count,
                action: .take(tag: tag, firstSlot: exception + 1, referenceSlot: nil, target: code.count)))
        frames.push(frame)
    }

    /// The end of a `try` whose last handler control reaches the end of. The frame is off the stack.
    mutating func endCatch(_ frame: ControlFrame) throws {
        try moveLabelValues(of: frame)
        try close(frame)
    }

    /// The end of a `try` that hands what is thrown in it to a block around it.
    mutating func endDelegating(to label: UInt32, isReached: Bool) throws {
        guard let frame = frames.pop(), frame.kind == .legacyTry else { throw TranslationDefect() }
        if isReached { settle(from: frame.height) }
        handlers.append(
            ExceptionHandler(
                range: frame.start..<code.count, depth: frames.count,
                action: .delegate(depth: try position(ofLabel: label))))
        try close(frame)
    }

    /// Throws again what the handler with this label has caught.
    mutating func rethrow(from label: UInt32) throws {
        let position = try position(ofLabel: label)
        let frame = frames[position]
        guard frame.kind == .legacyCatch, handlers.indices.contains(frame.handler),
            case .take(let tag, let firstSlot, _, let target) = handlers[frame.handler].action
        else { throw TranslationDefect() }
        handlers[frame.handler].action = .take(
            tag: tag, firstSlot: firstSlot, referenceSlot: frame.firstHome, target: target)
        code.emit(APUS_throw_ref, UInt64(frame.firstHome))
    }
}
