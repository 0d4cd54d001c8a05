// Instantiation (core specification, section 4.5.4): link, allocate, initialise, start.

import CApus
import WasmBinary
import WasmTypes

extension Store {
    /// Instantiates a module. `imports` gives the value of each import, in the module's order; nil where there is none.
    ///
    /// A trap in a segment or the start function leaves what was written before it, as the specification says.
    package func instantiate(
        _ module: Module, imports: [ExternalValue?]
    ) throws(InstantiationError) -> Instance {
        guard module.hasTypeNumbers else {
            throw .trap(Trap(.resourceLimit, detail: "the engine holds too many different types"))
        }
        let instance = Instance(of: module, in: self)
        do throws(Trap) {
            try adopt(instance)
        } catch {
            throw .trap(error)
        }
        try instance.linkImports(imports)
        do throws(Trap) {
            try instance.allocate()
            try instance.initialize()
        } catch {
            throw .trap(error)
        }
        return instance
    }
}

extension Instance {
    fileprivate func linkImports(_ values: [ExternalValue?]) throws(InstantiationError) {
        var functions: [Function] = []
        functions.reserveCapacity(module.binary.importedFunctionCount)
        for (position, item) in module.binary.imports.enumerated() {
            guard values.indices.contains(position), let value = values[position] else {
                throw .missingImport(module: item.module, name: item.name, expected: module.binary.describe(item.type))
            }
            guard matches(value, item.type) else {
                throw .incompatibleImport(
                    module: item.module, name: item.name, expected: module.binary.describe(item.type),
                    found: value.typeDescription)
            }
            switch value {
            case .function(let function): functions.append(function)
            case .table(let table): tables.append(table)
            case .memory(let memory): memories.append(memory)
            case .global(let global): globals.append(global)
            case .tag(let tag): tags.append(tag)
            }
        }
        link(functions: functions)
    }

    /// Whether a value may stand for an import of this type (core specification, section 4.5.3).
    private func matches(_ value: ExternalValue, _ type: ImportType) -> Bool {
        let registry = module.registry
        switch (value, type) {
        case (.function(let function), .function(let index)):
            guard let type = unsafe function.record.pointee.type else { return false }
            return unsafe TypeDescriptor(record: type).matches(module.typeDescriptor(index))
        case (.table(let table), .table(let wanted)):
            return table.type.elementType == module.canonical(wanted.elementType) && table.type.addressType == wanted.addressType
                && wanted.limits.admit(current: table.count, maximum: table.type.limits.maximum)
        case (.memory(let memory), .memory(let wanted)):
            return memory.type.addressType == wanted.addressType && memory.type.isShared == wanted.isShared
                && memory.type.pageSizeLog2 == wanted.pageSizeLog2
                && wanted.limits.admit(current: memory.pageCount, maximum: memory.type.limits.maximum)
        case (.global(let global), .global(let wanted)):
            let found = global.type.valueType
            let type = module.canonical(wanted.valueType)
            return global.type.isMutable == wanted.isMutable
                && (wanted.isMutable ? found == type : registry.matches(found, type))
        case (.tag(let tag), .tag(let wanted)):
            return tag.typeNumber == module.typeNumber(wanted.type) && tag.typeNumber != TypeRegistry.unnumbered
        default:
            return false
        }
    }

    fileprivate func allocate() throws(Trap) {
        let binary = module.binary
        for type in binary.memories.dropFirst(binary.importedMemoryCount) {
            memories.append(try store.makeMemory(type, image: module.images.image(of: module)))
        }
        for tag in binary.tags.dropFirst(binary.importedTagCount) {
            guard binary.types.indices.contains(tag.type.position), let type = binary.types[tag.type.position].function
            else { throw Trap(.internalError) }
            tags.append(Tag(type: type.renumbered(module.typeNumber), typeNumber: module.typeNumber(tag.type)))
        }
        for global in binary.globals.dropFirst(binary.importedGlobalCount) {
            let value = try global.initializer.map { expression throws(Trap) in try evaluate(expression) }
            let type = GlobalType(valueType: module.canonical(global.type.valueType), isMutable: global.type.isMutable)
            globals.append(Global(type: type, value: value?.low ?? 0, upper: value?.high ?? 0))
        }
        for table in binary.tables.dropFirst(binary.importedTableCount) {
            let element = try table.initializer.map { expression throws(Trap) in try evaluate(expression) }
            var type = table.type
            type.elementType = module.canonical(type.elementType)
            tables.append(try store.makeTable(type, element: element?.low ?? 0))
        }
        publish()
    }

    fileprivate func initialize() throws(Trap) {
        // What an expression makes, it makes once.
        for (position, element) in module.binary.elements.enumerated() where element.type.canReferToObjects {
            guard case .expressions(let expressions) = element.items else { continue }
            let segment = UInt32(truncatingIfNeeded: position)
            segmentState.elementValues[segment] = []
            for expression in expressions {
                let value = try evaluate(expression).low
                segmentState.elementValues[segment]?.append(value)
            }
        }
        for (position, element) in module.binary.elements.enumerated() {
            let index = ElementIndex(UInt32(truncatingIfNeeded: position))
            switch element.mode {
            case .passive: break
            case .declarative: dropElements(index)
            case .active(let table, let offset):
                let target = try evaluate(offset).low
                try initializeTable(table, from: index, to: target, start: 0, count: UInt64(element.itemCount))
                dropElements(index)
            }
        }
        // An image stands for all active segments at once.
        let isImaged = module.binary.importedMemoryCount == 0 && memories.first?.isImaged == true
        for (position, data) in module.binary.data.enumerated() {
            guard case .active(let memory, let offset) = data.mode else { continue }
            let index = DataIndex(UInt32(truncatingIfNeeded: position))
            if !isImaged {
                try initializeMemory(
                    memory, from: index, to: try evaluate(offset).low, start: 0, count: UInt64(data.bytes.count))
            }
            dropData(index)
        }
        if let start = module.binary.start {
            guard let function = function(start) else { throw Trap(.internalError) }
            _ = try store.call(function, [])
        }
    }
}

extension Limits {
    /// Whether something of this size and declared maximum fulfils these limits as an import.
    func admit(current: UInt64, maximum found: UInt64?) -> Bool {
        guard current >= minimum else { return false }
        guard let maximum else { return true }
        return found.map { $0 <= maximum } ?? false
    }
}
