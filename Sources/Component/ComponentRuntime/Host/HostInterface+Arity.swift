// Host functions of few parameters, which nearly all are, each number by itself. What packs of parameters are declared with, the
// compiler goes through in a loop, by tables of types and functions; where the types are there one by one, it knows what to call.

extension HostFunction {
    /// As for any number of parameters.
    @inlinable
    public init<First: ComponentLiftable, Value: ComponentLowerable>(
        _ name: String, _ closure: @escaping @Sendable (inout HostContext, First) throws -> Value
    ) {
        self.init(name, [First.self], Value.self) { program, arguments, place, context in
            var position = 0
            let type = program.parameters
            let first = try HostFields.lift(First.self, type, &position, from: arguments, in: &context)
            let value = try closure(&context, first)
            if let result = program.result { try (consume value).lower(result, to: place, in: &context) }
        }
    }

    @inlinable
    public init<First: ComponentLiftable, Second: ComponentLiftable, Value: ComponentLowerable>(
        _ name: String, _ closure: @escaping @Sendable (inout HostContext, First, Second) throws -> Value
    ) {
        self.init(name, [First.self, Second.self], Value.self) { program, arguments, place, context in
            var position = 0
            let type = program.parameters
            let first = try HostFields.lift(First.self, type, &position, from: arguments, in: &context)
            let second = try HostFields.lift(Second.self, type, &position, from: arguments, in: &context)
            let value = try closure(&context, first, second)
            if let result = program.result { try (consume value).lower(result, to: place, in: &context) }
        }
    }

    @inlinable
    public init<First: ComponentLiftable, Second: ComponentLiftable, Third: ComponentLiftable, Value: ComponentLowerable>(
        _ name: String, _ closure: @escaping @Sendable (inout HostContext, First, Second, Third) throws -> Value
    ) {
        self.init(name, [First.self, Second.self, Third.self], Value.self) { program, arguments, place, context in
            var position = 0
            let type = program.parameters
            let first = try HostFields.lift(First.self, type, &position, from: arguments, in: &context)
            let second = try HostFields.lift(Second.self, type, &position, from: arguments, in: &context)
            let third = try HostFields.lift(Third.self, type, &position, from: arguments, in: &context)
            let value = try closure(&context, first, second, third)
            if let result = program.result { try (consume value).lower(result, to: place, in: &context) }
        }
    }
}

extension HostInterface {
    /// Declares a function.
    @inlinable
    public mutating func function<First: ComponentLiftable, Value: ComponentLowerable>(
        _ name: String, _ closure: @escaping @Sendable (inout HostContext, First) throws -> Value
    ) {
        define(HostFunction(name, closure))
    }

    @inlinable
    public mutating func function<First: ComponentLiftable, Second: ComponentLiftable, Value: ComponentLowerable>(
        _ name: String, _ closure: @escaping @Sendable (inout HostContext, First, Second) throws -> Value
    ) {
        define(HostFunction(name, closure))
    }

    @inlinable
    public mutating func function<First: ComponentLiftable, Second: ComponentLiftable, Third: ComponentLiftable, Value: ComponentLowerable>(
        _ name: String, _ closure: @escaping @Sendable (inout HostContext, First, Second, Third) throws -> Value
    ) {
        define(HostFunction(name, closure))
    }

    /// Declares a function without a result.
    @inlinable
    public mutating func function<First: ComponentLiftable>(
        _ name: String, _ closure: @escaping @Sendable (inout HostContext, First) throws -> Void
    ) {
        define(
            HostFunction(name) { (context: inout HostContext, first: First) throws -> Nothing in
                try closure(&context, first)
                return Nothing()
            })
    }

    @inlinable
    public mutating func function<First: ComponentLiftable, Second: ComponentLiftable>(
        _ name: String, _ closure: @escaping @Sendable (inout HostContext, First, Second) throws -> Void
    ) {
        define(
            HostFunction(name) { (context: inout HostContext, first: First, second: Second) throws -> Nothing in
                try closure(&context, first, second)
                return Nothing()
            })
    }

    @inlinable
    public mutating func function<First: ComponentLiftable, Second: ComponentLiftable, Third: ComponentLiftable>(
        _ name: String, _ closure: @escaping @Sendable (inout HostContext, First, Second, Third) throws -> Void
    ) {
        define(
            HostFunction(name) { (context: inout HostContext, first: First, second: Second, third: Third) throws -> Nothing in
                try closure(&context, first, second, third)
                return Nothing()
            })
    }
}
