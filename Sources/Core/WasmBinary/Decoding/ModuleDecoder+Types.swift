// The type section, and the types of tables, memories, globals and tags (core specification, sections 5.3 and 5.5.4).

import WasmTypes

extension ModuleDecoder {
    mutating func decodeTypes(_ reader: inout ByteReader) throws(BinaryError) {
        let count = try reader.readCount(limit: DecodingLimits.recursionGroups, of: "types")
        module.types.reserveCapacity(count)
        module.recursionGroups.reserveCapacity(count)
        for _ in 0..<count {
            let start = reader.position
            let first = module.types.count
            if reader.peekByte() == 0x4E {
                // Groups came with the GC proposal, but functions that name each other need nothing else of it.
                if !features.contains(.functionReferences) { try require(.gc, for: "recursion groups", at: start) }
                try reader.skip(1)
                let members = try reader.readCount(limit: DecodingLimits.recursionGroupSize, of: "types in a group")
                for _ in 0..<members { module.types.append(try readSubtype(&reader)) }
            } else {
                module.types.append(try readSubtype(&reader))
            }
            try checkTotal(module.types.count, limit: DecodingLimits.types, "types", at: start)
            module.recursionGroups.append(first..<module.types.count)
        }
    }

    private func readSubtype(_ reader: inout ByteReader) throws(BinaryError) -> DefinedType {
        let start = reader.position
        switch reader.peekByte() {
        case 0x50, 0x4F:
            try require(.gc, for: "subtypes", at: start)
            let isFinal = try reader.readByte() == 0x4F
            let supertypes = try reader.readCount(limit: 1, of: "supertypes")
            var supertype: TypeIndex?
            for _ in 0..<supertypes { supertype = TypeIndex(try reader.readVarUInt32()) }
            return DefinedType(try readComposite(&reader), isFinal: isFinal, supertype: supertype)
        default:
            return DefinedType(try readComposite(&reader))
        }
    }

    private func readComposite(_ reader: inout ByteReader) throws(BinaryError) -> DefinedType.Composite {
        let start = reader.position
        let form = try reader.readByte()
        switch form {
        case 0x60:
            let parameters = try readTypes(&reader, limit: DecodingLimits.functionParameters, of: "function parameters")
            let results = try readTypes(&reader, limit: DecodingLimits.functionResults, of: "function results")
            return .function(FunctionType(parameters: parameters, results: results))
        case 0x5F:
            try require(.gc, for: "structure types", at: start)
            let count = try reader.readCount(limit: DecodingLimits.structureFields, of: "fields of a structure")
            var fields: [FieldType] = []
            fields.reserveCapacity(count)
            for _ in 0..<count { fields.append(try readField(&reader)) }
            return .structure(fields)
        case 0x5E:
            try require(.gc, for: "array types", at: start)
            return .array(try readField(&reader))
        default:
            if form >= 0x80 { throw reader.malformed("integer representation too long", at: start) }
            throw BinaryError(.malformed, "malformed definition type 0x\(String(form, radix: 16))", at: start)
        }
    }

    private func readField(_ reader: inout ByteReader) throws(BinaryError) -> FieldType {
        let storage: StorageType
        switch reader.peekByte() {
        case 0x78:
            storage = .i8
            try reader.skip(1)
        case 0x77:
            storage = .i16
            try reader.skip(1)
        default: storage = .value(try reader.readValueType())
        }
        return FieldType(storage, isMutable: try readMutability(&reader))
    }

    private func readMutability(_ reader: inout ByteReader) throws(BinaryError) -> Bool {
        let start = reader.position
        switch try reader.readByte() {
        case 0: return false
        case 1: return true
        default: throw reader.malformed("malformed mutability", at: start)
        }
    }

    private func readTypes(
        _ reader: inout ByteReader, limit: Int, of items: StaticString
    ) throws(BinaryError) -> [ValueType] {
        let count = try reader.readCount(limit: limit, of: items)
        guard count > 0 else { return [] }
        var types: [ValueType] = []
        types.reserveCapacity(count)
        for _ in 0..<count { types.append(try reader.readValueType()) }
        return types
    }

    /// The flags and bounds of a table or memory.
    private func readLimits(
        _ reader: inout ByteReader, ofMemory: Bool
    ) throws(BinaryError) -> (limits: Limits, addressType: AddressType, isShared: Bool, pageSizeLog2: UInt8) {
        let start = reader.position
        let flags = try reader.readByte()
        guard flags & ~(ofMemory ? 0x0F : 0x05) == 0 else {
            // A second byte of an over-long integer, where the flags were one.
            throw reader.malformed(
                flags >= 0x80 ? "malformed limits flags: integer representation too long" : "malformed limits flags",
                at: start)
        }
        if flags & 2 != 0, !features.contains(.threads) {
            throw BinaryError(
                .malformed, "malformed limits flags: the feature 'threads' is not switched on", at: start)
        }
        if flags & 8 != 0, !features.contains(.customPageSizes) {
            throw BinaryError(
                .malformed, "malformed limits flags: the feature 'custom-page-sizes' is not switched on", at: start)
        }
        if flags & 4 != 0 {
            try require(.memory64, for: ofMemory ? "memories of 64-bit addresses" : "tables of 64-bit addresses", at: start)
        }
        // The suite says this of the flags for a page size, too, where nothing follows them.
        if flags & 8 != 0, reader.isAtEnd { throw reader.malformed("malformed limits flags", at: start) }
        let minimum = try reader.readVarUInt64()
        let maximum = flags & 1 != 0 ? try reader.readVarUInt64() : nil
        var pageSizeLog2: UInt8 = 16
        if flags & 8 != 0 {
            let logarithm = try reader.readVarUInt32()
            guard logarithm < 64 else {
                throw reader.malformed("invalid custom page size", at: start)
            }
            pageSizeLog2 = UInt8(logarithm)
        }
        return (
            Limits(minimum: minimum, maximum: maximum), flags & 4 != 0 ? .i64 : .i32, flags & 2 != 0, pageSizeLog2
        )
    }

    func readTableType(_ reader: inout ByteReader) throws(BinaryError) -> TableType {
        let elementType = try reader.readReferenceType()
        let bounds = try readLimits(&reader, ofMemory: false)
        return TableType(elementType: elementType, limits: bounds.limits, addressType: bounds.addressType)
    }

    func readMemoryType(_ reader: inout ByteReader) throws(BinaryError) -> MemoryType {
        let bounds = try readLimits(&reader, ofMemory: true)
        return MemoryType(
            limits: bounds.limits, addressType: bounds.addressType, isShared: bounds.isShared,
            pageSizeLog2: bounds.pageSizeLog2)
    }

    func readGlobalType(_ reader: inout ByteReader) throws(BinaryError) -> GlobalType {
        let valueType = try reader.readValueType()
        return GlobalType(valueType: valueType, isMutable: try readMutability(&reader))
    }

    func readTagType(_ reader: inout ByteReader) throws(BinaryError) -> TagType {
        let start = reader.position
        try require(.exceptions, for: "tags", at: start)
        guard try reader.readByte() == 0 else { throw reader.malformed("zero byte expected", at: start) }
        return TagType(type: TypeIndex(try reader.readVarUInt32()))
    }
}
