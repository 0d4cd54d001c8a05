// Why a component could not be linked or run: the interface, the function, what was expected and what was found.

import Apus
import ComponentRuntime
import ComponentTypes
import Execution

extension Diagnostic {
    /// A component could not be run, or did not come to its end.
    static func command(_ file: ProgramFile, _ error: WASICommandError) -> Diagnostic {
        switch error {
        case .unreadable(let error): Diagnostic(opening: error)
        case .invalid(let error): .invalid(file, error)
        case .notACommand(let exports): .notACommand(file, exports: exports)
        case .incompatibleRun(let interface, let found):
            Diagnostic(
                .badFile, "\(file.path) cannot be run: 'run' of \(interface) has another type",
                details: ["expected: func() -> result", "found:    \(found)"])
        case .instantiation(let error): .instantiation(file, error)
        case .trap(let trap): .trap(trap)
        // The rest is of core modules.
        case .noEntry, .module, .host: Diagnostic(.badFile, "\(file.path) cannot be run: \(error)")
        }
    }

    private static func notACommand(_ file: ProgramFile, exports: [String]) -> Diagnostic {
        var details: [String] = []
        if exports.isEmpty {
            details.append("it exports nothing")
        } else {
            let limit = 20
            details.append("it exports:")
            details += exports.prefix(limit).map { "  \($0)" }
            if exports.count > limit { details.append("  … and \(exports.count - limit) more") }
        }
        let names = VersionedNames(exports)
        if let position = names.nearest(WASICommand.runInterface) {
            details.append("\(exports[position]) is of a version of WASI that is not supported; 0.2 is")
        }
        if exports.contains(where: { $0.hasPrefix("wasi:http/incoming-handler") || $0.hasPrefix("wasi:http/handler") }) {
            details.append("it answers HTTP requests: did you mean 'apus serve \(file.path)'?")
        }
        return Diagnostic(.badFile, "\(file.path) is no program: it does not export wasi:cli/run", details: details)
    }

    private static func instantiation(_ file: ProgramFile, _ error: ComponentInstantiationError) -> Diagnostic {
        switch error {
        case .missingImport(let interface, let item, let expected, let nearest):
            var details = ["expected: \(expected)"]
            if let nearest {
                details.append(item == nil ? "nearest:  \(nearest), which does not serve it" : "\(nearest) is provided and has no such item")
            } else if let hint = hint(for: interface) {
                details.append(hint)
            }
            return Diagnostic(
                .badFile, "\(file.path) imports what nobody provides: \(name(item, of: interface))", details: details)
        case .incompatibleImport(let interface, let item, let expected, let found, let provider):
            var details = ["expected: \(expected)", "found:    \(found)"]
            if let provider, provider != interface { details.append("provided by \(provider)") }
            return Diagnostic(
                .badFile, "\(file.path) cannot be linked: \(name(item, of: interface)) has another type", details: details)
        case .module(let place, .trap(let trap)), .trap(let place, let trap):
            var diagnostic = Diagnostic.trap(trap)
            diagnostic.details.append("while \(place) was instantiated")
            return diagnostic
        case .module(let place, let error):
            var diagnostic = Diagnostic.instantiation(file, error)
            diagnostic.details.append("while \(place) was instantiated")
            return diagnostic
        case .defect(let place):
            return Diagnostic(
                .failure, "internal error: \(file.path) cannot be instantiated",
                details: ["at \(place)", "this is a defect of Apus: please report it"])
        }
    }

    private static func name(_ item: String?, of interface: String) -> String {
        item.map { "'\($0)' of \(interface)" } ?? interface
    }

    private static func hint(for interface: String) -> String? {
        if interface.hasPrefix("wasi:") { return "of WASI, the worlds command and proxy of version 0.2 are provided" }
        return "a component that exports it can be composed with this one, for example by 'wac plug'"
    }
}
