// Why core modules could not be linked or instantiated.

import Apus
import Execution
import WASIPreview1
import WasmBinary
import WasmEngine

extension Diagnostic {
    /// Core modules could not be run, or did not come to their end.
    static func modules(_ program: ModuleProgram, _ guest: CoreGuest, _ error: WASICommandError) -> Diagnostic {
        switch error {
        case .module(let name, let error):
            let position = name.flatMap { name in program.preloads.lastIndex { $0.name == name } }
            let file = position.map { guest.preloads[$0].file } ?? guest.file
            guard case .missingImport = error else { return instantiation(file, error) }
            let preloads = program.preloads.prefix(position ?? program.preloads.count)
            return missing(of: position.map { program.preloads[$0].module } ?? program.module, file, preloads)
        case .host(let error):
            return Diagnostic(.failure, "the guest cannot be given what was granted: \(error)")
        default: return command(guest.file, error)
        }
    }

    static func instantiation(_ file: ProgramFile, _ error: InstantiationError) -> Diagnostic {
        switch error {
        case .trap(let trap): Diagnostic.trap(trap)
        case .missingImport(let module, let name, let expected):
            Diagnostic(
                .badFile, "\(file.path) imports what nobody provides: \(module).\(name)", details: ["expected: \(expected)"])
        case .incompatibleImport(let module, let name, let expected, let found):
            Diagnostic(
                .badFile, "\(file.path) cannot be linked: \(module).\(name) has another type",
                details: ["expected: \(expected)", "found:    \(found)"])
        }
    }

    /// Everything that a module imports and nobody provides.
    private static func missing(
        of module: Module, _ file: ProgramFile, _ preloads: some Collection<ModuleProgram.Preload>
    ) -> Diagnostic {
        let imports = module.imports.filter { item in
            !WASIModuleNames.functions(of: item.module).contains(item.name)
                && !preloads.contains { preload in
                    preload.name == item.module && preload.module.exports.contains { $0.name == item.name }
                }
        }
        guard let first = imports.first else { return Diagnostic(.badFile, "\(file.path) cannot be linked") }
        let limit = 20
        var details = imports.prefix(limit).map { "\($0.module).\($0.name): \(module.binary.describe($0.type))" }
        if imports.count > limit { details.append("… and \(imports.count - limit) more") }
        details.append(provision(of: first, preloaded: preloads.map(\.name)))
        let others = imports.count == 1 ? "" : " and \(imports.count - 1) more"
        return Diagnostic(
            .badFile, "\(file.path) imports what nobody provides: \(first.module).\(first.name)\(others)", details: details)
    }

    /// What there is in place of an import that is missing.
    private static func provision(of item: Import, preloaded: [String]) -> String {
        let module = item.module
        let functions = WASIModuleNames.functions(of: module)
        if !functions.isEmpty {
            guard let near = Suggestion.nearest(to: item.name, among: functions) else {
                return "\(module) is provided and has no such function"
            }
            return "\(module) is provided and has no such function; did you mean \(near)?"
        }
        if preloaded.contains(module) { return "the module that was preloaded as '\(module)' does not export it" }
        if module.hasPrefix("wasi_") { return "of WASI, wasi_snapshot_preview1 and wasi_unstable are provided" }
        return "a core module is given WASI 0.1 (wasi_snapshot_preview1), and what --preload \(module)=FILE links"
    }
}
