// External types in the text format's words, for messages.

package import WasmBinary
import WasmTypes

extension FunctionType {
    package var text: String {
        var text = "func"
        if !parameters.isEmpty { text += " (param \(parameters.map(\.description).joined(separator: " ")))" }
        if !results.isEmpty { text += " (result \(results.map(\.description).joined(separator: " ")))" }
        return text
    }
}

extension Limits {
    var text: String { maximum.map { "\(minimum) \($0)" } ?? "\(minimum)" }
}

extension TableType {
    package var text: String { "table \(addressType == .i64 ? "i64 " : "")\(limits.text) \(elementType)" }
}

extension MemoryType {
    package var text: String { "memory \(addressType == .i64 ? "i64 " : "")\(limits.text)\(isShared ? " shared" : "")" }
}

extension GlobalType {
    package var text: String { isMutable ? "global (mut \(valueType))" : "global \(valueType)" }
}

extension BinaryModule {
    /// What an import asks for.
    package func describe(_ type: ImportType) -> String {
        switch type {
        case .function(let index):
            return types.indices.contains(index.position) ? types[index.position].function?.text ?? "func" : "func"
        case .table(let type): return type.text
        case .memory(let type): return type.text
        case .global(let type): return type.text
        case .tag(let tag):
            let text = types.indices.contains(tag.type.position) ? types[tag.type.position].function?.text : nil
            return "tag" + (text ?? "func").dropFirst(4)
        }
    }
}

extension ExternalValue {
    /// What the value is.
    package var typeDescription: String {
        switch self {
        case .function(let function): function.type.text
        case .table(let table): table.type.text
        case .memory(let memory): memory.type.text
        case .global(let global): global.type.text
        case .tag(let tag): "tag" + tag.type.text.dropFirst(4)
        }
    }
}
