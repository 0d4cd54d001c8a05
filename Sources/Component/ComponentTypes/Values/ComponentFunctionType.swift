// Function types, and the core function types that they are lifted from and lowered to (CanonicalABI.md, "Flattening").

public import WasmTypes

/// Parameters and a result.
public final class ComponentFunctionType: Sendable {
    public struct Parameter: Equatable, Sendable {
        public let name: String
        public let type: ComponentValueType

        public init(name: String, type: ComponentValueType) {
            self.name = name
            self.type = type
        }
    }

    public let parameters: [Parameter]
    public let result: ComponentValueType?
    /// The parameters as a tuple, which is how they are passed when they do not fit flat.
    public let parameterLayout: Layout
    /// Where each parameter lies in that tuple, in bytes.
    public let parameterOffsets: [Int]
    public let summary: TypeSummary

    public init(parameters: [Parameter], result: ComponentValueType?) throws(ComponentTypeError) {
        self.parameters = parameters
        self.result = result
        (parameterLayout, parameterOffsets) = Layout.record(parameters.lazy.map(\.type.layout))
        var summary = try TypeSummary(combining: parameters.lazy.map(\.type.summary))
        if let result { try summary.add(result.summary) }
        self.summary = summary
    }

    /// Whether the parameters are passed in linear memory, with their address in place of them.
    public var parametersSpill: Bool { parameterLayout.flatCount > CanonicalABI.maximumFlatParameters }

    /// Whether the result is passed in linear memory: a lifted function returns its address, a lowered one takes the
    /// address to write it to as its last parameter.
    public var resultSpills: Bool { (result?.layout.flatCount ?? 0) > CanonicalABI.maximumFlatResults }

    /// Who calls whom: the side on which the core function stands.
    public enum Direction: Hashable, Sendable {
        /// A core function becomes a component function.
        case lift
        /// A component function becomes a core function.
        case lower
    }

    /// The type of the core function that this type is lifted from or lowered to, with 32-bit addresses.
    public func coreType(_ direction: Direction) -> FunctionType {
        var parameters = parametersSpill ? [.i32] : parameterLayout.flat.map(\.valueType)
        var results: [ValueType] = []
        if let result {
            if !resultSpills {
                results = result.layout.flat.map(\.valueType)
            } else {
                switch direction {
                case .lift: results = [.i32]
                case .lower: parameters.append(.i32)
                }
            }
        }
        return FunctionType(parameters: parameters, results: results)
    }
}

extension ComponentFunctionType: Equatable {
    /// By structure, names of parameters included.
    public static func == (a: ComponentFunctionType, b: ComponentFunctionType) -> Bool {
        a === b || (a.parameters == b.parameters && a.result == b.result)
    }
}
