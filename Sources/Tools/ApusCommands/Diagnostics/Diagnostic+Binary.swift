// Why a binary was refused: the rule in the first line, the place below.

import InternalUtilities
import WasmBinary

extension Diagnostic {
    /// A file could not be decoded or is not valid.
    static func invalid(_ file: ProgramFile, _ error: BinaryError) -> Diagnostic {
        let what =
            switch error.kind {
            case .malformed: "is not a well-formed \(file.kind.rawValue)"
            case .invalid: "is not a valid \(file.kind.rawValue)"
            case .unsupported: "uses what is not supported"
            case .limit: "is beyond a limit"
            }
        let place = FaultLocation(of: error.offset, in: file.source, isComponent: file.kind == .component).description
        var details = [file.isText ? "\(place), in the binary that the text stands for" : place]
        if !file.isText, error.kind == .malformed, error.isOfMissingBytes || error.offset >= file.source.count {
            details.append("the file has \(file.source.count) bytes; it may have been cut short")
        }
        var diagnostic = Diagnostic(.badFile, "\(file.path) \(what): \(error.message)", details: details)
        if !file.isText { diagnostic.place = .offset(error.offset) }
        return diagnostic
    }
}

extension BinaryError {
    /// Whether a length in the file promises more bytes than there are.
    fileprivate var isOfMissingBytes: Bool {
        message.hasPrefix("unexpected end-of-file") || message.hasPrefix("length out of bounds")
    }
}
