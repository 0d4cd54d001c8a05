// Why a core module could not be linked or instantiated.

import Execution
import WasmBinary
import WasmEngine

extension Diagnostic {
    /// A core module that imports something is not run: nobody provides it.
    static func imports(of module: Module, _ file: ProgramFile) -> Diagnostic {
        let imports = module.imports
        let limit = 20
        var details = imports.prefix(limit).map { "\($0.module).\($0.name): \(module.binary.describe($0.type))" }
        if imports.count > limit { details.append("… and \(imports.count - limit) more") }
        let first = imports[0]
        let others = imports.count == 1 ? "" : " and \(imports.count - 1) more"
        if let wasi = imports.first(where: { $0.module == "wasi_snapshot_preview1" || $0.module == "wasi_unstable" }) {
            details.append("build it for wasm32-wasip2, or make a component of it with 'wasm-tools component new --adapt'")
            return Diagnostic(
                .badFile, "\(file.path) is a core module for WASI 0.1, which is not supported yet: it imports \(wasi.module).\(wasi.name)",
                details: details)
        }
        details.append("a core module is given nothing by the host; components are")
        return Diagnostic(
            .badFile, "\(file.path) imports what nobody provides: \(first.module).\(first.name)\(others)", details: details)
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
}
