// The engine: a configuration, the types' numbers, and whoever produces code. Shared by all modules and stores.

public import Execution
public import InternalUtilities
import Interpreter
public import WasmBinary
public import WasmTypes
import WasmValidation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How an engine decodes, validates and runs.
public struct EngineConfiguration: Hashable, Sendable {
    /// What modules may use. Only what is in `FeatureSet.supported` can be executed.
    public var features: FeatureSet = .supported
    /// How many threads validate the bodies of large modules; the number of processors by default.
    public var validationThreads: Int = Engine.processorCount
    /// What each store made by the engine holds its guests to.
    public var limits = StoreLimits()

    public init() {}
}

/// Compiles modules and makes the stores that run them. Any thread may use it.
public final class Engine: Sendable {
    public let configuration: EngineConfiguration
    package let registry = TypeRegistry()
    private let producer: any CodeProducer = RegisterCodeProducer()

    public init(configuration: EngineConfiguration = EngineConfiguration()) {
        self.configuration = configuration
    }

    /// Decodes and validates a module. Its bodies are translated when they are first called.
    ///
    /// Throws `BinaryError` with the offset of what is wrong.
    public func compile(_ source: ByteSource) throws(BinaryError) -> Module {
        try compile(BinaryModule.decode(source: source, features: configuration.features))
    }

    /// Validates a decoded module.
    package func compile(_ binary: BinaryModule) throws(BinaryError) -> Module {
        try validate(binary)
        return module(validated: binary)
    }

    /// Validates a decoded module, the bodies of a large one on several threads.
    package func validate(_ binary: BinaryModule) throws(BinaryError) {
        // Starting a thread costs about as much as validating this many bytes.
        let isLarge = binary.extent.count > 64 << 10
        try ModuleValidator.validate(
            binary, features: configuration.features, threads: isLarge ? configuration.validationThreads : 1)
    }

    /// Makes a module of a binary that this engine, or a component's validation, has validated already.
    package func module(validated binary: BinaryModule) -> Module {
        Module(validated: binary, registry: registry, producer: producer)
    }

    /// Makes an empty store. Traps with `.resourceLimit` if the system has no room for the guest's stack.
    public func makeStore(limits: StoreLimits? = nil) throws(Trap) -> Store {
        try Store(registry: registry, limits: limits ?? configuration.limits)
    }

    /// The processors that this process may use.
    public static let processorCount = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
}
