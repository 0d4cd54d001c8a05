// Reads imports and exports, as definitions of a component and as declarations of a type (Binary.md, "Import and Export
// Definitions").

import ComponentTypes
import WasmBinary
import WasmTypes

/// The type that an import or export is given, and whether it brings a new resource in.
struct DeclaredExtern {
    var type: ComponentExternType
    var isNewResource = false
}

extension ComponentDecoder {
    // MARK: - Reading

    /// `nameattributes`
    func externName(_ reader: inout ByteReader) throws(BinaryError) -> (String, ExternAttributes) {
        let start = reader.position
        var attributes = ExternAttributes()
        switch try reader.readByte() {
        case 0, 1: return (try name(&reader), attributes)
        case 2: break
        case let byte: throw unknownByte(byte, "component name", at: start)
        }
        let name = try name(&reader)
        for _ in 0..<(try count(&reader, 10, "attributes")) {
            let offset = reader.position
            let code = try reader.readByte()
            let value = try self.name(&reader)
            let option: String
            let isRepeated: Bool
            switch code {
            case 0:
                option = "implements"
                isRepeated = attributes.implements != nil
                attributes.implements = value
            case 1:
                option = "versionsuffix"
                isRepeated = attributes.versionSuffix != nil
                attributes.versionSuffix = value
            case 2:
                option = "external-id"
                isRepeated = attributes.externalID != nil
                attributes.externalID = value
            default: throw unknownByte(code, "name option", at: offset)
            }
            guard !isRepeated else { throw BinaryError(.malformed, "duplicate '\(option)' option in name", at: offset) }
        }
        return (name, attributes)
    }

    /// `externtype`
    func externType(_ reader: inout ByteReader) throws(BinaryError) -> DeclaredExtern {
        let start = reader.position
        switch try reader.readByte() {
        case 0x00:
            let sort = try reader.readByte()
            guard sort == 0x11 else { throw unknownByte(sort, "component external kind", at: start) }
            let index = try reader.readVarUInt32()
            guard case .module(let type) = try coreType(index, in: scope, at: start) else {
                throw invalid("core type index \(index) is not a module type", at: start)
            }
            return DeclaredExtern(type: .coreModule(type))
        case 0x01: return DeclaredExtern(type: .function(try functionType(try reader.readVarUInt32(), at: start)))
        case 0x02: throw BinaryError(.unsupported, "imports and exports of values are not supported yet", at: start)
        case 0x03: return try typeBound(&reader)
        case 0x04:
            let index = try reader.readVarUInt32()
            guard case .component(let type) = try type(index, at: start) else {
                throw invalid("type index \(index) is not a component type", at: start)
            }
            return DeclaredExtern(type: .component(type))
        case 0x05:
            let index = try reader.readVarUInt32()
            guard case .instance(let type) = try type(index, at: start) else {
                throw invalid("type index \(index) is not an instance type", at: start)
            }
            return DeclaredExtern(type: .instance(type))
        case let byte: throw unknownByte(byte, "component external kind", at: start)
        }
    }

    private func typeBound(_ reader: inout ByteReader) throws(BinaryError) -> DeclaredExtern {
        let start = reader.position
        switch try reader.readByte() {
        case 0x00: return DeclaredExtern(type: .type(try type(try reader.readVarUInt32(), at: start).renamed()))
        case 0x01: return DeclaredExtern(type: .type(.resource(.fresh())), isNewResource: true)
        case let byte: throw unknownByte(byte, "type bound", at: start)
        }
    }

    // MARK: - Definitions

    func decodeImport(_ reader: inout ByteReader) throws(BinaryError) {
        let start = reader.position
        let scope = scope
        try checkLimit(scope.imports.count, ComponentLimits.imports, "imports", start)
        let (name, attributes) = try externName(&reader)
        var declared = try externType(&reader)
        try at(start) { () throws(TypeMismatch) in
            try self.effort.charge(for: declared.type)
            var resources: [BoundResource] = []
            switch declared.type {
            case .instance(let type):
                let fresh = try self.freshen(type)
                declared.type = .instance(fresh.type)
                resources = fresh.resources
            case .type(.resource(let id)) where declared.isNewResource:
                resources = [BoundResource(id: id, path: [])]
            default: break
            }
            scope.importedResources += resources.map { BoundResource(id: $0.id, path: [name] + $0.path) }
            try self.addNames(of: declared.type, topLevelName: name, .import)
            try self.append(declared.type, at: start)
            if scope.kind == .component {
                scope.steps.append(
                    .importItem(position: scope.imports.count, resources: scope.bindings(for: resources)))
            }
            let checkedName = try scope.importNames.add(name, attributes, declared.type)
            scope.imports.append(ComponentExternDeclaration(name: checkedName, type: declared.type))
        }
    }

    /// An export in a component type or instance type.
    func decodeExportDeclaration(_ reader: inout ByteReader) throws(BinaryError) {
        let start = reader.position
        try checkLimit(scope.exports.count, ComponentLimits.exports, "exports", start)
        let (name, attributes) = try externName(&reader)
        let declared = try externType(&reader)
        _ = try addExport(name, attributes, declared, at: start)
    }

    /// An export of a component.
    func decodeExport(_ reader: inout ByteReader) throws(BinaryError) {
        let start = reader.position
        let scope = scope
        try checkLimit(scope.exports.count, ComponentLimits.exports, "exports", start)
        let (name, attributes) = try externName(&reader)
        let itemOffset = reader.position
        let (item, type) = try sortedItem(&reader)
        var declared = DeclaredExtern(type: type.renamedAsType())
        let ascribed = try optional(&reader, "optional component export type") { reader throws(BinaryError) in
            try self.externType(&reader)
        }
        if let ascribed {
            try at(itemOffset) { () throws(TypeMismatch) in
                do throws(TypeMismatch) { try self.checkAscription(type, ascribed) } catch {
                    throw error.within("ascribed type of export is not compatible with item's type")
                }
            }
            declared = ascribed
        }
        let export = try addExport(name, attributes, declared, at: start)
        scope.steps.append(
            .exportItem(position: scope.plannedExports.count, resources: scope.bindings(for: export.resources)))
        scope.plannedExports.append(Component.Export(name: export.name, item: item, type: export.type))
    }

    /// A new abstract resource may stand for any resource; everything else is subtyping.
    private func checkAscription(_ type: ComponentExternType, _ ascribed: DeclaredExtern) throws(TypeMismatch) {
        if ascribed.isNewResource {
            guard case .type(let actual) = type else { throw TypeMismatch("expected type, found \(type.sortName)") }
            guard case .resource = actual else { throw TypeMismatch("expected resource, found \(actual.sortName)") }
            return
        }
        guard case .instance(let expected) = ascribed.type, !expected.resources.isEmpty,
            case .instance(let actual) = type
        else { return try subtyping.check(type, fits: ascribed.type) }
        // The resources that the ascribed instance type binds are those of the instance, seen abstractly.
        let signature: ComponentType
        do throws(ComponentTypeError) {
            signature = try ComponentType(
                imports: [], exports: expected.exports.declarations, importedResources: [],
                exportedResources: expected.resources)
        } catch {
            throw TypeMismatch(error)
        }
        _ = try subtyping.open(signature, .export) { actual.exports[$0] }
    }

    private func addExport(
        _ name: String, _ attributes: ExternAttributes, _ declared: DeclaredExtern, at start: Int
    ) throws(BinaryError) -> (name: ExternalName, type: ComponentExternType, resources: [BoundResource]) {
        let scope = scope
        var declared = declared
        return try at(start) { () throws(TypeMismatch) in
            try self.effort.charge(for: declared.type)
            var resources: [BoundResource] = []
            switch declared.type {
            case .instance(let type):
                let fresh = try self.freshen(type)
                declared.type = .instance(fresh.type)
                resources = fresh.resources
                for exported in fresh.type.exportedResources {
                    scope.exportPaths[exported.id] = [name] + exported.path
                }
            case .type(.resource(let id)):
                if declared.isNewResource { resources = [BoundResource(id: id, path: [])] }
                scope.exportPaths[id] = [name]
            default: break
            }
            scope.definedResources += resources.map(\.id)
            try self.addNames(of: declared.type, topLevelName: name, .export)
            try self.append(declared.type, at: start)
            let checkedName = try scope.exportNames.add(name, attributes, declared.type)
            scope.exports.append(ComponentExternDeclaration(name: checkedName, type: declared.type))
            return (checkedName, declared.type, resources)
        }
    }

    // MARK: - Rules

    /// Replaces the resources that an instance type binds by new ones.
    private func freshen(
        _ type: ComponentInstanceType
    ) throws(TypeMismatch) -> (type: ComponentInstanceType, resources: [BoundResource]) {
        guard !type.resources.isEmpty else { return (type, []) }
        do throws(ComponentTypeError) { return try Substitution.freshening(type) } catch { throw TypeMismatch(error) }
    }

    /// Appends an item to the index space of its sort.
    func append(_ type: ComponentExternType, at offset: Int) throws(TypeMismatch) {
        let scope = scope
        func check(_ count: Int, _ limit: Int, _ items: String) throws(TypeMismatch) {
            guard count < limit else { throw TypeMismatch(.limit, "too many \(items): at most \(limit) are allowed") }
        }
        switch type {
        case .coreModule(let type):
            try check(scope.coreModules.count, ComponentLimits.modules, "modules")
            scope.coreModules.append(type)
        case .function(let type):
            try check(scope.functions.count, ComponentLimits.functions, "functions")
            scope.functions.append(type)
        case .type(let type):
            try check(scope.types.count, ComponentLimits.types, "types")
            scope.types.append(type)
        case .component(let type):
            try check(scope.components.count, ComponentLimits.components, "components")
            scope.components.append(type)
        case .instance(let type):
            try check(scope.instances.count, ComponentLimits.instances, "instances")
            scope.instances.append(type)
        }
    }

    /// Refuses an item that speaks of types without a name, and takes in the names that it brings.
    private func addNames(
        of type: ComponentExternType, topLevelName: String, _ kind: ExternKind
    ) throws(TypeMismatch) {
        if case .type(.resource(let id)) = type {
            switch kind {
            case .import: scope.importNames.register(topLevelName, id)
            case .export: scope.exportNames.register(topLevelName, id)
            }
        }
        guard scope.kind != .instanceType else { return }
        guard addNames(of: type, kind) else {
            throw TypeMismatch("\(type.sortName) not valid to be used as \(kind.name)")
        }
    }

    private func addNames(of type: ComponentExternType, _ kind: ExternKind) -> Bool {
        let scope = scope
        switch type {
        case .coreModule, .component: return true
        case .function(let type):
            return kind == .import ? scope.importedTypes.covers(type) : scope.exportedTypes.covers(type)
        case .type(let type):
            guard
                kind == .import ? scope.importedTypes.coversParts(of: type) : scope.exportedTypes.coversParts(of: type)
            else { return false }
            if let name = TypeName(type) {
                if kind == .import { scope.importedTypes.insert(name) }
                scope.exportedTypes.insert(name)
            }
            return true
        case .instance(let type):
            return type.exports.declarations.allSatisfy { addNames(of: $0.type, kind) }
        }
    }
}

extension ComponentDefinedType {
    /// The same type under a new name, as an import or export gives it.
    func renamed() -> ComponentDefinedType {
        switch self {
        case .value(let type): .value(type.renamed())
        case .resource(let id): .resource(id.renamed())
        default: self
        }
    }
}

extension ComponentExternType {
    func renamedAsType() -> ComponentExternType {
        if case .type(let type) = self { return .type(type.renamed()) }
        return self
    }
}
