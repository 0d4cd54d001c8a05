// Why a component could not be instantiated.

public import Execution

/// A component was not instantiated. Nothing of it can be called.
public enum ComponentInstantiationError: Error {
    /// Nobody provides what the component imports.
    ///
    /// - `interface`: the import's name, with its version.
    /// - `item`: the function or resource of the interface that is missing; nil if all of it is, or if the import is
    ///   itself a function.
    /// - `expected`: what the component asks for.
    /// - `nearest`: an interface of the same name in a version that does not serve, or the one that lacks the item.
    case missingImport(interface: String, item: String?, expected: String, nearest: String?)
    /// What is provided is of another type.
    case incompatibleImport(interface: String, item: String?, expected: String, found: String, provider: String?)
    /// A core module in the component was not instantiated. `place` says which.
    case module(place: String, InstantiationError)
    /// A limit was reached, or the component traps as it starts.
    case trap(place: String, Trap)
    /// The plan does not hold together: a defect of the decoder, not of the component.
    case defect(place: String)
}

extension ComponentInstantiationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missingImport(let interface, let item, let expected, let nearest):
            let what = item.map { "`\($0)` of `\(interface)`" } ?? "`\(interface)`"
            let hint = nearest.map { item == nil ? "; `\($0)` is provided, which does not serve it" : "; `\($0)` lacks it" }
            return "missing import: \(what) is not provided (\(expected) is expected)\(hint ?? "")"
        case .incompatibleImport(let interface, let item, let expected, let found, let provider):
            let what = item.map { "`\($0)` of `\(interface)`" } ?? "`\(interface)`"
            let by = provider.map { $0 == interface ? "" : " by `\($0)`" } ?? ""
            return "incompatible import: \(what) is expected to be \(expected), and \(found) is provided\(by)"
        case .module(let place, let error): return "\(place): \(error)"
        case .trap(let place, let trap): return "\(place): \(trap)"
        case .defect(let place): return "\(place): the component's plan does not hold together"
        }
    }

    /// The trap, where one is the reason.
    public var trap: Trap? {
        switch self {
        case .trap(_, let trap), .module(_, .trap(let trap)): trap
        default: nil
        }
    }
}
