// What is wrong with a body as bytes, when something is known to be.
//
// A decoder that reads a module from front to back meets what is malformed in a body before what follows the code section,
// and goes on reading where the body's size says that it ends; the suites expect its errors. Bodies are validated later and
// within their extents here, so it is looked up once there is an error.

import InternalUtilities
import WasmTypes

extension BinaryModule {
    /// What a decoder without regard to the body's size finds in a body; nil if the body ends where its size says.
    ///
    /// Takes time linear in what is left of the module.
    package func fault(inBody body: ByteExtent) -> BinaryError? {
        var reader = ByteReader(source.bytes, extent: body.lowerBound..<extent.upperBound)
        reader.endMessage = "unexpected end of section or function"
        do throws(BinaryError) {
            try reader.skipBody()
        } catch {
            return error.kind == .malformed ? error : nil
        }
        guard reader.position != body.upperBound else { return nil }
        return BinaryError(
            .malformed, "section size mismatch: the body is not closed at the end of its \(body.count) bytes", at: body.upperBound)
    }

    /// The first fault in all bodies.
    package var firstBodyFault: BinaryError? {
        for body in bodies {
            if let fault = fault(inBody: body) { return fault }
        }
        return nil
    }
}

extension ByteReader {
    /// Steps over a body's locals and instructions, up to the `end` that closes it.
    fileprivate mutating func skipBody() throws(BinaryError) {
        for _ in 0..<(try readVarUInt32()) {
            _ = try readVarUInt32()
            _ = try readValueType()
        }
        // Of each open block, whether an `else` may follow.
        var open: [Bool] = []
        while true {
            let start = position
            let opcode = try readOpcode()
            try skipImmediates(of: opcode)
            switch opcode {
            case .block, .loop, .tryTable, .try: open.append(false)
            case .if: open.append(true)
            case .else:
                guard open.popLast() == true else { throw malformed("END opcode expected: else without if", at: start) }
                open.append(false)
            case .end, .delegate:
                if open.popLast() == nil { return }
            default: break
            }
        }
    }
}
