// Finds the values of a module's imports by name.

public import Execution
import InternalUtilities
public import WasmBinary
import WasmTypes

/// Values by module name and name, for instantiating modules that import them. Belongs to one store.
public struct Linker {
    private struct Key: Hashable {
        var module: ExactString
        var name: ExactString

        init(_ module: String, _ name: String) {
            self.module = ExactString(module)
            self.name = ExactString(name)
        }
    }

    private var values: [Key: ExternalValue] = [:]

    public init() {}

    /// Gives a value a name; a later one of the same name takes its place.
    public mutating func define(_ value: ExternalValue, module: String, name: String) {
        values[Key(module, name)] = value
    }

    /// Gives all of an instance's exports the module name `module`.
    public mutating func define(_ instance: Instance, module: String) {
        for export in instance.module.exports {
            if let value = instance.export(export.name) { define(value, module: module, name: export.name) }
        }
    }

    /// Instantiates a module with the values that its imports name, and runs its start function.
    public func instantiate(_ module: Module, in store: Store) throws(InstantiationError) -> Instance {
        let found = module.binary.imports.map { values[Key($0.module, $0.name)] }
        return try store.instantiate(module, imports: found)
    }
}

extension Module {
    /// What the module exports, in its order.
    public var exports: [Export] { binary.exports }

    /// What the module imports, in its order.
    public var imports: [Import] { binary.imports }
}
