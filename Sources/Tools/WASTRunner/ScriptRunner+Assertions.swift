// Actions and assertions. Messages are compared as the reference interpreter does: what the script says must begin what
// the engine says.

import Execution
import WasmBinary
import WasmEngine
import WasmText
import WasmTypes

extension ScriptRunner {
    // MARK: - Actions

    /// The result slots of an action, or the trap that ended it.
    func perform(_ action: ScriptAction) throws(Shortfall) -> Result<[UInt64], Trap> {
        switch action {
        case .invoke(let module, let name, let arguments):
            guard case .function(let function) = try instance(module).export(name) else {
                throw .failed("no function is exported as \"\(name)\"")
            }
            do throws(Trap) {
                return .success(try store.call(function, arguments.flatMap(\.slots)))
            } catch {
                return .failure(error)
            }
        case .get(let module, let name):
            guard case .global(let global) = try instance(module).export(name) else {
                throw .failed("no global is exported as \"\(name)\"")
            }
            return .success(global.slots)
        }
    }

    /// The result slots of an action that is meant to return.
    func values(of action: ScriptAction) throws(Shortfall) -> [UInt64] {
        switch try perform(action) {
        case .success(let slots): return slots
        case .failure(let trap): throw .failed("trapped: \(trap)")
        }
    }

    // MARK: - Assertions

    func assertReturn(_ action: ScriptAction, _ expected: [ExpectedValue]) throws(Shortfall) {
        let slots = try values(of: action)
        guard expected.match(slots, in: store) else {
            let found = slots.map { "0x" + String($0, radix: 16) }.joined(separator: " ")
            throw .failed("returned \(found.isEmpty ? "nothing" : found), expected \(expected)")
        }
    }

    func assertTrap(_ action: ScriptAction, _ message: String) throws(Shortfall) {
        switch try perform(action) {
        case .success: throw .failed("returned, expected the trap \"\(message)\"")
        case .failure(let trap): try compare(trap, with: message)
        }
    }

    func assertRefused(
        _ module: ScriptModule, _ message: String, as kind: BinaryError.Kind
    ) throws(Shortfall) {
        guard case .failure(let refusal) = compile(module) else { throw .failed("accepted, expected \"\(message)\"") }
        guard refusal.message.hasPrefix(message) else {
            if refusal.isUnsupported { throw .unsupported(refusal.message) }
            throw .failed("refused with \"\(refusal)\", expected \"\(message)\"")
        }
        guard refusal.kind == kind || refusal.kind == .limit else {
            throw .failed("\"\(refusal)\" is \(refusal.kind), expected it to be \(kind)")
        }
    }

    /// Annotations are looked at where text is read; sections of the engine's binaries are not.
    func assertCustomRefused(_ module: ScriptModule, _ message: String) throws(Shortfall) {
        switch compile(module) {
        case .failure(.text(let error)) where error.message.hasPrefix(message): break
        case .failure(let refusal): throw .failed("refused with \"\(refusal)\", expected \"\(message)\"")
        case .success: throw .unsupported("a look into custom sections")
        }
    }

    func assertUnlinkable(_ module: ScriptModule, _ message: String) throws(Shortfall) {
        switch try link(try compileValid(module)) {
        case .success: throw .failed("linked, expected \"\(message)\"")
        case .failure(.trap(let trap)): throw .failed("trapped with \"\(trap)\", expected \"\(message)\"")
        case .failure(let error):
            guard error.description.hasPrefix(message) else {
                throw .failed("not linked: \"\(error)\", expected \"\(message)\"")
            }
        }
    }

    func assertUninstantiable(_ module: ScriptModule, _ message: String) throws(Shortfall) {
        switch try link(try compileValid(module)) {
        case .success: throw .failed("instantiated, expected \"\(message)\"")
        case .failure(.trap(let trap)): try compare(trap, with: message)
        case .failure(let error): throw .failed("not linked: \"\(error)\", expected the trap \"\(message)\"")
        }
    }

    private func compare(_ trap: Trap, with message: String) throws(Shortfall) {
        // The script may name the element besides ("uninitialized element 2"), the code alone does not.
        let said = trap.code.message
        guard said.hasPrefix(message) || message.hasPrefix(said) || trap.description.hasPrefix(message) else {
            throw .failed("trapped with \"\(trap)\", expected \"\(message)\"")
        }
    }
}

extension Execution.Global {
    /// The value's slots.
    fileprivate var slots: [UInt64] {
        type.valueType.isVector ? [rawValue, upperRawValue] : [rawValue]
    }
}
