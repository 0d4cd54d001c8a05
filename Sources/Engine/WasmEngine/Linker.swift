// Finds the values of a module's imports by name.

public import Execution
public import WasmBinary
import WasmTypes

/// Values by module name and name, for instantiating modules that import them. Belongs to one store.
public struct Linker {
    private struct Key: Hashable {
        var module: String
        var name: String
    }

    private var values: [Key: ExternalValue] = [:]

    public init() {}

    /// Gives a value a name; a later one of the same name takes its place.
    public mutating func define(_ value: ExternalValue, module: String, name: String) {
        values[Key(module: module, name: name)] = value
    }

    /// Gives all of an instance's exports the module name `module`.
    public mutating func define(_ instance: Instance, module: String) {
        for export in instance.module.exports {
            if let value = instance.export(export.name) { define(value, module: module, name: export.name) }
        }
    }

    /// Instantiates a module with the values that its imports name, and runs its start function.
    public func instantiate(_ module: Module, in store: Store) throws(InstantiationError) -> Instance {
        let found = module.binary.imports.map { values[Key(module: $0.module, name: $0.name)] }
        return try store.instantiate(module, imports: found)
    }
}

extension Module {
    /// What the module exports, in its order.
    public var exports: [Export] { binary.exports }

    /// What the module imports, in its order.
    public var imports: [Import] { binary.imports }
}
