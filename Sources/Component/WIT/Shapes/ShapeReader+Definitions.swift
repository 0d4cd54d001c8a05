// Instances, aliases and canonical functions, as far as they have types (Binary.md, "Instance Definitions", "Alias
// Definitions", "Canonical Definitions").

import WasmBinary
import WasmTypes

extension ShapeReader {
    // MARK: - Instances

    mutating func instance(_ reader: inout ByteReader) throws(BinaryError) {
        let start = reader.position
        switch try reader.readByte() {
        case 0x00:
            let component = try item(scope.components, try reader.readVarUInt32(), "component", at: start)
            var arguments: [String: EntityShape] = [:]
            for _ in 0..<(try reader.readCount(limit: Self.itemLimit, of: "arguments")) {
                let name = try reader.readName()
                arguments[name] = try sortedItem(&reader)
            }
            let type = try instantiate(component, arguments, at: start)
            scope.instances.append(type)
        case 0x01:
            var instance = InstanceShape()
            for _ in 0..<(try reader.readCount(limit: Self.itemLimit, of: "exports")) {
                var item = try externName(&reader)
                item.entity = try sortedItem(&reader)
                instance.exports.append(item)
            }
            let type = try arena.add(.instance(instance), at: start)
            scope.instances.append(type)
        default: throw malformed("malformed instance", at: start)
        }
    }

    /// The type of an instance: the component's exports, in terms of what is supplied for its imports.
    private mutating func instantiate(
        _ component: TypeReference, _ arguments: [String: EntityShape], at offset: Int
    ) throws(BinaryError) -> TypeReference {
        guard case .component(let component) = arena[component] else {
            throw BinaryError(.invalid, "what is instantiated is no component", at: offset)
        }
        var substitution = ShapeSubstitution()
        for item in component.imports {
            guard let argument = arguments[item.name] else { continue }
            try substitution.supply(item.entity, with: argument, &arena, at: offset)
        }
        for resource in component.resources {
            let new = try arena.add(.resource, at: offset).index
            substitution.resources[resource] = new
            scope.resources.append(new)
        }
        let exports = try substitution.apply(component.exports, &arena, at: offset)
        return try arena.add(.instance(InstanceShape(exports: exports)), at: offset)
    }

    // MARK: - Aliases

    mutating func alias(_ reader: inout ByteReader) throws(BinaryError) {
        let start = reader.position
        let sort = try reader.readByte()
        if sort == 0x00 { try reader.skip(1) }
        switch try reader.readByte() {
        case 0x00:
            let type = try item(scope.instances, try reader.readVarUInt32(), "instance", at: start)
            let name = try reader.readName()
            guard case .instance(let instance) = arena[type] else { throw malformed("malformed alias", at: start) }
            try arena.charge(instance.exports.count, at: start)
            guard let export = instance.export(name) else {
                throw BinaryError(.invalid, "there is no export `\(name)` to make an alias of", at: start)
            }
            append(export.entity)
        case 0x01:
            _ = try reader.readVarUInt32()
            _ = try reader.readName()
        case 0x02:
            let count = try reader.readVarUInt32()
            let index = try reader.readVarUInt32()
            guard Int(count) < scopes.count else {
                throw BinaryError(.invalid, "invalid outer alias count of \(count)", at: start)
            }
            let outer = scopes.count - 1 - Int(count)
            switch sort {
            case 0x03:
                let type = try item(scopes[outer].types, index, "type", at: start)
                scope.types.append(type)
            case 0x04:
                let component = try item(scopes[outer].components, index, "component", at: start)
                scope.components.append(component)
            default: break
            }
        default: throw malformed("malformed alias", at: start)
        }
    }

    // MARK: - Canonical functions

    /// Only `lift` makes a function that has a type here.
    mutating func canonicalDefinition(_ reader: inout ByteReader) throws(BinaryError) {
        let start = reader.position
        let code = try reader.readByte()
        switch code {
        case 0x00:
            try reader.skip(1)
            _ = try reader.readVarUInt32()
            try skipOptions(&reader)
            let type = try type(&reader)
            scope.functions.append(type)
        case 0x01:
            try reader.skip(1)
            _ = try reader.readVarUInt32()
            try skipOptions(&reader)
        case 0x02, 0x03, 0x04, 0x0E, 0x13, 0x14, 0x15, 0x1A, 0x1B: _ = try reader.readVarUInt32()
        case 0x09:
            _ = try resultList(&reader)
            try skipOptions(&reader)
        case 0x05, 0x0D, 0x1E, 0x1F, 0x22, 0x23, 0x24, 0x25, 0x26, 0x28: break
        case 0x06, 0x0C, 0x29, 0x2A, 0x2B, 0x2C, 0x2D, 0x42: try reader.skip(1)
        case 0x0A, 0x0B:
            _ = try reader.readValueType()
            _ = try reader.readVarUInt32()
        case 0x0F, 0x10, 0x16, 0x17:
            _ = try reader.readVarUInt32()
            try skipOptions(&reader)
        case 0x11, 0x12, 0x18, 0x19:
            _ = try reader.readVarUInt32()
            try reader.skip(1)
        case 0x1C, 0x1D: try skipOptions(&reader)
        case 0x20, 0x21, 0x40:
            try reader.skip(1)
            _ = try reader.readVarUInt32()
        case 0x27:
            _ = try reader.readVarUInt32()
            _ = try reader.readVarUInt32()
        case 0x41:
            try reader.skip(1)
            _ = try reader.readVarUInt32()
            _ = try reader.readVarUInt32()
        default:
            throw BinaryError(
                .unsupported, "the canonical function 0x\(String(code, radix: 16)) is not known", at: start)
        }
    }

    private func skipOptions(_ reader: inout ByteReader) throws(BinaryError) {
        for _ in 0..<(try reader.readCount(limit: 100, of: "options")) {
            let start = reader.position
            switch try reader.readByte() {
            case 0x00, 0x01, 0x02, 0x06, 0x09: break
            case 0x03, 0x04, 0x05, 0x07, 0x08: _ = try reader.readVarUInt32()
            default: throw BinaryError(.unsupported, "an option of a canonical function is not known", at: start)
            }
        }
    }
}
