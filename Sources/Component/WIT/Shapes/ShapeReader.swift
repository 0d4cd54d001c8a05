// Reads the types of a component from its binary (Binary.md): what it and the components in it import and export. Code,
// data and everything core is stepped over.
//
// This reader relies on nothing that it has not read itself: a file that was not validated is an error here, or is shown
// as what it says.

import InternalUtilities
import WasmBinary

/// The imports, exports and custom sections of a component.
struct ComponentOutline {
    enum Extern {
        case `import`(ExternShape)
        case export(ExternShape)
    }

    var arena: TypeArena
    var externs: [Extern]
    /// The contents of the custom sections named `package-docs`.
    var packageDocs: [ByteExtent]
}

struct ShapeReader {
    /// The index spaces of a component, or of a component or instance type, that is being read.
    struct Scope {
        var types: [TypeReference] = []
        var functions: [TypeReference] = []
        var components: [TypeReference] = []
        var instances: [TypeReference] = []
        var imports: [ExternShape] = []
        var exports: [ExternShape] = []
        var resources: [Int] = []
    }

    static let nestingLimit = 100
    static let itemLimit = 1_000_000

    var arena = TypeArena()
    /// The innermost is the last.
    var scopes: [Scope] = []
    private var externs: [ComponentOutline.Extern] = []
    private var packageDocs: [ByteExtent] = []

    /// Reads the component that is the whole of `source`.
    static func outline(of source: ByteSource) throws(BinaryError) -> ComponentOutline {
        var shapes = ShapeReader()
        var reader = ByteReader(source.bytes, extent: 0..<source.count)
        _ = try shapes.component(&reader)
        return ComponentOutline(arena: shapes.arena, externs: shapes.externs, packageDocs: shapes.packageDocs)
    }

    // MARK: - Scopes

    /// The innermost scope. There is one whenever something is read.
    var scope: Scope {
        get { scopes.last ?? Scope() }
        _modify {
            if scopes.isEmpty { scopes.append(Scope()) }
            yield &scopes[scopes.count - 1]
        }
    }

    mutating func push(at offset: Int) throws(BinaryError) {
        guard scopes.count < Self.nestingLimit else {
            throw BinaryError(.limit, "components or types nest too deeply", at: offset)
        }
        scopes.append(Scope())
    }

    func malformed(_ what: String, at offset: Int) -> BinaryError {
        BinaryError(.malformed, what, at: offset)
    }

    func item(_ items: [TypeReference], _ index: UInt32, _ sort: String, at offset: Int) throws(BinaryError) -> TypeReference {
        guard let index = Int(exactly: index), index < items.count else {
            throw BinaryError(.invalid, "unknown \(sort) \(index): \(sort) index out of bounds", at: offset)
        }
        return items[index]
    }

    // MARK: - Components

    /// Reads a component that fills the rest of the reader. Returns its type.
    private mutating func component(_ reader: inout ByteReader) throws(BinaryError) -> TypeReference {
        let start = reader.position
        try push(at: start)
        let isOutermost = scopes.count == 1
        try reader.skip(8)
        while !reader.isAtEnd {
            let id = try reader.readByte()
            let size = Int(try reader.readVarUInt32())
            let extent = try reader.readBytes(size)
            var section = reader.reader(of: extent)
            switch id {
            case 0:
                if isOutermost, try section.readName() == "package-docs" { packageDocs.append(section.remainingExtent) }
            case 4:
                let type = try component(&section)
                scope.components.append(type)
            case 5...8, 10, 11: try items(&section, id)
            default: break
            }
        }
        guard let scope = scopes.popLast() else { throw malformed("scopes are out of step", at: start) }
        return try arena.add(
            .component(ComponentShape(imports: scope.imports, exports: scope.exports, resources: scope.resources)),
            at: start)
    }

    private mutating func items(_ reader: inout ByteReader, _ id: UInt8) throws(BinaryError) {
        for _ in 0..<(try reader.readCount(limit: Self.itemLimit, of: "definitions")) {
            switch id {
            case 5: try instance(&reader)
            case 6: try alias(&reader)
            case 7: try typeDefinition(&reader)
            case 8: try canonicalDefinition(&reader)
            case 10:
                let item = try importDeclaration(&reader)
                if scopes.count == 1 { externs.append(.import(item)) }
            default:
                let item = try export(&reader)
                if scopes.count == 1 { externs.append(.export(item)) }
            }
        }
    }

    // MARK: - Imports and exports

    /// Reads a name and its attributes.
    func externName(_ reader: inout ByteReader) throws(BinaryError) -> ExternShape {
        let start = reader.position
        let form = try reader.readByte()
        guard form <= 2 else { throw malformed("malformed name of an import or export", at: start) }
        var item = ExternShape(name: try reader.readName(), entity: .other)
        guard form == 2 else { return item }
        for _ in 0..<(try reader.readCount(limit: 10, of: "attributes")) {
            let code = try reader.readByte()
            let value = try reader.readName()
            switch code {
            case 0: item.implements = value
            case 1: item.versionSuffix = value
            case 2: item.externalID = value
            default: throw malformed("unknown attribute of a name", at: start)
            }
        }
        return item
    }

    mutating func importDeclaration(_ reader: inout ByteReader) throws(BinaryError) -> ExternShape {
        let start = reader.position
        var item = try externName(&reader)
        item.entity = try fresh(try entity(&reader), at: start, isExport: false)
        append(item.entity)
        scope.imports.append(item)
        return item
    }

    /// An export in a component or instance type.
    mutating func exportDeclaration(_ reader: inout ByteReader) throws(BinaryError) {
        let start = reader.position
        var item = try externName(&reader)
        let entity = try entity(&reader)
        if case .type(let referenced, let created) = entity, referenced == created, case .resource = arena[created] {
            scope.resources.append(created.index)
        }
        item.entity = try fresh(entity, at: start, isExport: true)
        append(item.entity)
        scope.exports.append(item)
    }

    /// An export of a component.
    private mutating func export(_ reader: inout ByteReader) throws(BinaryError) -> ExternShape {
        let start = reader.position
        var item = try externName(&reader)
        var entity = try sortedItem(&reader)
        if case .type(let referenced, _) = entity {
            entity = .type(referenced: referenced, created: try arena.renamed(referenced, at: start))
        }
        switch try reader.readByte() {
        case 0: break
        case 1:
            entity = try self.entity(&reader)
            if case .type(let referenced, let created) = entity, referenced == created, case .resource = arena[created] {
                scope.resources.append(created.index)
            }
        default: throw malformed("malformed type of an export", at: start)
        }
        item.entity = try fresh(entity, at: start, isExport: true)
        append(item.entity)
        scope.exports.append(item)
        return item
    }

    /// Gives an instance resources of its own for those that its type brings forth.
    private mutating func fresh(
        _ entity: EntityShape, at offset: Int, isExport: Bool
    ) throws(BinaryError) -> EntityShape {
        guard case .instance(let type) = entity, case .instance(var instance) = arena[type], !instance.resources.isEmpty
        else { return entity }
        var substitution = ShapeSubstitution()
        for resource in instance.resources {
            let new = try arena.add(.resource, at: offset).index
            substitution.resources[resource] = new
            if isExport { scope.resources.append(new) }
        }
        instance.exports = try substitution.apply(instance.exports, &arena, at: offset)
        instance.resources = []
        return .instance(try arena.add(.instance(instance), at: offset))
    }

    /// Appends an item to the index space of its sort.
    mutating func append(_ entity: EntityShape) {
        switch entity {
        case .other: break
        case .function(let type): scope.functions.append(type)
        case .type(_, let created): scope.types.append(created)
        case .component(let type): scope.components.append(type)
        case .instance(let type): scope.instances.append(type)
        }
    }

    /// `externdesc`
    mutating func entity(_ reader: inout ByteReader) throws(BinaryError) -> EntityShape {
        let start = reader.position
        switch try reader.readByte() {
        case 0x00:
            try reader.skip(1)
            _ = try reader.readVarUInt32()
            return .other
        case 0x01: return .function(try type(&reader))
        case 0x02:
            switch try reader.readByte() {
            case 0x00: _ = try reader.readVarUInt32()
            default: _ = try valueType(&reader)
            }
            return .other
        case 0x03:
            switch try reader.readByte() {
            case 0x00:
                let referenced = try type(&reader)
                return .type(referenced: referenced, created: try arena.renamed(referenced, at: start))
            case 0x01:
                let resource = try arena.add(.resource, at: start)
                return .type(referenced: resource, created: resource)
            default: throw malformed("malformed bound of a type", at: start)
            }
        case 0x04: return .component(try type(&reader))
        case 0x05: return .instance(try type(&reader))
        default: throw malformed("malformed type of an import or export", at: start)
        }
    }

    /// An index of the type index space.
    func type(_ reader: inout ByteReader) throws(BinaryError) -> TypeReference {
        let start = reader.position
        return try item(scope.types, try reader.readVarUInt32(), "type", at: start)
    }

    /// `sortidx`, of an item that can be exported or passed.
    func sortedItem(_ reader: inout ByteReader) throws(BinaryError) -> EntityShape {
        let start = reader.position
        let sort = try reader.readByte()
        if sort == 0x00 { try reader.skip(1) }
        let index = try reader.readVarUInt32()
        switch sort {
        case 0x00, 0x02: return .other
        case 0x01: return .function(try item(scope.functions, index, "function", at: start))
        case 0x03:
            let type = try item(scope.types, index, "type", at: start)
            return .type(referenced: type, created: type)
        case 0x04: return .component(try item(scope.components, index, "component", at: start))
        case 0x05: return .instance(try item(scope.instances, index, "instance", at: start))
        default: throw malformed("malformed sort", at: start)
        }
    }
}
