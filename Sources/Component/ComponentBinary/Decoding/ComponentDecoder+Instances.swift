// Reads instances, core instances and aliases (Binary.md, "Instance Definitions" and "Alias Definitions").

import ComponentTypes
import InternalUtilities
import WasmBinary
import WasmTypes

extension ComponentDecoder {
    // MARK: - Core instances

    func decodeCoreInstance(_ reader: inout ByteReader) throws(BinaryError) {
        let start = reader.position
        try checkLimit(scope.coreInstances.count, ComponentLimits.instances, "core instances", start)
        switch try reader.readByte() {
        case 0x00: try decodeModuleInstantiation(&reader, at: start)
        case 0x01: try decodeCoreItems(&reader)
        case let byte: throw unknownByte(byte, "core instance", at: start)
        }
    }

    private func decodeModuleInstantiation(_ reader: inout ByteReader, at start: Int) throws(BinaryError) {
        let index = try reader.readVarUInt32()
        let module = try coreModule(index, at: start)
        var supplied: [ExactString: CoreInstanceExports] = [:]
        var arguments: [NamedItem<CoreInstanceIndex>] = []
        for _ in 0..<(try count(&reader, ComponentLimits.instantiationArguments, "module instantiation arguments")) {
            let offset = reader.position
            let name = try name(&reader)
            let sort = try reader.readByte()
            guard sort == 0x12 else { throw unknownByte(sort, "instantiation arg kind", at: offset) }
            let instance = try reader.readVarUInt32()
            guard supplied.updateValue(try coreInstance(instance, at: offset), forKey: ExactString(name)) == nil else {
                throw invalid("duplicate module instantiation argument named `\(name)`", at: offset)
            }
            arguments.append(NamedItem(name: name, item: CoreInstanceIndex(instance)))
        }
        try at(start) { () throws(TypeMismatch) in
            try self.effort.charge(module.imports.count)
            for item in module.imports {
                guard let instance = supplied[ExactString(item.module)] else {
                    throw TypeMismatch("missing module instantiation argument named `\(item.module)`")
                }
                guard let actual = instance[item.name] else {
                    throw TypeMismatch(
                        "module instantiation argument `\(item.module)` does not export an item named `\(item.name)`")
                }
                do throws(TypeMismatch) { try Subtyping.check(actual, fits: item.type) } catch {
                    throw error.within(
                        "type mismatch for export `\(item.name)` of module instantiation argument `\(item.module)`")
                }
            }
        }
        scope.coreInstances.append(.module(module))
        scope.steps.append(.instantiateModule(CoreModuleIndex(index), arguments: arguments))
    }

    private func decodeCoreItems(_ reader: inout ByteReader) throws(BinaryError) {
        let count = try count(&reader, ComponentLimits.exports, "core instance exports")
        var items: [NamedItem<CoreItem>] = []
        items.reserveCapacity(count)
        var types: [ExactString: CoreExternType] = [:]
        types.reserveCapacity(count)
        for _ in 0..<count {
            let offset = reader.position
            let name = try name(&reader)
            let sortOffset = reader.position
            let sort = try reader.readByte()
            let index = try reader.readVarUInt32()
            let (item, type): (CoreItem, CoreExternType) =
                switch sort {
                case 0x00: (.function(FunctionIndex(index)), .function(try coreFunction(index, at: sortOffset)))
                case 0x01: (.table(TableIndex(index)), .table(try coreTable(index, at: sortOffset)))
                case 0x02: (.memory(MemoryIndex(index)), .memory(try coreMemory(index, at: sortOffset)))
                case 0x03: (.global(GlobalIndex(index)), .global(try coreGlobal(index, at: sortOffset)))
                case 0x04: (.tag(TagIndex(index)), .tag(try coreTag(index, at: sortOffset)))
                default: throw unknownByte(sort, "core sort", at: sortOffset)
                }
            guard types.updateValue(type, forKey: ExactString(name)) == nil else {
                throw invalid("export name `\(name)` already defined", at: offset)
            }
            items.append(NamedItem(name: name, item: item))
        }
        scope.coreInstances.append(.items(types))
        scope.steps.append(.makeCoreInstance(items))
    }

    // MARK: - Instances

    func decodeInstance(_ reader: inout ByteReader) throws(BinaryError) {
        let start = reader.position
        try checkLimit(scope.instances.count, ComponentLimits.instances, "instances", start)
        switch try reader.readByte() {
        case 0x00: try decodeComponentInstantiation(&reader, at: start)
        case 0x01: try decodeItems(&reader, at: start)
        case let byte: throw unknownByte(byte, "instance", at: start)
        }
    }

    private func decodeComponentInstantiation(_ reader: inout ByteReader, at start: Int) throws(BinaryError) {
        let scope = scope
        let index = try reader.readVarUInt32()
        let component = try component(index, at: start)
        var supplied: [ExactString: ComponentExternType] = [:]
        var arguments: [NamedItem<ComponentItem>] = []
        for _ in 0..<(try count(&reader, ComponentLimits.instantiationArguments, "component instantiation arguments")) {
            let offset = reader.position
            let name = try name(&reader)
            let (item, type) = try sortedItem(&reader)
            guard supplied.updateValue(type, forKey: ExactString(name)) == nil else {
                throw invalid("instantiation argument `\(name)` conflicts with previous argument `\(name)`", at: offset)
            }
            arguments.append(NamedItem(name: name, item: item))
        }
        let (instance, resources) = try at(start) { () throws(TypeMismatch) in
            try self.effort.charge(for: .component(component))
            var substitution = try self.subtyping.open(component, .import) { supplied[ExactString($0)] }
            // Each instance has resources of its own.
            var resources: [BoundResource] = []
            for resource in component.exportedResources {
                let fresh = ResourceTypeID.fresh()
                substitution.resources[resource.id] = fresh
                resources.append(BoundResource(id: fresh, path: resource.path))
            }
            do throws(ComponentTypeError) {
                var exports: [ComponentExternDeclaration] = []
                for export in component.exports.declarations {
                    exports.append(
                        ComponentExternDeclaration(name: export.name, type: try substitution.apply(export.type)))
                }
                return (try ComponentInstanceType(exports: exports), resources)
            } catch {
                throw TypeMismatch(error)
            }
        }
        scope.definedResources += resources.map(\.id)
        scope.instances.append(instance)
        scope.steps.append(
            .instantiateComponent(
                ComponentIndex(index), arguments: arguments, resources: scope.bindings(for: resources)))
    }

    private func decodeItems(_ reader: inout ByteReader, at start: Int) throws(BinaryError) {
        let scope = scope
        var items: [NamedItem<ComponentItem>] = []
        var exports: [ComponentExternDeclaration] = []
        // No names of resources come into being here, so no annotated name can be right.
        var names = ExternNames(kind: .export)
        for _ in 0..<(try count(&reader, ComponentLimits.exports, "instance exports")) {
            let offset = reader.position
            let (name, attributes) = try externName(&reader)
            let (item, type) = try sortedItem(&reader)
            try at(offset) { () throws(TypeMismatch) in
                try self.effort.charge(for: type)
                exports.append(
                    ComponentExternDeclaration(name: try names.add(name, attributes, type), type: type))
            }
            items.append(NamedItem(name: name, item: item))
        }
        scope.instances.append(
            try making(at: start) { () throws(ComponentTypeError) in try ComponentInstanceType(exports: exports) })
        scope.steps.append(.makeInstance(items))
    }

    /// `sortidx`: an item that can be exported or passed to a component.
    func sortedItem(_ reader: inout ByteReader) throws(BinaryError) -> (ComponentItem, ComponentExternType) {
        let start = reader.position
        let sort = try componentSort(&reader)
        let index = try reader.readVarUInt32()
        switch sort {
        case .coreModule: return (.coreModule(CoreModuleIndex(index)), .coreModule(try coreModule(index, at: start)))
        case .function: return (.function(ComponentFunctionIndex(index)), .function(try function(index, at: start)))
        case .component: return (.component(ComponentIndex(index)), .component(try component(index, at: start)))
        case .instance: return (.instance(ComponentInstanceIndex(index)), .instance(try instance(index, at: start)))
        case .type:
            let type = try type(index, at: start)
            if case .resource(let id) = type { return (.resource(scope.slot(of: id)), .type(type)) }
            return (.type, .type(type))
        }
    }

    /// `sort`, of those that components and instances export.
    private func componentSort(_ reader: inout ByteReader) throws(BinaryError) -> ComponentSort {
        let start = reader.position
        switch try reader.readByte() {
        case 0x00:
            let core = try reader.readByte()
            guard core == 0x11 else { throw unknownByte(core, "component external kind", at: start) }
            return .coreModule
        case 0x01: return .function
        case 0x02: throw BinaryError(.unsupported, "values in components are not supported yet", at: start)
        case 0x03: return .type
        case 0x04: return .component
        case 0x05: return .instance
        case let byte: throw unknownByte(byte, "component external kind", at: start)
        }
    }
}
