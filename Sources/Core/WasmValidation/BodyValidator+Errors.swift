// The errors of bodies: the specification's words first, then what was expected, what was found and where.

import InternalUtilities
import WasmBinary
import WasmTypes

extension BodyValidator {
    @inline(never)
    func mismatch(expected: String, found: String) -> BinaryError {
        invalid("type mismatch: expected \(expected), found \(found) in \(place)")
    }

    /// The operand on top of the stack is not what the instruction takes, or there is none.
    @inline(never)
    func stackMismatch(required: String, found: String) -> BinaryError {
        invalid("type mismatch: instruction requires [\(required)] but stack has [\(found)] in \(place)")
    }

    @inline(never)
    func invalid(_ message: String) -> BinaryError {
        BinaryError(.invalid, message, at: offset)
    }

    @inline(never)
    func unknown(_ what: String, _ index: UInt32) -> BinaryError {
        invalid("unknown \(what) \(index) in \(place)")
    }

    @inline(never)
    func missingFeature(_ entry: InstructionEntry) -> BinaryError {
        BinaryError.missing(FeatureSet(rawValue: 1 << UInt64(entry.featureBit)), for: entry.opcode.mnemonic, at: offset)
    }

    /// At the end of a block, more is on its stack than its results.
    @inline(never)
    func valuesLeft(besides results: TypeList) -> BinaryError {
        var found: [String] = []
        for index in height..<min(operands.count, height + 8) { found.append(describe(operands[index])) }
        if operands.count > height + 8 { found.append("…") }
        let required = results.count == 0 ? "" : describe(results)
        if results.count > 0 { found.append(required) }
        return invalid(
            "type mismatch: block requires [\(required)] but stack has [\(found.joined(separator: " "))] at \(place)")
    }

    @inline(never)
    func tooDeep() -> BinaryError {
        BinaryError(.limit, "too many nested blocks: at most \(DecodingLimits.blockDepth) are allowed", at: offset)
    }

    @inline(never)
    func tooManyOperands() -> BinaryError {
        BinaryError(
            .limit, "too many operands on the stack: at most \(DecodingLimits.operandStackDepth) are allowed", at: offset)
    }

    /// A path that no input reaches; an error all the same.
    @inline(never)
    func internalError() -> BinaryError {
        BinaryError(.unsupported, "internal error of the validator in \(opcode)", at: offset)
    }

    /// The instruction at work; for an `end`, of which block.
    private var place: String {
        guard opcode == .end || opcode == .else, let frame = frames.last else { return opcode.mnemonic }
        return frame.opcode == .unreachable ? "end of the function" : "end of \(frame.opcode)"
    }

    /// The name of a type, as the text format has it.
    func describe(_ word: UInt32) -> String {
        switch word {
        case BottomType.value: "any type"
        case BottomType.reference, BottomType.nullReference: "any reference"
        default: ValueType(word: word).description
        }
    }

    /// The names of the types in a list; "nothing" for none.
    func describe(_ list: TypeList) -> String {
        if list.count == 0 { return "nothing" }
        var text = ""
        for index in 0..<min(list.count, 8) {
            text += (index == 0 ? "" : " ") + describe(words[Int(list.start + index)])
        }
        return list.count > 8 ? text + " and \(list.count - 8) more" : text
    }
}
