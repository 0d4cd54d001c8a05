// The instructions of the legacy exceptions (the proposal's text of 2022, which compilers emitted before `try_table`).

import InternalUtilities
import WasmBinary
import WasmTypes

extension BodyValidator {
    mutating func validateLegacyException(_ reader: inout ByteReader) throws(BinaryError) {
        switch opcode {
        case .try:
            let type = try readBlockType(&reader)
            try pop(type.parameters)
            pushFrame(.try, parameters: type.parameters, results: type.results)
            if frames.count > DecodingLimits.blockDepth { throw tooDeep() }
        case .catch:
            let parameters = try tagParameters(try reader.readVarUInt32())
            pushFrame(.catch, parameters: parameters, results: try popTry().results)
        case .catchAll: pushFrame(.catchAll, parameters: .empty, results: try popTry().results)
        case .delegate:
            let frame = try popFrame()
            guard frame.opcode == .try else { throw misplaced() }
            // The label is one outside of the try.
            _ = try labelTypes(try reader.readVarUInt32())
            push(frame.results)
        default:
            let label = try reader.readVarUInt32()
            _ = try labelTypes(label)
            let target = frames[frames.count - 1 - Int(label)].opcode
            guard target == .catch || target == .catchAll else { throw invalid("invalid rethrow label \(label)") }
            setUnreachable()
        }
    }

    /// Closes the frame that a handler follows: the body of a `try`, or a handler for a tag.
    private mutating func popTry() throws(BinaryError) -> ControlFrame {
        let frame = try popFrame()
        guard frame.opcode == .try || frame.opcode == .catch else { throw misplaced() }
        return frame
    }

    private func misplaced() -> BinaryError {
        BinaryError(.malformed, "END opcode expected: \(opcode) without try", at: offset)
    }
}
