// A module of a script can be refused as text or as a binary; assertions do not tell the two apart.

import WasmBinary
import WasmText

/// Why a module was refused.
enum ModuleRefusal: Error {
    case text(TextError)
    case binary(BinaryError)

    var message: String {
        switch self {
        case .text(let error): error.message
        case .binary(let error): error.message
        }
    }

    var kind: BinaryError.Kind {
        switch self {
        case .text: .malformed
        case .binary(let error): error.kind
        }
    }

    /// Whether it is the engine that cannot do something. Flags of a feature that is off are malformed as the format has
    /// it, but to a script that uses the feature they are this.
    var isUnsupported: Bool {
        kind == .unsupported || message.hasSuffix("is not switched on")
    }
}

extension ModuleRefusal: CustomStringConvertible {
    var description: String {
        switch self {
        case .text(let error): error.description
        case .binary(let error): error.description
        }
    }
}
