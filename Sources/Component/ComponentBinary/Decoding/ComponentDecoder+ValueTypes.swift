// Reads value types and function types (Binary.md, "Type Definitions").

import ComponentTypes
import WasmBinary

extension ComponentDecoder {
    /// A primitive type's code; nil for any other code.
    private func primitiveType(_ code: UInt8) -> ComponentValueType? {
        switch code {
        case 0x7F: return .bool
        case 0x7E: return .s8
        case 0x7D: return .u8
        case 0x7C: return .s16
        case 0x7B: return .u16
        case 0x7A: return .s32
        case 0x79: return .u32
        case 0x78: return .s64
        case 0x77: return .u64
        case 0x76: return .f32
        case 0x75: return .f64
        case 0x74: return .char
        case 0x73: return .string
        case 0x64: return .errorContext
        default: return nil
        }
    }

    /// `valtype`: a primitive type, or the index of a value type.
    func valueType(_ reader: inout ByteReader) throws(BinaryError) -> ComponentValueType {
        let start = reader.position
        let code = try reader.readVarInt33()
        if code < 0 {
            guard code >= -0x40, let type = primitiveType(UInt8(truncatingIfNeeded: code) & 0x7F) else {
                throw BinaryError(.malformed, "malformed value type", at: start)
            }
            return type
        }
        guard code <= Int64(UInt32.max) else { throw BinaryError(.malformed, "integer too large", at: start) }
        let index = UInt32(truncatingIfNeeded: code)
        guard case .value(let type) = try type(index, at: start) else {
            throw invalid("type index \(index) is not a defined type", at: start)
        }
        return type
    }

    func optional<Result>(
        _ reader: inout ByteReader, _ item: String, _ read: (inout ByteReader) throws(BinaryError) -> Result
    ) throws(BinaryError) -> Result? {
        let start = reader.position
        switch try reader.readByte() {
        case 0: return nil
        case 1: return try read(&reader)
        case let byte: throw unknownByte(byte, item, at: start)
        }
    }

    private func optionalValueType(_ reader: inout ByteReader) throws(BinaryError) -> ComponentValueType? {
        try optional(&reader, "optional component value type") { reader throws(BinaryError) in
            try self.valueType(&reader)
        }
    }

    /// A label that must differ from all before it, in more than capitals.
    private func label(
        _ reader: inout ByteReader, _ labels: inout [String: String], _ description: String, _ conflict: String
    ) throws(BinaryError) -> String {
        let start = reader.position
        let name = try self.name(&reader)
        guard Label.isValid(name) else {
            if name.isEmpty { throw invalid("\(description) name cannot be empty", at: start) }
            throw invalid("\(description) name `\(name)` is not in kebab case", at: start)
        }
        if let previous = labels.updateValue(name, forKey: Label.canonical(name)) {
            throw invalid(
                "\(description) name `\(name)` conflicts with previous \(conflict) name `\(previous)`", at: start)
        }
        return name
    }

    /// `defvaltype`, after its code.
    func definedValueType(_ code: UInt8, _ reader: inout ByteReader, at start: Int) throws(BinaryError)
        -> ComponentValueType
    {
        if let type = primitiveType(code) { return type }
        switch code {
        case 0x72: return try recordType(&reader, at: start)
        case 0x71: return try variantType(&reader, at: start)
        case 0x70:
            let element = try valueType(&reader)
            return .list(try making(at: start) { () throws(ComponentTypeError) in try ListType(element: element) })
        case 0x67: return try fixedLengthList(&reader, at: start)
        case 0x6F:
            let count = try count(&reader, ComponentLimits.tupleElements, "tuple types")
            guard count > 0 else { throw invalid("tuple type must have at least one type", at: start) }
            var elements: [ComponentValueType] = []
            for _ in 0..<count { elements.append(try valueType(&reader)) }
            return .tuple(try making(at: start) { () throws(ComponentTypeError) in try TupleType(elements: elements) })
        case 0x6E:
            let labels = try self.labels(&reader, ComponentLimits.flagLabels, "flag names", "flag", "flag")
            guard !labels.isEmpty else { throw invalid("flags must have at least one entry", at: start) }
            guard labels.count <= CanonicalABI.maximumFlagCount else {
                throw invalid("cannot have more than \(CanonicalABI.maximumFlagCount) flags", at: start)
            }
            return .flags(try making(at: start) { () throws(ComponentTypeError) in try FlagsType(labels: labels) })
        case 0x6D:
            let labels = try self.labels(&reader, ComponentLimits.enumLabels, "enum cases", "enum tag", "tag")
            guard !labels.isEmpty else { throw invalid("enum type must have at least one variant", at: start) }
            return .enumeration(try making(at: start) { () throws(ComponentTypeError) in try EnumType(labels: labels) })
        case 0x6B:
            let payload = try valueType(&reader)
            return .option(try making(at: start) { () throws(ComponentTypeError) in try OptionType(payload: payload) })
        case 0x6A:
            let success = try optionalValueType(&reader)
            let failure = try optionalValueType(&reader)
            return .result(
                try making(at: start) { () throws(ComponentTypeError) in
                    try ResultType(success: success, failure: failure)
                })
        case 0x69: return .own(try handledResource(&reader))
        case 0x68: return .borrow(try handledResource(&reader))
        case 0x66, 0x65:
            let name = code == 0x66 ? "stream" : "future"
            let element = try optionalValueType(&reader)
            guard !(element?.summary.traits.contains(.containsBorrow) ?? false) else {
                throw invalid("`\(name)` type cannot contain a `borrow` type", at: start)
            }
            guard element != .char || code == 0x65 else {
                throw invalid("`stream<char>` is not valid at this time", at: start)
            }
            let type = try making(at: start) { () throws(ComponentTypeError) in try StreamType(element: element) }
            return code == 0x66 ? .stream(type) : .future(type)
        case 0x63:
            let key = try valueType(&reader)
            let value = try valueType(&reader)
            guard key.isPrimitive, key != .f32, key != .f64, key != .errorContext else {
                throw invalid("map keys must be of a primitive type that is not a floating-point number", at: start)
            }
            return .list(
                try making(at: start) { () throws(ComponentTypeError) in try ListType(key: key, value: value) })
        default: throw unknownByte(code, "component defined type", at: start)
        }
    }

    private func handledResource(_ reader: inout ByteReader) throws(BinaryError) -> ResourceTypeID {
        let start = reader.position
        return try resource(try reader.readVarUInt32(), at: start)
    }

    private func labels(
        _ reader: inout ByteReader, _ limit: Int, _ items: StaticString, _ description: String, _ conflict: String
    ) throws(BinaryError) -> [String] {
        var seen: [String: String] = [:]
        var result: [String] = []
        for _ in 0..<(try count(&reader, limit, items)) {
            result.append(try label(&reader, &seen, description, conflict))
        }
        return result
    }

    private func recordType(_ reader: inout ByteReader, at start: Int) throws(BinaryError) -> ComponentValueType {
        let count = try count(&reader, ComponentLimits.recordFields, "record fields")
        guard count > 0 else { throw invalid("record type must have at least one field", at: start) }
        var seen: [String: String] = [:]
        var fields: [RecordType.Field] = []
        for _ in 0..<count {
            let name = try label(&reader, &seen, "record field", "field")
            fields.append(RecordType.Field(name: name, type: try valueType(&reader)))
        }
        return .record(try making(at: start) { () throws(ComponentTypeError) in try RecordType(fields: fields) })
    }

    private func variantType(_ reader: inout ByteReader, at start: Int) throws(BinaryError) -> ComponentValueType {
        let count = try count(&reader, ComponentLimits.variantCases, "variant cases")
        guard count > 0 else { throw invalid("variant type must have at least one case", at: start) }
        var seen: [String: String] = [:]
        var cases: [VariantType.Case] = []
        for _ in 0..<count {
            let name = try label(&reader, &seen, "variant case", "case")
            let type = try optionalValueType(&reader)
            let reserved = reader.position
            let byte = try reader.readByte()
            guard byte == 0 else { throw unknownByte(byte, "zero byte required", at: reserved) }
            cases.append(VariantType.Case(name: name, type: type))
        }
        return .variant(try making(at: start) { () throws(ComponentTypeError) in try VariantType(cases: cases) })
    }

    private func fixedLengthList(_ reader: inout ByteReader, at start: Int) throws(BinaryError) -> ComponentValueType {
        let element = try valueType(&reader)
        let length = try reader.readVarUInt32()
        guard length > 0 else { throw invalid("fixed-length lists must have more than zero elements", at: start) }
        return .fixedLengthList(
            try making(at: start) { () throws(ComponentTypeError) in
                try FixedLengthListType(element: element, length: length)
            })
    }

    /// `functype`, after its code.
    func functionType(
        _ reader: inout ByteReader, isAsync: Bool, at start: Int
    ) throws(BinaryError) -> ComponentFunctionType {
        var seen: [String: String] = [:]
        var parameters: [ComponentFunctionType.Parameter] = []
        for _ in 0..<(try count(&reader, ComponentLimits.parameters, "function parameters")) {
            let name = try label(&reader, &seen, "function parameter", "parameter")
            parameters.append(.init(name: name, type: try valueType(&reader)))
        }
        let result = try resultList(&reader)
        if let result, result.summary.traits.contains(.containsBorrow) {
            throw invalid("function result cannot contain a `borrow` type", at: start)
        }
        return try making(at: start) { () throws(ComponentTypeError) in
            try ComponentFunctionType(parameters: parameters, result: result, isAsync: isAsync)
        }
    }

    func resultList(_ reader: inout ByteReader) throws(BinaryError) -> ComponentValueType? {
        let start = reader.position
        switch try reader.readByte() {
        case 0: return try valueType(&reader)
        case 1:
            let byte = try reader.readByte()
            guard byte == 0 else { throw unknownByte(byte, "number of results", at: start) }
            return nil
        case let byte: throw unknownByte(byte, "component function results", at: start)
        }
    }
}
