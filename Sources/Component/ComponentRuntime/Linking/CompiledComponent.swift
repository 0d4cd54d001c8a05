// A component, decoded, validated and ready to be instantiated any number of times.

package import ComponentBinary
import ComponentTypes
import Execution
public import InternalUtilities
import Synchronization
import WasmTypes
public import WasmBinary
public import WasmEngine

/// A component with its modules. Immutable and shared; whoever instantiates it decides on a store.
public final class CompiledComponent: Sendable {
    /// The plan.
    package let binary: Component
    /// The modules that stand in this component, by their position in the plan.
    let modules: [Module]
    /// The components that stand in this component, by their position in the plan.
    let components: [CompiledComponent]
    // Function types, by identity; the plan keeps them alive.
    private let programs = Mutex<[ProgramKey: ABIProgram]>([:])

    private struct ProgramKey: Hashable {
        let type: ObjectIdentifier
        let addressType: AddressType
    }

    init(_ binary: Component, engine: Engine) {
        self.binary = binary
        modules = binary.modules.map { engine.module(validated: $0) }
        components = binary.components.map { CompiledComponent($0, engine: engine) }
    }

    /// The compiled form of a function type of this component's steps, for a memory of such addresses.
    func program(for type: ComponentFunctionType, _ addressType: AddressType) -> ABIProgram {
        let key = ProgramKey(type: ObjectIdentifier(type), addressType: addressType)
        let known = programs.withLock { $0[key] }
        if let known { return known }
        // A resource without a place is a defect of the plan; using the number traps.
        let program = ABIProgram(type, addressType: addressType) { binary.slot(of: $0)?.rawValue ?? .max }
        return programs.withLock { programs in
            if let other = programs[key] { return other }
            programs[key] = program
            return program
        }
    }
}

extension Engine {
    /// Decodes and validates a component and all modules and components in it.
    ///
    /// Throws `BinaryError` with the offset of what is wrong.
    public func compile(component source: ByteSource) throws(BinaryError) -> CompiledComponent {
        let binary = try Component.decode(
            source: source, features: configuration.features, threads: configuration.validationThreads)
        return CompiledComponent(binary, engine: self)
    }
}
