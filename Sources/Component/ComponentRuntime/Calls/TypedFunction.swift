// Calls of components' functions with Swift types.

import ComponentTypes
public import Execution

/// A component's function, called with Swift values. Belongs to the thread that uses the store, which it keeps alive.
public struct TypedFunction<each Parameter: ComponentLowerable, Value: ComponentLiftable> {
    @usableFromInline let function: LiftedFunction
    @usableFromInline let entered: EnteredInstances
    let store: Store

    /// Calls the function. Throws the trap that ended the guest; the instance cannot be called again then.
    @inlinable
    public func callAsFunction(_ argument: repeat each Parameter) throws(Trap) -> Value {
        try call { (place, context) throws(Trap) in
            var position = 0
            repeat try HostFields.lower(
                each argument, function.program.parameters, &position, to: place, in: &context)
        }
    }

    /// - Parameter lowerArguments: writes the arguments.
    @inlinable @inline(__always)
    func call(_ lowerArguments: (ABIPlace, inout HostContext) throws(Trap) -> Void) throws(Trap) -> Value {
        var value: Value?
        try function.call(entering: entered, lowerArguments: lowerArguments) { (type, place, context) throws(Trap) in
            value = try Value.lift(type, from: place, in: &context)
        }
        if let value { return value }
        // Linking has compared the types: a function without result is called as one that gives `Nothing`.
        guard let nothing = Nothing() as? Value else { throw ABIFault.typeMismatch }
        return nothing
    }
}

/// A component's function of two parameters, called as often as can be: each number of parameters by itself is quicker than
/// a pack of them (see `HostInterface+Arity.swift`), and the arguments are given away.
public struct PairFunction<First: ComponentLowerable, Second: ComponentLowerable, Value: ComponentLiftable> {
    @usableFromInline let function: TypedFunction<First, Second, Value>

    public init(_ function: TypedFunction<First, Second, Value>) {
        self.function = function
    }

    @inlinable
    public func callAsFunction(_ first: consuming First, _ second: consuming Second) throws(Trap) -> Value {
        var first = Optional(first)
        var second = Optional(second)
        return try function.call { (place, context) throws(Trap) in
            let parameters = function.function.program.parameters
            var position = 0
            // Each is there: this runs once.
            guard let first = first.take(), let second = second.take() else { throw ABIFault.typeMismatch }
            try HostFields.lower(consume first, parameters, &position, to: place, in: &context)
            try HostFields.lower(consume second, parameters, &position, to: place, in: &context)
        }
    }
}

extension ComponentInstance {
    /// Finds a function and compares its type with the Swift types.
    ///
    ///     let add = try instance.function("add", as: ((UInt32, UInt32) -> UInt32).self)
    ///     let sum = try add(1, 2)
    ///
    /// - Parameters:
    ///   - interface: the exported interface that it stands in, found by the version rule; nil for a function that the
    ///     component exports by itself.
    ///   - type: a Swift function type; `Nothing` stands for no result.
    public func function<each Parameter: ComponentLowerable, Value: ComponentLiftable>(
        _ name: String, in interface: String? = nil, as type: ((repeat each Parameter) -> Value).Type
    ) throws(ComponentCallError) -> TypedFunction<repeat each Parameter, Value> {
        guard case .lifted(let function) = try self.function(name, in: interface) else { throw .isHostFunction(name) }
        var parameters: [ComponentValueType] = []
        let result: ComponentValueType?
        do throws(ComponentTypeError) {
            for parameter in repeat (each Parameter).self { parameters.append(try parameter.requiredLoweredType()) }
            result = try Value.componentType()
        } catch {
            throw .incompatibleType(function: name, expected: "\(type)", found: TypeText { _ in nil }.function(function.type))
        }
        let match = FunctionTypeMatch(
            expected: { function.resourceType($0).map { ResourceIdentity($0) } },
            found: { HostResourceTypes.identity(of: $0).map { .host($0) } })
        guard match.matches(function.type, parameters: parameters, result: result) else {
            let expected = TypeText { HostResourceTypes.name(of: $0) }.function(parameters.map { (nil, $0) }, result)
            throw .incompatibleType(
                function: name, expected: expected, found: TypeText { _ in nil }.function(function.type))
        }
        return TypedFunction(
            function: function, entered: EnteredInstances(of: function.options.instance, from: nil), store: store)
    }
}
