// Actions and assertions. Messages are compared as the reference interpreter does, unless nobody asks for it: what the
// script says must begin what the engine says.

import ComponentRuntime
import ComponentTypes
import Execution
import WasmBinary
import WasmEngine
import WasmText
import WasmTypes

extension ScriptRunner {
    // MARK: - Actions

    /// What an action returned, or the trap that ended it.
    func perform(_ action: ScriptAction) throws(Shortfall) -> Result<ActionResults, Trap> {
        switch action {
        case .invoke(let name, let function, let arguments):
            switch try instance(name) {
            case .module(let instance): return try call(function, of: instance, arguments)
            case .component(let instance): return try call(function, of: instance, arguments)
            }
        case .get(let module, let name):
            guard case .module(let instance) = try instance(module), case .global(let global) = instance.export(name) else {
                throw .failed("no global is exported as \"\(name)\"")
            }
            return .success(.slots(global.slots))
        }
    }

    private func call(
        _ name: String, of instance: Instance, _ arguments: [ScriptValue]
    ) throws(Shortfall) -> Result<ActionResults, Trap> {
        guard case .function(let function) = instance.export(name) else {
            throw .failed("no function is exported as \"\(name)\"")
        }
        do throws(Trap) {
            return .success(.slots(try store.call(function, arguments.flatMap(\.slots))))
        } catch {
            return .failure(error)
        }
    }

    private func call(
        _ name: String, of instance: ComponentInstance, _ arguments: [ScriptValue]
    ) throws(Shortfall) -> Result<ActionResults, Trap> {
        do throws(ComponentCallError) {
            let parameters = try instance.functionType(name).parameters
            let values = arguments.enumerated().map { position, argument in
                argument.componentValue(as: position < parameters.count ? parameters[position].type : nil)
            }
            return .success(.component(try instance.call(name, values)))
        } catch {
            guard case .trap(let trap) = error else { throw .failed("not called: \(error)") }
            return .failure(trap)
        }
    }

    /// The results of an action that is meant to return.
    func values(of action: ScriptAction) throws(Shortfall) -> ActionResults {
        switch try perform(action) {
        case .success(let results): return results
        case .failure(let trap): throw .failed("trapped: \(trap)")
        }
    }

    private func isOnComponent(_ action: ScriptAction) throws(Shortfall) -> Bool {
        guard case .invoke(let name, _, _) = action, case .component = try instance(name) else { return false }
        return true
    }

    // MARK: - Assertions

    func assertReturn(_ action: ScriptAction, _ expected: [ExpectedValue]) throws(Shortfall) {
        let results = try values(of: action)
        guard expected.match(results, in: store) else {
            switch results {
            case .slots(let slots):
                let types = try resultTypes(of: action)
                throw .failed("returned \(ScriptText.results(slots, types)), expected \(ScriptText.expected(expected, types))")
            case .component: throw .failed("returned \(results), expected \(expected)")
            }
        }
    }

    func assertTrap(_ action: ScriptAction, _ message: String) throws(Shortfall) {
        switch try perform(action) {
        case .success: throw .failed("returned, expected the trap \"\(message)\"")
        case .failure(let trap): try compare(trap, with: message, isComponent: try isOnComponent(action))
        }
    }

    func assertRefused(
        _ module: ScriptModule, _ message: String, as kind: BinaryError.Kind
    ) throws(Shortfall) {
        guard case .failure(let refusal) = compile(module) else { throw .failed("accepted, expected \"\(message)\"") }
        guard agrees(refusal.message, with: message, isComponent: module.isComponent) else {
            if refusal.isUnsupported { throw .unsupported(refusal.message) }
            throw .failed("refused with \"\(refusal)\", expected \"\(message)\"")
        }
        if !comparesMessages, refusal.isUnsupported { throw .unsupported(refusal.message) }
        // Whether text or binary is at fault, scripts of components leave open.
        guard module.isComponent || refusal.kind == kind || refusal.kind == .limit || !comparesMessages else {
            throw .failed("\"\(refusal)\" is \(refusal.kind), expected it to be \(kind)")
        }
    }

    /// Annotations are looked at where text is read; sections of the engine's binaries are not.
    func assertCustomRefused(_ module: ScriptModule, _ message: String) throws(Shortfall) {
        switch compile(module) {
        case .failure(.text(let error)) where agrees(error.message, with: message, isComponent: false): break
        case .failure(let refusal): throw .failed("refused with \"\(refusal)\", expected \"\(message)\"")
        case .success: throw .unsupported("a look into custom sections")
        }
    }

    func assertUnlinkable(_ module: ScriptModule, _ message: String) throws(Shortfall) {
        guard case .failure(let failure) = try link(try compileValid(module)) else {
            throw .failed("linked, expected \"\(message)\"")
        }
        if let trap = failure.trap { throw .failed("trapped with \"\(trap)\", expected \"\(message)\"") }
        guard agrees(failure.description, with: message, isComponent: module.isComponent) else {
            throw .failed("not linked: \"\(failure)\", expected \"\(message)\"")
        }
    }

    func assertUninstantiable(_ module: ScriptModule, _ message: String) throws(Shortfall) {
        guard case .failure(let failure) = try link(try compileValid(module)) else {
            throw .failed("instantiated, expected \"\(message)\"")
        }
        guard let trap = failure.trap else {
            throw .failed("not linked: \"\(failure)\", expected the trap \"\(message)\"")
        }
        try compare(trap, with: message, isComponent: module.isComponent)
    }

    /// Whether what the engine says is what the script wants to hear. Messages for components are parts of what is said.
    private func agrees(_ said: String, with message: String, isComponent: Bool) -> Bool {
        !comparesMessages || (isComponent ? said.contains(message) : said.hasPrefix(message))
    }

    private func compare(_ trap: Trap, with message: String, isComponent: Bool) throws(Shortfall) {
        if !comparesMessages { return }
        let isExpected: Bool
        if isComponent {
            // The suite's messages are parts of what its first implementation prints.
            let message = message.replacing("wasm trap: ", with: "")
                .replacing("wasm `unreachable` instruction executed", with: "unreachable")
            isExpected = trap.description.contains(message) || trap.code.message.hasPrefix(message)
        } else {
            // The script may name the element besides ("uninitialized element 2"), the code alone does not.
            let said = trap.code.message
            isExpected = said.hasPrefix(message) || message.hasPrefix(said) || trap.description.hasPrefix(message)
        }
        guard isExpected else { throw .failed("trapped with \"\(trap)\", expected \"\(message)\"") }
    }
}

extension Execution.Global {
    /// The value's slots.
    fileprivate var slots: [UInt64] {
        type.valueType.isVector ? [rawValue, upperRawValue] : [rawValue]
    }
}
