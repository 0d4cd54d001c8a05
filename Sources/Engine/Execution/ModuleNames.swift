// What a module calls its functions, for backtraces: the name section's names, or else the exports'.

package import WasmBinary
package import WasmTypes

/// The names of one module. Nothing is read before somebody asks.
package struct ModuleNames: Sendable {
    private let binary: BinaryModule

    package init(_ binary: BinaryModule) {
        self.binary = binary
    }

    /// The module's own name; nil if it has none or its name section cannot be read.
    package var module: String? { NameSection(of: binary)?.moduleName }

    /// The function's name; nil if nothing names it.
    package func function(_ index: FunctionIndex) -> String? {
        if index.position < binary.importedFunctionCount {
            var seen = 0
            for item in binary.imports {
                guard case .function = item.type else { continue }
                if seen == index.position { return "\(item.module).\(item.name)" }
                seen += 1
            }
        }
        if let name = NameSection(of: binary)?.functionName(index) { return name }
        return binary.exports.first { $0.index == .function(index) }?.name
    }
}
