// Running a core module: by its `_start`, or an exported function with numbers from the command line. A core module
// gets nothing from the host, so one that imports anything cannot be run.

import Execution
import WasmBinary
import WasmEngine
import WasmTypes

/// A core module that is ready to be run.
struct CoreGuest: Sendable {
    let file: ProgramFile
    let limits: StoreLimits
    /// The exported function that is called; nil for the program's entry.
    let function: String?
    let arguments: [String]
    let console: Console

    /// Loads and runs the module, and reports how it ended.
    func run(_ control: GuestControl) {
        do throws(Diagnostic) {
            let engine = Engine()
            let module = try load(with: engine)
            let store = try guestCall { () throws(Trap) in try engine.makeStore(limits: limits) }
            control.onStop(store.interruptHandle.interrupt)
            let instance: Instance
            do {
                instance = try Linker().instantiate(module, in: store)
            } catch {
                throw Diagnostic.instantiation(file, error)
            }
            control.report(.exited(try call(instance, of: module, in: store)))
        } catch {
            control.report(.failed(error))
        }
    }

    private func load(with engine: Engine) throws(Diagnostic) -> Module {
        let module: Module
        do {
            module = try engine.compile(file.source)
        } catch {
            throw Diagnostic.invalid(file, error)
        }
        guard module.imports.isEmpty else { throw Diagnostic.imports(of: module, file) }
        return module
    }

    private func call(_ instance: Instance, of module: Module, in store: Store) throws(Diagnostic) -> ExitStatus {
        if case .function(let initialize)? = instance.export("_initialize"), initialize.type.parameters.isEmpty {
            _ = try guestCall { () throws(Trap) in try store.call(initialize, []) }
        }
        if let function {
            let (callee, slots) = try resolve(function, in: instance, of: module)
            let results = try guestCall { () throws(Trap) in try store.call(callee, slots) }
            return print(results, of: callee.type)
        }
        for name in ["_start", ""] {
            guard case .function(let entry)? = instance.export(name), entry.type.parameters.isEmpty else { continue }
            _ = try guestCall { () throws(Trap) in try store.call(entry, []) }
            return .success
        }
        // A start function is all that some modules are for, and it has run.
        if module.binary.start != nil { return .success }
        throw Diagnostic(
            .badFile, "\(file.path) exports no '_start' to run",
            details: Self.functionList(of: module) + ["--invoke NAME calls an exported function"])
    }

    private func resolve(
        _ name: String, in instance: Instance, of module: Module
    ) throws(Diagnostic) -> (Function, [UInt64]) {
        switch instance.export(name) {
        case .function(let callee):
            return (callee, try InvokeArguments.parse(arguments, for: callee.type, of: name))
        case let value?:
            throw Diagnostic(.badCommandLine, "--invoke \(name): that export is no function, but a \(value.typeDescription)")
        case nil:
            var details = Self.functionList(of: module)
            if let near = Suggestion.nearest(to: name, among: Self.functions(of: module).map(\.name)) {
                details.insert("did you mean \(near)?", at: 0)
            }
            throw Diagnostic(.badCommandLine, "--invoke \(name): \(file.path) exports no such function", details: details)
        }
    }

    private func print(_ results: [UInt64], of type: FunctionType) -> ExitStatus {
        let text = ResultText.lines(results, type.results)
        return text.isEmpty || console.writeOutput(text) ? .success : .failure
    }

    /// Runs guest code; a trap in it becomes the command's error.
    private func guestCall<Result>(_ body: () throws(Trap) -> Result) throws(Diagnostic) -> Result {
        do {
            return try body()
        } catch {
            throw Diagnostic.trap(error)
        }
    }
}

extension CoreGuest {
    fileprivate static func functions(of module: Module) -> [(name: String, type: FunctionType)] {
        module.exports.compactMap { export in
            guard case .function(let index) = export.index, let type = module.binary.functionType(of: index) else { return nil }
            return (export.name, type)
        }
    }

    /// What can be invoked, for an error's details; not all of it where there is very much.
    fileprivate static func functionList(of module: Module) -> [String] {
        let functions = functions(of: module)
        if functions.isEmpty { return ["it exports no functions"] }
        let limit = 20
        var lines = ["it exports:"] + functions.prefix(limit).map { "  \($0.name): \($0.type.text)" }
        if functions.count > limit { lines.append("  … and \(functions.count - limit) more") }
        return lines
    }
}
