// Definitions of types (Binary.md, "Type Definitions").

import WasmBinary
import WasmTypes

extension ShapeReader {
    mutating func typeDefinition(_ reader: inout ByteReader) throws(BinaryError) {
        let start = reader.position
        let code = try reader.readByte()
        let definition: TypeDefinition
        switch code {
        case 0x40, 0x43: definition = .function(try functionType(&reader, isAsync: code == 0x43))
        case 0x41: definition = .component(try componentType(&reader))
        case 0x42: definition = .instance(try instanceType(&reader))
        case 0x3F, 0x3E:
            _ = try reader.readValueType()
            if try reader.readByte() == 1 { _ = try reader.readVarUInt32() }
            if code == 0x3E, try reader.readByte() == 1 { _ = try reader.readVarUInt32() }
            let resource = try arena.add(.resource, at: start)
            scope.resources.append(resource.index)
            scope.types.append(resource)
            return
        default: definition = try valueDefinition(code, &reader, at: start)
        }
        let type = try arena.add(definition, at: start)
        scope.types.append(type)
    }

    private func functionType(_ reader: inout ByteReader, isAsync: Bool) throws(BinaryError) -> FunctionShape {
        let parameters = try fields(&reader)
        return FunctionShape(isAsync: isAsync, parameters: parameters, result: try resultList(&reader))
    }

    func resultList(_ reader: inout ByteReader) throws(BinaryError) -> ValueShape? {
        let start = reader.position
        switch try reader.readByte() {
        case 0: return try valueType(&reader)
        case 1:
            try reader.skip(1)
            return nil
        default: throw malformed("malformed results of a function", at: start)
        }
    }

    private func fields(_ reader: inout ByteReader) throws(BinaryError) -> [NamedShape<ValueShape>] {
        var fields: [NamedShape<ValueShape>] = []
        for _ in 0..<(try reader.readCount(limit: Self.itemLimit, of: "fields")) {
            let name = try reader.readName()
            fields.append(NamedShape(name: name, shape: try valueType(&reader)))
        }
        return fields
    }

    private func labels(_ reader: inout ByteReader) throws(BinaryError) -> [String] {
        var labels: [String] = []
        for _ in 0..<(try reader.readCount(limit: Self.itemLimit, of: "labels")) { labels.append(try reader.readName()) }
        return labels
    }

    // MARK: - Value types

    private func primitive(_ code: UInt8) -> PrimitiveShape? {
        switch code {
        case 0x7F: .bool
        case 0x7E: .s8
        case 0x7D: .u8
        case 0x7C: .s16
        case 0x7B: .u16
        case 0x7A: .s32
        case 0x79: .u32
        case 0x78: .s64
        case 0x77: .u64
        case 0x76: .f32
        case 0x75: .f64
        case 0x74: .char
        case 0x73: .string
        case 0x64: .errorContext
        default: nil
        }
    }

    /// `valtype`
    func valueType(_ reader: inout ByteReader) throws(BinaryError) -> ValueShape {
        let start = reader.position
        if let byte = reader.peekByte(), let primitive = primitive(byte) {
            try reader.skip(1)
            return .primitive(primitive)
        }
        let index = try reader.readVarInt33()
        guard let index = UInt32(exactly: index) else { throw malformed("malformed value type", at: start) }
        let reference = try item(scope.types, index, "type", at: start)
        switch arena[reference] {
        case .resource, .function, .instance, .component:
            throw BinaryError(.invalid, "type \(index) is not the type of a value", at: start)
        default: return .type(reference)
        }
    }

    private func optionalValueType(_ reader: inout ByteReader) throws(BinaryError) -> ValueShape? {
        let start = reader.position
        switch try reader.readByte() {
        case 0: return nil
        case 1: return try valueType(&reader)
        default: throw malformed("malformed optional type", at: start)
        }
    }

    private func valueDefinition(
        _ code: UInt8, _ reader: inout ByteReader, at start: Int
    ) throws(BinaryError) -> TypeDefinition {
        if let primitive = primitive(code) { return .primitive(primitive) }
        switch code {
        case 0x72: return .record(try fields(&reader))
        case 0x71:
            var cases: [NamedShape<ValueShape?>] = []
            for _ in 0..<(try reader.readCount(limit: Self.itemLimit, of: "cases")) {
                let name = try reader.readName()
                cases.append(NamedShape(name: name, shape: try optionalValueType(&reader)))
                try reader.skip(1)
            }
            return .variant(cases)
        case 0x70: return .list(try valueType(&reader))
        case 0x67:
            let element = try valueType(&reader)
            return .fixedLengthList(element, length: try reader.readVarUInt32())
        case 0x6F:
            var elements: [ValueShape] = []
            for _ in 0..<(try reader.readCount(limit: Self.itemLimit, of: "elements")) {
                elements.append(try valueType(&reader))
            }
            return .tuple(elements)
        case 0x6E: return .flags(try labels(&reader))
        case 0x6D: return .enumeration(try labels(&reader))
        case 0x6B: return .option(try valueType(&reader))
        case 0x6A:
            let success = try optionalValueType(&reader)
            return .result(success: success, failure: try optionalValueType(&reader))
        case 0x69: return .own(try resource(&reader))
        case 0x68: return .borrow(try resource(&reader))
        case 0x66: return .stream(try optionalValueType(&reader))
        case 0x65: return .future(try optionalValueType(&reader))
        case 0x63:
            let key = try valueType(&reader)
            return .map(key: key, value: try valueType(&reader))
        default:
            throw BinaryError(.unsupported, "the type 0x\(String(code, radix: 16)) is not known", at: start)
        }
    }

    private func resource(_ reader: inout ByteReader) throws(BinaryError) -> TypeReference {
        let start = reader.position
        let reference = try type(&reader)
        guard case .resource = arena[reference] else {
            throw BinaryError(.invalid, "a handle is of a resource", at: start)
        }
        return reference
    }

    // MARK: - Types of components and instances

    private mutating func componentType(_ reader: inout ByteReader) throws(BinaryError) -> ComponentShape {
        try push(at: reader.position)
        for _ in 0..<(try reader.readCount(limit: Self.itemLimit, of: "declarations")) {
            if reader.peekByte() == 0x03 {
                try reader.skip(1)
                _ = try importDeclaration(&reader)
            } else {
                try declaration(&reader)
            }
        }
        let scope = scopes.popLast() ?? Scope()
        return ComponentShape(imports: scope.imports, exports: scope.exports, resources: scope.resources)
    }

    private mutating func instanceType(_ reader: inout ByteReader) throws(BinaryError) -> InstanceShape {
        try push(at: reader.position)
        for _ in 0..<(try reader.readCount(limit: Self.itemLimit, of: "declarations")) { try declaration(&reader) }
        let scope = scopes.popLast() ?? Scope()
        return InstanceShape(exports: scope.exports, resources: scope.resources)
    }

    private mutating func declaration(_ reader: inout ByteReader) throws(BinaryError) {
        let start = reader.position
        switch try reader.readByte() {
        case 0x00: try skipCoreType(&reader)
        case 0x01: try typeDefinition(&reader)
        case 0x02: try alias(&reader)
        case 0x04: try exportDeclaration(&reader)
        default: throw malformed("malformed declaration in a type", at: start)
        }
    }

    // MARK: - Core types

    private func skipCoreType(_ reader: inout ByteReader) throws(BinaryError) {
        let start = reader.position
        let code = try reader.readByte()
        switch code {
        case 0x60: try skipCoreFunctionType(&reader)
        case 0x50: try skipModuleType(&reader)
        default:
            throw BinaryError(
                .unsupported, "the core type 0x\(String(code, radix: 16)) in a component is not supported yet", at: start)
        }
    }

    private func skipCoreFunctionType(_ reader: inout ByteReader) throws(BinaryError) {
        for _ in 0..<2 {
            for _ in 0..<(try reader.readCount(limit: Self.itemLimit, of: "types")) { _ = try reader.readValueType() }
        }
    }

    private func skipModuleType(_ reader: inout ByteReader) throws(BinaryError) {
        for _ in 0..<(try reader.readCount(limit: Self.itemLimit, of: "declarations")) {
            let start = reader.position
            switch try reader.readByte() {
            case 0x00:
                _ = try reader.readName()
                _ = try reader.readName()
                try skipCoreExtern(&reader)
            case 0x01:
                guard try reader.readByte() == 0x60 else {
                    throw BinaryError(.unsupported, "a core type in a module type is not supported yet", at: start)
                }
                try skipCoreFunctionType(&reader)
            case 0x02:
                try reader.skip(2)
                _ = try reader.readVarUInt32()
                _ = try reader.readVarUInt32()
            case 0x03:
                _ = try reader.readName()
                try skipCoreExtern(&reader)
            default: throw malformed("malformed declaration in a module type", at: start)
            }
        }
    }

    private func skipCoreExtern(_ reader: inout ByteReader) throws(BinaryError) {
        let start = reader.position
        switch try reader.readByte() {
        case 0x00: _ = try reader.readVarUInt32()
        case 0x01:
            _ = try reader.readValueType()
            try skipLimits(&reader)
        case 0x02: try skipLimits(&reader)
        case 0x03:
            _ = try reader.readValueType()
            try reader.skip(1)
        case 0x04:
            try reader.skip(1)
            _ = try reader.readVarUInt32()
        default: throw malformed("malformed type of a core import or export", at: start)
        }
    }

    private func skipLimits(_ reader: inout ByteReader) throws(BinaryError) {
        let flags = try reader.readByte()
        _ = try reader.readVarUInt64()
        if flags & 1 != 0 { _ = try reader.readVarUInt64() }
        if flags & 8 != 0 { _ = try reader.readVarUInt32() }
    }
}
