// The rules for types (core specification, sections 3.2 and 3.5.1).

import InternalUtilities
import WasmBinary
import WasmTypes

extension ModuleValidator {
    func validateTypes() throws(BinaryError) {
        // The decoder keeps no offsets of types; their section is told from the others by the message.
        let offset = module.extent.lowerBound
        for group in module.recursionGroups {
            for index in group {
                let type = module.types[index]
                switch type.composite {
                case .function(let function):
                    for parameter in function.parameters {
                        try validate(parameter, typeCount: group.upperBound, at: offset)
                    }
                    for result in function.results { try validate(result, typeCount: group.upperBound, at: offset) }
                    if function.results.count > 1 {
                        try require(.multiValue, for: "a function type of several results", at: offset)
                    }
                case .structure(let fields):
                    for field in fields { try validate(field.storage.unpacked, typeCount: group.upperBound, at: offset) }
                case .array(let element):
                    try validate(element.storage.unpacked, typeCount: group.upperBound, at: offset)
                }
                if let supertype = type.supertype {
                    guard supertype.position < group.upperBound else {
                        throw unknown("type", supertype.rawValue, at: offset)
                    }
                    guard supertype.position < index else {
                        throw invalid("forward use of type \(supertype) in sub type definition", at: offset)
                    }
                }
            }
        }
    }

    /// Checks that types match the supertypes that they name.
    func validateSubtypes(in types: TypeTable) throws(BinaryError) {
        let offset = module.extent.lowerBound
        var depths: [Int: Int] = [:]
        for (index, type) in module.types.enumerated() {
            guard let supertype = type.supertype else { continue }
            let depth = (depths[supertype.position] ?? 0) + 1
            guard depth <= DecodingLimits.subtypingDepth else {
                throw BinaryError(.limit, "sub type \(index) is more than \(DecodingLimits.subtypingDepth) types deep", at: offset)
            }
            depths[index] = depth
            let parent = module.types[supertype.position]
            guard !parent.isFinal else {
                throw invalid("sub type \(index) has final super type \(supertype)", at: offset)
            }
            guard types.matches(type.composite, parent.composite) else {
                throw invalid("sub type \(index) does not match super type \(supertype)", at: offset)
            }
        }
    }

    /// Checks that a type exists and that its feature is switched on.
    func validate(_ type: ValueType, typeCount: Int? = nil, at offset: Int) throws(BinaryError) {
        try type.validate(typeCount: typeCount ?? module.types.count, features: features, at: offset)
    }

    func validate(_ limits: Limits, range: UInt64, _ message: @autoclosure () -> String, at offset: Int) throws(BinaryError) {
        guard limits.minimum <= range, limits.maximum ?? 0 <= range else { throw invalid(message(), at: offset) }
        if let maximum = limits.maximum, limits.minimum > maximum {
            throw invalid(
                "size minimum must not be greater than maximum: \(limits.minimum) and \(maximum)", at: offset)
        }
    }

    func validate(_ type: TableType, at offset: Int) throws(BinaryError) {
        try validate(type.elementType, at: offset)
        let range: UInt64 = type.addressType == .i32 ? UInt64(UInt32.max) : .max
        try validate(
            type.limits, range: range,
            "table size must be at most \(type.addressType == .i32 ? "2^32-1 for i32" : "2^64-1 for i64")", at: offset)
    }

    func validate(_ type: MemoryType, at offset: Int) throws(BinaryError) {
        let addressBits: UInt64 = type.addressType == .i32 ? 32 : 64
        let pageBits = UInt64(type.pageSizeLog2)
        guard pageBits == 0 || pageBits == 16 else {
            throw invalid("invalid custom page size: 2^\(pageBits), and only 1 and 65536 are allowed", at: offset)
        }
        // With pages of a byte, the greatest number of them is also the greatest address.
        let range: UInt64 = pageBits == 0 ? UInt64.max >> (64 - addressBits) : 1 << (addressBits - pageBits)
        let size =
            pageBits == 0
            ? "2^\(addressBits)-1 bytes" : type.addressType == .i32 ? "65536 pages (4GiB)" : "2^48 pages (256TiB)"
        try validate(type.limits, range: range, "memory size must be at most \(size)", at: offset)
        if type.isShared {
            try require(.threads, for: "shared memories", at: offset)
            if type.limits.maximum == nil { throw invalid("shared memory must have maximum", at: offset) }
        }
    }

    func validate(_ type: TagType, at offset: Int) throws(BinaryError) {
        guard let function = module.functionType(at: type.type) else { throw unknown("type", type.type.rawValue, at: offset) }
        guard function.results.isEmpty else { throw invalid("non-empty tag result type", at: offset) }
    }
}

extension TypeTable {
    /// Whether a type may have another as its supertype (core specification, section 3.3.9 "Composite Types").
    fileprivate func matches(_ type: DefinedType.Composite, _ wanted: DefinedType.Composite) -> Bool {
        switch (type, wanted) {
        case (.function(let type), .function(let wanted)):
            return type.parameters.count == wanted.parameters.count && type.results.count == wanted.results.count
                && zip(wanted.parameters, type.parameters).allSatisfy { matches($0.word, $1.word) }
                && zip(type.results, wanted.results).allSatisfy { matches($0.word, $1.word) }
        case (.structure(let fields), .structure(let wanted)):
            return fields.count >= wanted.count && zip(fields, wanted).allSatisfy { matches($0, $1) }
        case (.array(let element), .array(let wanted)): return matches(element, wanted)
        default: return false
        }
    }

    /// What can be written must be the same type; what can only be read may be a subtype.
    private func matches(_ field: FieldType, _ wanted: FieldType) -> Bool {
        guard field.isMutable == wanted.isMutable else { return false }
        switch (field.storage, wanted.storage) {
        case (.i8, .i8), (.i16, .i16): return true
        case (.value(let type), .value(let wanted)):
            return matches(type.word, wanted.word) && (!field.isMutable || matches(wanted.word, type.word))
        default: return false
        }
    }
}

extension ValueType {
    /// Checks that a type that a module names exists and that its feature is switched on.
    func validate(typeCount: Int, features: FeatureSet, at offset: Int) throws(BinaryError) {
        func require(_ feature: FeatureSet) throws(BinaryError) {
            guard features.contains(feature) else {
                throw BinaryError.missing(feature, for: "the type \(self)", at: offset)
            }
        }
        guard isReference else {
            if isVector { try require(.simd) }
            return
        }
        switch heapType {
        case .defined(let index):
            if !features.contains(.gc) { try require(.functionReferences) }
            guard index.position < typeCount else {
                throw BinaryError(.invalid, "unknown type \(index)", at: offset)
            }
        case .function, .external:
            try require(.referenceTypes)
            if !isNullable, !features.contains(.gc) { try require(.functionReferences) }
        case .exception, .noException:
            try require(.exceptions)
        default:
            try require(.gc)
        }
    }
}
