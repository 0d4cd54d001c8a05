// The functions that a component exports, by itself and in interfaces, and how a name on the command line stands for one:
//
//     wasi:cli/run@0.2.0#run     the interface in full
//     wasi:cli/run#run           without its version
//     run#run                    by its last word
//     run                        the function alone
//
// Each form is taken where it stands for one function only. Wasmtime writes the same with a dot, the version behind all of
// it, `wasi:cli/run.run@0.2.0`; that is understood too.

import ComponentTypes

/// A function that can be called from outside.
struct ExportedFunction {
    /// nil for one that the component exports by itself.
    let interface: String?
    let name: String
    let type: ComponentFunctionType

    /// The name in full.
    var text: String { interface.map { "\($0)#\(name)" } ?? name }
}

struct ExportedFunctions {
    private let functions: [ExportedFunction]
    private let description: TypeDescription

    init(of component: ComponentType) {
        var functions: [ExportedFunction] = []
        for export in component.exports.declarations {
            switch export.type {
            case .function(let type):
                functions.append(ExportedFunction(interface: nil, name: export.name.text, type: type))
            case .instance(let instance):
                for item in instance.exports.declarations {
                    guard case .function(let type) = item.type else { continue }
                    functions.append(ExportedFunction(interface: export.name.text, name: item.name.text, type: type))
                }
            default: break
            }
        }
        self.functions = functions
        description = TypeDescription(component.exports.declarations)
    }

    /// A function's type in words.
    func signature(of function: ExportedFunction) -> String {
        description.text(of: function.type)
    }

    /// Finds the function that a name stands for.
    func function(_ name: String, in file: ProgramFile) throws(Diagnostic) -> ExportedFunction {
        let candidates = candidates(for: name)
        if let first = candidates.first, candidates.count == 1 { return first }
        guard candidates.isEmpty else {
            throw Diagnostic(
                .badCommandLine, "--invoke \(name): \(file.path) exports more than one such function",
                details: ["one of these is meant:"] + candidates.map { "  \($0.text)" })
        }
        var details = list
        let names = functions.map(\.name) + functions.map(\.text)
        if let near = Suggestion.nearest(to: name, among: names) { details.insert("did you mean \(near)?", at: 0) }
        throw Diagnostic(.badCommandLine, "--invoke \(name): \(file.path) exports no such function", details: details)
    }

    private func candidates(for name: String) -> [ExportedFunction] {
        guard let mark = name.lastIndex(of: "#") else {
            let own = functions.filter { $0.interface == nil && $0.name == name }
            if !own.isEmpty { return own }
            let members = functions.filter { $0.name == name }
            return members.isEmpty ? Self.numbered(name).map(candidates) ?? [] : members
        }
        let interface = String(name[..<mark])
        let member = name[name.index(after: mark)...]
        let members = functions.filter { $0.interface != nil && $0.name == member }
        let exact = members.filter { $0.interface == interface }
        if !exact.isEmpty { return exact }
        // A version that is not exported is served by the rule of versions.
        let interfaces = members.compactMap(\.interface)
        if let position = VersionedNames(interfaces).match(interface) { return [members[position]] }
        return members.filter { function in
            guard let exported = function.interface, let parsed = try? InterfaceName(parsing: exported) else { return false }
            return parsed.unversioned == interface || parsed.interface == interface
        }
    }

    /// `ns:package/interface.function@version` as `ns:package/interface@version#function`.
    private static func numbered(_ name: String) -> String? {
        let version = name.firstIndex(of: "@").map { name[$0...] } ?? ""
        let path = name.dropLast(version.count)
        guard let dot = path.lastIndex(of: ".") else { return nil }
        return "\(path[..<dot])\(version)#\(path[path.index(after: dot)...])"
    }

    /// What can be called, for an error's details; not all of it where there is very much.
    private var list: [String] {
        if functions.isEmpty { return ["it exports no functions"] }
        let limit = 20
        var lines = ["it exports:"] + functions.prefix(limit).map { "  \($0.text): \(signature(of: $0))" }
        if functions.count > limit { lines.append("  … and \(functions.count - limit) more") }
        return lines
    }
}
