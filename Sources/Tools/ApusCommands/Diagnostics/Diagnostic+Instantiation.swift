// Why a core module could not be linked or instantiated.

import Apus
import Execution
import WASIPreview1
import WasmBinary
import WasmEngine

extension Diagnostic {
    /// Core modules could not be run, or did not come to their end.
    static func modules(_ guest: CoreGuest, _ error: WASICommandError) -> Diagnostic {
        switch error {
        case .module(let name, let error):
            let file = guest.preloads.last { $0.name == name }?.file ?? guest.file
            return instantiation(file, error, preloaded: guest.preloads.map(\.name))
        case .host(let error): return Diagnostic(.failure, "the guest cannot be given what was granted: \(error)")
        default: return command(guest.file, error)
        }
    }

    static func instantiation(
        _ file: ProgramFile, _ error: InstantiationError, preloaded: [String] = []
    ) -> Diagnostic {
        switch error {
        case .trap(let trap): Diagnostic.trap(trap)
        case .missingImport(let module, let name, let expected):
            Diagnostic(
                .badFile, "\(file.path) imports what nobody provides: \(module).\(name)",
                details: ["expected: \(expected)", provision(of: name, from: module, preloaded: preloaded)])
        case .incompatibleImport(let module, let name, let expected, let found):
            Diagnostic(
                .badFile, "\(file.path) cannot be linked: \(module).\(name) has another type",
                details: ["expected: \(expected)", "found:    \(found)"])
        }
    }

    /// What there is in place of an import that is missing.
    private static func provision(of name: String, from module: String, preloaded: [String]) -> String {
        let functions = WASIModuleNames.functions(of: module)
        if !functions.isEmpty {
            guard let near = Suggestion.nearest(to: name, among: functions) else {
                return "\(module) is provided and has no such function"
            }
            return "\(module) is provided and has no such function; did you mean \(near)?"
        }
        if preloaded.contains(module) { return "the module that was preloaded as '\(module)' does not export it" }
        if module.hasPrefix("wasi_") { return "of WASI, wasi_snapshot_preview1 and wasi_unstable are provided" }
        return "a core module is given WASI 0.1 (wasi_snapshot_preview1), and what --preload \(module)=FILE links"
    }
}
