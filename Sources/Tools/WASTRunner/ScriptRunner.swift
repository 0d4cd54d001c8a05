// Runs a script's commands against the engine, in one store, and says of each how it went.
//
// A module that uses what the engine does not execute yet does not fail the script: it, and whatever depends on it, is
// reported as unsupported, so that the rest of the script still counts.

import ComponentRuntime
import ComponentText
package import Execution
import InternalUtilities
import WasmBinary
package import WasmEngine
package import WasmText
import WasmTypes

/// How a command went.
package enum ScriptOutcome: Hashable, Sendable {
    case passed
    /// The engine says that it does not support something that the command needs.
    case unsupported(String)
    case failed(String)
}

/// The state of one script's run. Not `Sendable`, as its store is not.
package struct ScriptRunner {
    /// A thing that a command made, or the reason why there is none.
    enum Binding<Value> {
        case value(Value)
        case unsupported(String)
    }

    let engine: Engine
    let store: Store
    /// Whether a trap or an error must say what the script says that it does.
    package var comparesMessages = true
    var linker = Linker()
    let componentLinker = ComponentLinker()
    /// The instances that components can import, by the names under which they were registered.
    var componentExports: [String: ComponentExport] = [:]
    var current: Binding<ScriptInstance>?
    var instances: [ExactString: Binding<ScriptInstance>] = [:]
    var lastDefinition: Binding<ScriptDefinition>?
    var definitions: [ExactString: Binding<ScriptDefinition>] = [:]
    /// The names under which unsupported modules would have been registered.
    var unsupportedRegistrations: [ExactString: String] = [:]

    /// Makes a store with `spectest` in it.
    package init(engine: Engine) throws(Trap) {
        self.engine = engine
        store = try engine.makeStore()
        try linker.defineSpectest(in: store)
    }

    /// Stops whatever command is running, which then fails; from any thread.
    package var interruptHandle: InterruptHandle { store.interruptHandle }

    /// Runs one command. The commands of a script are run in order.
    package mutating func run(_ command: ScriptCommand) -> ScriptOutcome {
        do throws(Shortfall) {
            try execute(command.kind)
            return .passed
        } catch {
            return error.outcome
        }
    }

    /// Ends a command that does not pass.
    struct Shortfall: Error {
        var outcome: ScriptOutcome

        static func failed(_ text: String) -> Shortfall { Shortfall(outcome: .failed(text)) }
        static func unsupported(_ text: String) -> Shortfall { Shortfall(outcome: .unsupported(text)) }
    }

    private mutating func execute(_ kind: ScriptCommand.Kind) throws(Shortfall) {
        switch kind {
        case .module(let module, let name): try defineAndInstantiate(module, name: name)
        case .moduleDefinition(let module, let name): try define(module, name: name)
        case .moduleInstance(let name, let definition, _): try instantiate(definition, as: name)
        case .register(let name, let alias): try register(name, as: alias)
        case .action(let action): _ = try values(of: action)
        case .assertReturn(let action, let expected): try assertReturn(action, expected)
        case .assertTrap(let action, let message): try assertTrap(action, message)
        case .assertExhaustion(let action, let message): try assertTrap(action, message)
        case .assertException(let action): try assertTrap(action, TrapCode.uncaughtException.message)
        case .assertInvalid(let module, let message): try assertRefused(module, message, as: .invalid)
        case .assertMalformed(let module, let message): try assertRefused(module, message, as: .malformed)
        case .assertCustomRefused(let module, let message): try assertCustomRefused(module, message)
        case .assertUnlinkable(let module, let message): try assertUnlinkable(module, message)
        case .assertUninstantiable(let module, let message): try assertUninstantiable(module, message)
        case .unknown(let name): throw .unsupported("the command '\(name)'")
        }
    }

    // MARK: - Modules

    /// Reads, decodes and validates a module or a component.
    func compile(_ module: ScriptModule) -> Result<ScriptDefinition, ModuleRefusal> {
        let bytes: [UInt8]
        switch module.contents {
        case .binary(let binary): bytes = binary
        case .quoted(let text):
            do throws(TextError) {
                bytes = module.isComponent ? try ScriptComponents.encode(quoted: text) : try TextModule.encode(text)
            } catch {
                return .failure(.text(error))
            }
        case .malformed(let error): return .failure(.text(error))
        }
        do throws(BinaryError) {
            let source = ByteSource(bytes)
            return .success(
                module.isComponent
                    ? .component(try engine.compile(component: source)) : .module(try engine.compile(source)))
        } catch {
            return .failure(.binary(error))
        }
    }

    /// Decodes and validates what is meant to be valid.
    func compileValid(_ module: ScriptModule) throws(Shortfall) -> ScriptDefinition {
        switch compile(module) {
        case .success(let module): return module
        case .failure(let error):
            if error.isUnsupported { throw .unsupported(error.message) }
            throw .failed("the module was refused: \(error)")
        }
    }

    /// Instantiates with what is registered.
    func link(_ definition: ScriptDefinition) throws(Shortfall) -> Result<ScriptInstance, LinkFailure> {
        switch definition {
        case .module(let module):
            for item in module.imports {
                if let reason = unsupportedRegistrations[ExactString(item.module)] { throw .unsupported(reason) }
            }
            do throws(InstantiationError) {
                return .success(.module(try linker.instantiate(module, in: store)))
            } catch {
                return .failure(LinkFailure(error))
            }
        case .component(let component):
            do throws(ComponentInstantiationError) {
                return .success(
                    .component(try componentLinker.instantiate(component, in: store, instances: componentExports)))
            } catch {
                return .failure(LinkFailure(error))
            }
        }
    }

    private mutating func defineAndInstantiate(_ module: ScriptModule, name: String?) throws(Shortfall) {
        let made: Binding<ScriptInstance>
        var shortfall: Shortfall?
        do throws(Shortfall) {
            let definition = try compileValid(module)
            lastDefinition = .value(definition)
            if let name { definitions[ExactString(name)] = lastDefinition }
            made = .value(try instantiate(definition))
        } catch {
            made = .unsupported("the instance was not made")
            shortfall = error
        }
        bind(made, as: name)
        if let shortfall { throw shortfall }
    }

    private mutating func define(_ module: ScriptModule, name: String?) throws(Shortfall) {
        let made: Binding<ScriptDefinition>
        var shortfall: Shortfall?
        do throws(Shortfall) {
            made = .value(try compileValid(module))
        } catch {
            made = .unsupported("the module was not made")
            shortfall = error
        }
        lastDefinition = made
        if let name { definitions[ExactString(name)] = made }
        if let shortfall { throw shortfall }
    }

    private mutating func instantiate(_ definition: String?, as name: String?) throws(Shortfall) {
        let found = definition.map { definitions[ExactString($0)] } ?? lastDefinition
        do throws(Shortfall) {
            switch found {
            case .value(let module): bind(.value(try instantiate(module)), as: name)
            case .unsupported(let reason): throw .unsupported(reason)
            case nil: throw .failed("there is no definition \(definition ?? "")")
            }
        } catch {
            bind(.unsupported("the instance was not made"), as: name)
            throw error
        }
    }

    private func instantiate(_ definition: ScriptDefinition) throws(Shortfall) -> ScriptInstance {
        switch try link(definition) {
        case .success(let instance): return instance
        case .failure(let error): throw .failed("not instantiated: \(error)")
        }
    }

    private mutating func bind(_ instance: Binding<ScriptInstance>, as name: String?) {
        current = instance
        if let name { instances[ExactString(name)] = instance }
    }

    private mutating func register(_ name: String?, as alias: String) throws(Shortfall) {
        do throws(Shortfall) {
            switch try instance(name) {
            case .module(let instance): linker.define(instance, module: alias)
            case .component(let instance): componentExports[alias] = instance.asExport
            }
            unsupportedRegistrations[ExactString(alias)] = nil
        } catch {
            unsupportedRegistrations[ExactString(alias)] = "the instance '\(alias)' was not made"
            throw error
        }
    }

    /// The instance of this name, or the current one.
    func instance(_ name: String?) throws(Shortfall) -> ScriptInstance {
        let found = name.map { instances[ExactString($0)] } ?? current
        switch found {
        case .value(let instance): return instance
        case .unsupported(let reason): throw .unsupported(reason)
        case nil: throw .failed(name.map { "there is no instance $\($0)" } ?? "there is no instance yet")
        }
    }
}
