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
    /// Whether calls may wait before they return.
    public let isAsync: Bool
    /// The parameters as a tuple, which is how they are passed when they do not fit flat.
    public let parameterLayout: Layout
    /// Where each parameter lies in that tuple.
    package let offsets: PartOffsets
    public let summary: TypeSummary

    public init(
        parameters: [Parameter], result: ComponentValueType?, isAsync: Bool = false
    ) throws(ComponentTypeError) {
        self.parameters = parameters
        self.result = result
        self.isAsync = isAsync
        (parameterLayout, offsets) = Layout.record(parameters.lazy.map(\.type.layout))
        guard parameterLayout.size64 < CanonicalABI.parameterSizeBound else { throw .parametersTooLarge }
        var summary = try TypeSummary(combining: parameters.lazy.map(\.type.summary))
        if let result { try summary.add(result.summary) }
        self.summary = summary
    }

    /// Where each parameter lies in the tuple with 32-bit addresses, in bytes.
    public var parameterOffsets: [Int] { offsets.narrow }

    /// Whether a synchronous call passes the parameters in linear memory, with their address in place of them.
    public var parametersSpill: Bool { parameterLayout.flatCount > CanonicalABI.maximumFlatParameters }

    /// Whether a synchronous call passes the result in linear memory: a lifted function returns its address, a lowered
    /// one takes the address to write it to as its last parameter.
    public var resultSpills: Bool { (result?.layout.flatCount ?? 0) > CanonicalABI.maximumFlatResults }

    /// Who calls whom: the side on which the core function stands.
    public enum Direction: Hashable, Sendable {
        /// A core function becomes a component function.
        case lift
        /// A component function becomes a core function.
        case lower
    }

    /// How a core function waits, if it does.
    public enum CallingConvention: Hashable, Sendable {
        /// It returns when the call has ended.
        case synchronous
        /// When lifted it returns nothing, its result through `task.return`; when lowered, the state of the call.
        case async
        /// When lifted it returns what it waits for, and is called back. Not for lowering.
        case asyncWithCallback
    }

    /// Whether a call passes the parameters in linear memory, with their address in place of them.
    public func parametersSpill(_ direction: Direction, _ convention: CallingConvention) -> Bool {
        let isAsyncLower = direction == .lower && convention != .synchronous
        return parameterLayout.flatCount
            > (isAsyncLower ? CanonicalABI.maximumFlatAsyncParameters : CanonicalABI.maximumFlatParameters)
    }

    /// The type of the core function that this type is lifted from or lowered to.
    ///
    /// - Parameter addressType: of the memory that the core function's side has chosen.
    public func coreType(
        _ direction: Direction, addressType: AddressType = .i32, _ convention: CallingConvention = .synchronous
    ) -> FunctionType {
        let address = addressType.valueType
        var parameters =
            parametersSpill(direction, convention) ? [address] : parameterLayout[addressType].flat.map(\.valueType)
        var results: [ValueType] = []
        switch (convention, direction) {
        case (.synchronous, _):
            guard let result else { break }
            if !resultSpills {
                results = result.layout[addressType].flat.map(\.valueType)
            } else if direction == .lift {
                results = [address]
            } else {
                parameters.append(address)
            }
        case (.async, .lift): break
        case (.asyncWithCallback, .lift): results = [.i32]
        case (_, .lower):
            if result != nil { parameters.append(address) }
            results = [.i32]
        }
        return FunctionType(parameters: parameters, results: results)
    }
}

extension ComponentFunctionType: Equatable {
    /// By structure, names of parameters included.
    public static func == (a: ComponentFunctionType, b: ComponentFunctionType) -> Bool {
        a === b || (a.isAsync == b.isAsync && a.parameters == b.parameters && a.result == b.result)
    }
}
