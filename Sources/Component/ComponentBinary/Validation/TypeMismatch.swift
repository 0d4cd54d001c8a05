// Why two types do not fit together, and the bound on the work of finding out.

import ComponentTypes
import WasmBinary

/// A type is not what it was expected to be. The decoder adds the offset.
struct TypeMismatch: Error {
    var kind: BinaryError.Kind = .invalid
    var message: String

    init(_ message: String) {
        self.message = message
    }

    init(_ kind: BinaryError.Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    init(_ error: ComponentTypeError) {
        switch error {
        case .nestingTooDeep:
            self.init(.limit, "type nesting is too deep: at most \(TypeSummary.maximumDepth) levels are allowed")
        case .tooComplex:
            self.init(.limit, "effective type size exceeds the limit of \(TypeSummary.maximumNodeCount)")
        case .valueTooLarge: self.init("type exceeds maximum byte size of \(CanonicalABI.valueSizeBound - 1)")
        case .parametersTooLarge:
            self.init(.limit, "parameters of a function exceed maximum byte size of \(CanonicalABI.parameterSizeBound - 1)")
        case .empty: self.init("type must have at least one member")
        case .tooManyFlags: self.init("flags type must have at most \(CanonicalABI.maximumFlagCount) flags")
        }
    }

    /// The same mismatch, seen from a part that contains it.
    func within(_ context: String) -> TypeMismatch {
        TypeMismatch(kind, "\(context): \(message)")
    }
}

/// What is left of the work that checking one component's types may take.
///
/// Types share parts, so a short binary can describe checks that take for ever. Each check is charged by the size of the
/// types it walks.
final class Effort {
    /// A step takes some ten nanoseconds, and where types are made anew some ten bytes; a component made by today's
    /// toolchains takes a few ten thousand of them.
    static let limit = 5_000_000

    private(set) var left = Effort.limit

    func charge(_ steps: Int) throws(TypeMismatch) {
        left -= steps
        guard left >= 0 else { throw TypeMismatch(.limit, "the types of this component take too long to check") }
    }

    /// Charges for walking a type, or making it anew, with the lists of resources that instance types carry.
    func charge(for type: ComponentExternType) throws(TypeMismatch) {
        try charge(type.summary.nodeCount)
        switch type {
        case .instance(let type): try charge(type.exportedResources.count * 64)
        case .component(let type): try charge((type.exportedResources.count + type.importedResources.count) * 64)
        default: break
        }
    }
}
