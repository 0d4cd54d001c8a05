// What `apus inspect` shows of a file, gathered before it is written as text or as JSON.

import ComponentBinary
import ComponentTypes
import Execution
import InternalUtilities
import WasmBinary
import WasmTypes

/// A component or core module, and what stands in it.
struct Inspection {
    /// An import or export.
    struct Item {
        /// The interface or module that it belongs to; nil for an item with a name of its own.
        var group: String?
        var name: String
        var type: String
    }

    struct Section {
        var name: String
        /// In bytes.
        var size: Int
    }

    struct Producer {
        var field: String
        var name: String
        var version: String
    }

    /// A core module's contents in numbers.
    struct ModuleContents {
        var functions: Int
        var importedFunctions: Int
        /// In bytes, of all bodies.
        var codeSize: Int
        /// The types of its memories, tables and globals and tags, its own ones.
        var memories: [String]
        var tables: [String]
        var globals: Int
        var tags: Int
        var dataSegments: Int
        /// In bytes.
        var dataSize: Int
        var elementSegments: Int
        var start: String?
    }

    var kind: ProgramFile.Kind
    var name: String?
    /// In bytes.
    var size: Int
    var imports: [Item]
    var exports: [Item]
    var module: ModuleContents?
    /// The core modules that stand in a component, and the components.
    var nested: [Inspection] = []
    var producers: [Producer]
    var customSections: [Section]
}

extension Inspection {
    init(component: Component, of file: ProgramFile) {
        self.init(component)
    }

    init(module: BinaryModule, of file: ProgramFile) {
        self.init(module)
    }

    // Components nest as deep as their decoder allows.
    private init(_ component: Component) {
        kind = .component
        name = component.readNames().component
        size = component.extent.count
        imports = component.type.importListing.map(Item.init)
        exports = component.type.exportListing.map(Item.init)
        producers = Self.producers(component.source, component.customSections.map { ($0.name, $0.bytes) })
        customSections = component.customSections.map { Section(name: $0.name, size: $0.bytes.count) }
        nested = component.modules.map { Inspection($0) } + component.components.map { Inspection($0) }
    }

    private init(_ module: BinaryModule) {
        kind = .coreModule
        let names = NameSection(of: module)
        name = names?.moduleName
        size = module.extent.count
        imports = module.imports.map { Item(group: $0.module, name: $0.name, type: module.describe($0.type)) }
        exports = module.exports.map { Item(group: nil, name: $0.name, type: module.describe($0.index)) }
        self.module = ModuleContents(
            functions: module.functions.count - module.importedFunctionCount,
            importedFunctions: module.importedFunctionCount,
            codeSize: module.bodies.reduce(0) { $0 + $1.count },
            memories: module.memories.dropFirst(module.importedMemoryCount).map(\.text),
            tables: module.tables.dropFirst(module.importedTableCount).map(\.type.text),
            globals: module.globals.count - module.importedGlobalCount, tags: module.tags.count - module.importedTagCount,
            dataSegments: module.data.count, dataSize: module.data.reduce(0) { $0 + $1.bytes.count },
            elementSegments: module.elements.count,
            start: module.start.map { start in names?.functionName(start) ?? "function \(start.rawValue)" })
        producers = module.producers().map { Producer(field: $0.field, name: $0.name, version: $0.version) }
        customSections = module.customSections.map { Section(name: $0.name, size: $0.bytes.count) }
    }

    /// What a component's producers section says; what of it cannot be read is left out.
    private static func producers(_ source: ByteSource, _ sections: [(name: String, bytes: ByteExtent)]) -> [Producer] {
        guard let section = sections.first(where: { $0.name == "producers" }) else { return [] }
        return BinaryModule.producers(in: section.bytes, of: source).map { Producer(field: $0.field, name: $0.name, version: $0.version) }
    }
}

extension Inspection.Item {
    fileprivate init(_ listing: ExternListing) {
        if let member = listing.member {
            self.init(group: listing.name, name: member, type: listing.type)
        } else {
            self.init(group: nil, name: listing.name, type: listing.type)
        }
    }
}

extension BinaryModule {
    /// What an export is.
    fileprivate func describe(_ index: ExternalIndex) -> String {
        func item<Element>(_ items: [Element], _ position: Int) -> Element? {
            items.indices.contains(position) ? items[position] : nil
        }
        switch index {
        case .function(let index): return functionType(of: index)?.text ?? "func"
        case .table(let index): return item(tables, index.position)?.type.text ?? "table"
        case .memory(let index): return item(memories, index.position)?.text ?? "memory"
        case .global(let index): return item(globals, index.position)?.type.text ?? "global"
        case .tag(let index): return "tag" + (functionType(of: index)?.text ?? "func").dropFirst(4)
        }
    }
}
