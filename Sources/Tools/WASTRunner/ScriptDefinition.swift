// What a script defines and instantiates: modules and components, side by side.

import ComponentRuntime
import Execution
import WasmEngine

/// A module or a component, compiled.
enum ScriptDefinition {
    case module(Module)
    case component(CompiledComponent)
}

/// An instance of one.
enum ScriptInstance {
    case module(Instance)
    case component(ComponentInstance)
}

/// Why one was not instantiated.
struct LinkFailure: Error, CustomStringConvertible {
    /// nil if it was not a trap.
    let trap: Trap?
    let description: String

    init(_ error: InstantiationError) {
        if case .trap(let trap) = error { self.trap = trap } else { trap = nil }
        description = error.description
    }

    init(_ error: ComponentInstantiationError) {
        trap = error.trap
        description = error.description
    }
}
