// Why a module could not be instantiated.

import WasmTypes

/// A module was not instantiated. Nothing of it can be called.
public enum InstantiationError: Error {
    /// No value was given for an import.
    case missingImport(module: String, name: String, expected: String)
    /// A value of another type was given for an import.
    case incompatibleImport(module: String, name: String, expected: String, found: String)
    /// A segment, an initialiser or the start function trapped, or a limit was reached.
    case trap(Trap)
}

extension InstantiationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missingImport(let module, let name, let expected):
            "unknown import: \(module).\(name) (\(expected)) is not provided"
        case .incompatibleImport(let module, let name, let expected, let found):
            "incompatible import type: \(module).\(name) is imported as \(expected), but \(found) was provided"
        case .trap(let trap): "\(trap)"
        }
    }
}
