// The rules for imports, functions, tables, memories, tags, globals, exports and the start function (core specification,
// sections 3.5.2 to 3.5.12).

import InternalUtilities
import WasmBinary
import WasmTypes

extension ModuleValidator {
    func validateImports() throws(BinaryError) {
        for item in module.imports {
            switch item.type {
            case .function(let type):
                guard module.functionType(at: type) != nil else { throw unknown("type", type.rawValue, at: item.offset) }
            case .table(let type): try validate(type, at: item.offset)
            case .memory(let type): try validate(type, at: item.offset)
            case .global(let type):
                try validate(type.valueType, at: item.offset)
                if type.isMutable { try require(.mutableGlobals, for: "importing a mutable global", at: item.offset) }
            case .tag(let type): try validate(type, at: item.offset)
            }
        }
    }

    func validateFunctions() throws(BinaryError) {
        for (index, type) in module.functions.enumerated() {
            guard module.functionType(at: type) != nil else {
                // The body is the nearest place that is known.
                let body = module.body(of: FunctionIndex(UInt32(index)))
                throw unknown("type", type.rawValue, at: body?.lowerBound ?? module.extent.lowerBound)
            }
        }
    }

    func validateTables() throws(BinaryError) {
        let offset = module.extent.lowerBound
        for table in module.tables.dropFirst(module.importedTableCount) { try validate(table.type, at: offset) }
        if module.tables.count > 1 { try require(.referenceTypes, for: "multiple tables", at: offset) }
    }

    /// Checks the elements' first values of the tables that have one.
    mutating func validateTableInitializers(in types: TypeTable) throws(BinaryError) {
        for table in module.tables.dropFirst(module.importedTableCount) {
            if let initializer = table.initializer {
                try validate(
                    initializer, type: table.type.elementType, globalCount: module.importedGlobalCount, in: types)
            } else if !table.type.elementType.isDefaultable {
                throw invalid(
                    "type mismatch: a table of \(table.type.elementType), which has no null, needs an initial value",
                    at: module.extent.lowerBound)
            }
        }
    }

    func validateMemories() throws(BinaryError) {
        let offset = module.extent.lowerBound
        for memory in module.memories.dropFirst(module.importedMemoryCount) { try validate(memory, at: offset) }
        if module.memories.count > 1, !features.contains(.multipleMemories) {
            throw BinaryError.missing(.multipleMemories, for: "multiple memories", at: offset)
        }
    }

    func validateTags() throws(BinaryError) {
        for tag in module.tags.dropFirst(module.importedTagCount) { try validate(tag, at: module.extent.lowerBound) }
    }

    mutating func validateGlobals(in types: TypeTable) throws(BinaryError) {
        for index in module.importedGlobalCount..<max(module.importedGlobalCount, module.globals.count) {
            let global = module.globals[index]
            guard let initializer = global.initializer else { continue }
            try validate(global.type.valueType, at: initializer.extent.lowerBound)
            try validate(initializer, type: global.type.valueType, globalCount: index, in: types)
        }
    }

    mutating func validateExports() throws(BinaryError) {
        var names = Set<ExactString>(minimumCapacity: module.exports.count)
        for export in module.exports {
            guard names.insert(ExactString(export.name)).inserted else {
                throw invalid("duplicate export name \"\(export.name)\"", at: export.offset)
            }
            switch export.index {
            case .function(let index): try declare(index, at: export.offset)
            case .table(let index):
                guard index.position < module.tables.count else { throw unknown("table", index.rawValue, at: export.offset) }
            case .memory(let index):
                guard index.position < module.memories.count else {
                    throw unknown("memory", index.rawValue, at: export.offset)
                }
            case .global(let index):
                guard index.position < module.globals.count else {
                    throw unknown("global", index.rawValue, at: export.offset)
                }
                if module.globals[index.position].type.isMutable {
                    try require(.mutableGlobals, for: "exporting a mutable global", at: export.offset)
                }
            case .tag(let index):
                guard index.position < module.tags.count else { throw unknown("tag", index.rawValue, at: export.offset) }
            }
        }
    }

    func validateStart() throws(BinaryError) {
        guard let start = module.start else { return }
        let offset = module.extent.lowerBound
        guard let type = module.functionType(of: start) else { throw unknown("function", start.rawValue, at: offset) }
        guard type.parameters.isEmpty, type.results.isEmpty else {
            throw invalid("start function must not have parameters or results", at: offset)
        }
    }
}
