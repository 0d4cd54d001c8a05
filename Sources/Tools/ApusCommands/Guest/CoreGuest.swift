// Running a core module: by its `_start`, or an exported function with numbers from the command line. What it imports is
// WASI 0.1, or comes from the modules that it is linked with.

import Apus
import Execution
import WASIHost
import WASIPreview1
import WasmBinary
import WasmEngine
import WasmTypes

/// A core module that is ready to be run.
struct CoreGuest: Sendable {
    let file: ProgramFile
    let host: HostConfiguration
    let limits: StoreLimits
    /// The exported function that is called; nil for the program's entry.
    let function: String?
    let arguments: [String]
    let console: Console
    /// The modules that are linked to it, by the names that they are imported under.
    var preloads: [(name: String, file: ProgramFile)] = []

    /// Loads and runs the module, and reports how it ended.
    func run(_ control: GuestControl) {
        do throws(Diagnostic) {
            let engine = Engine()
            var program = ModuleProgram(try file.compileModule(with: engine), engine: engine)
            for (name, file) in preloads {
                program.preloads.append(ModuleProgram.Preload(name: name, module: try file.compileModule(with: engine)))
            }
            control.report(.exited(try run(program, control)))
        } catch {
            control.report(.failed(error))
        }
    }

    private func run(_ program: ModuleProgram, _ control: GuestControl) throws(Diagnostic) -> ExitStatus {
        do {
            let store = try program.makeStore(limits: limits)
            control.onStop(store.interruptHandle.interrupt)
            let instance = try program.instantiate(in: store, host: host.interruptible(by: control))
            return try call(program, instance, in: store)
        } catch let diagnostic as Diagnostic {
            throw diagnostic
        } catch {
            let error = (error as? WASICommandError) ?? .trap((error as? Trap) ?? Trap(.internalError))
            if let exit = GuestExit(of: error.trap) { return ExitStatus(rawValue: Int32(exit.code)) }
            throw .modules(program, self, error)
        }
    }

    private func call(_ program: ModuleProgram, _ instance: Instance, in store: Store) throws -> ExitStatus {
        let module = program.module
        if let function {
            let (callee, slots) = try resolve(function, in: instance, of: module)
            return print(try store.call(callee, slots), of: callee.type)
        }
        if let entry = program.entry(of: instance) {
            _ = try store.call(entry, [])
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
