// Reads core types: of functions and of modules (Binary.md, "Type Definitions").

import ComponentTypes
import InternalUtilities
import WasmBinary
import WasmTypes

extension ComponentDecoder {
    /// `core:type`: reads a definition and appends it to the core types of the scope.
    func decodeCoreTypeDefinition(_ reader: inout ByteReader) throws(BinaryError) {
        let start = reader.position
        try checkLimit(scope.coreTypes.count, ComponentLimits.types, "core types", start)
        if reader.peekByte() == 0x50 {
            try reader.skip(1)
            scope.coreTypes.append(.module(try moduleType(&reader, at: start)))
        } else {
            for type in try coreRecursionGroup(&reader, at: start) {
                try checkLimit(scope.coreTypes.count, ComponentLimits.types, "core types", start)
                scope.coreTypes.append(type)
            }
        }
    }

    /// `core:rectype`, where a subtype that is not final has a zero byte before it.
    private func coreRecursionGroup(_ reader: inout ByteReader, at start: Int) throws(BinaryError) -> [CoreTypeDefinition] {
        switch reader.peekByte() {
        case 0x4E:
            try reader.skip(1)
            var types: [CoreTypeDefinition] = []
            for _ in 0..<(try count(&reader, ComponentLimits.moduleTypeDeclarations, "types in a group")) {
                types.append(try coreSubtype(&reader))
            }
            return types
        case 0x00:
            try reader.skip(1)
            guard reader.peekByte() == 0x50 else { throw unknownByte(0x00, "core type", at: start) }
            return [try coreSubtype(&reader)]
        default: return [try coreSubtype(&reader)]
        }
    }

    private func coreSubtype(_ reader: inout ByteReader) throws(BinaryError) -> CoreTypeDefinition {
        let start = reader.position
        if let code = reader.peekByte(), code == 0x4F || code == 0x50 {
            try reader.skip(1)
            guard try count(&reader, 1, "supertypes") == 0 else {
                throw BinaryError(
                    .unsupported, "supertypes of core types in components are not supported yet", at: start)
            }
        }
        let code = try reader.readByte()
        switch code {
        case 0x60: return .function(try coreFunctionType(&reader))
        case 0x5E:
            try coreField(&reader)
            return .aggregate
        case 0x5F:
            for _ in 0..<(try count(&reader, ComponentLimits.recordFields, "fields")) { try coreField(&reader) }
            return .aggregate
        default: throw unknownByte(code, "core type", at: start)
        }
    }

    /// A field of a structure, or what an array consists of.
    private func coreField(_ reader: inout ByteReader) throws(BinaryError) {
        // `i8` and `i16` are types of fields only.
        if let code = reader.peekByte(), code == 0x77 || code == 0x78 {
            try reader.skip(1)
        } else {
            _ = try coreValueType(&reader)
        }
        guard try reader.readByte() <= 1 else {
            throw BinaryError(.malformed, "malformed mutability", at: reader.position - 1)
        }
    }

    private func coreFunctionType(_ reader: inout ByteReader) throws(BinaryError) -> FunctionType {
        var parameters: [ValueType] = []
        for _ in 0..<(try count(&reader, ComponentLimits.parameters, "function parameters")) {
            parameters.append(try coreValueType(&reader))
        }
        var results: [ValueType] = []
        for _ in 0..<(try count(&reader, ComponentLimits.parameters, "function results")) {
            results.append(try coreValueType(&reader))
        }
        return FunctionType(parameters: parameters, results: results)
    }

    /// A core value type. A reference to a defined type would need the types of a module around it.
    private func coreValueType(_ reader: inout ByteReader) throws(BinaryError) -> ValueType {
        let start = reader.position
        let type = try reader.readValueType()
        if case .defined? = type.heapType {
            throw BinaryError(
                .unsupported, "typed function references in core types of components are not supported yet", at: start)
        }
        return type
    }

    private func moduleType(_ reader: inout ByteReader, at start: Int) throws(BinaryError) -> CoreModuleType {
        var types: [CoreTypeDefinition] = []
        var imports: [CoreModuleType.Import] = []
        var exports: [CoreModuleType.Export] = []
        var importNames: Set<CoreImportName> = []
        var exportNames: Set<ExactString> = []
        for _ in 0..<(try count(&reader, ComponentLimits.moduleTypeDeclarations, "module type declarations")) {
            let offset = reader.position
            switch try reader.readByte() {
            case 0x00:
                let module = try name(&reader)
                let name = try name(&reader)
                let item = CoreModuleType.Import(
                    module: module, name: name, type: try coreExternType(&reader, types))
                guard importNames.insert(CoreImportName(item)).inserted else {
                    throw invalid("duplicate import name `\(module):\(name)` already defined", at: offset)
                }
                imports.append(item)
            case 0x01:
                guard reader.peekByte() != 0x50 else {
                    throw unknownByte(0x50, "type definition in a module type", at: offset)
                }
                types += try coreRecursionGroup(&reader, at: offset)
            case 0x02: types.append(try outerCoreType(&reader, at: offset))
            case 0x03:
                let name = try name(&reader)
                guard exportNames.insert(ExactString(name)).inserted else {
                    throw invalid("export name `\(name)` already defined", at: offset)
                }
                exports.append(CoreModuleType.Export(name: name, type: try coreExternType(&reader, types)))
            case let byte: throw unknownByte(byte, "type definition", at: offset)
            }
        }
        return CoreModuleType(imports: imports, exports: exports)
    }

    /// `core:alias` after its first byte. The module type is itself a scope: count 0 is its own types.
    private func outerCoreType(_ reader: inout ByteReader, at offset: Int) throws(BinaryError) -> CoreTypeDefinition {
        let sort = try reader.readByte()
        guard sort == 0x10 else { throw unknownByte(sort, "outer alias kind", at: offset) }
        let target = try reader.readByte()
        guard target == 0x01 else { throw unknownByte(target, "outer alias target", at: offset) }
        let count = try reader.readVarUInt32()
        let index = try reader.readVarUInt32()
        guard count > 0, Int(count) <= scopes.count else {
            throw invalid("invalid outer alias count of \(count)", at: offset)
        }
        let type = try coreType(index, in: scopes[scopes.count - Int(count)], at: offset)
        if case .module = type { throw invalid("module types cannot be aliased in module types", at: offset) }
        return type
    }

    private func coreExternType(
        _ reader: inout ByteReader, _ types: [CoreTypeDefinition]
    ) throws(BinaryError) -> CoreExternType {
        let start = reader.position
        switch try reader.readByte() {
        case 0x00: return .function(try moduleTypeFunction(&reader, types))
        case 0x01:
            let elementType = try reader.readValueType()
            guard elementType.isReference else {
                throw BinaryError(.malformed, "malformed reference type", at: start)
            }
            let (limits, flags) = try coreLimits(&reader)
            guard limits.isOrdered else { throw invalid("size minimum must not be greater than maximum", at: start) }
            return .table(
                TableType(elementType: elementType, limits: limits, addressType: flags & 4 == 0 ? .i32 : .i64))
        case 0x02:
            let (limits, flags) = try coreLimits(&reader)
            let addressType: AddressType = flags & 4 == 0 ? .i32 : .i64
            let bound: UInt64 = addressType == .i32 ? 1 << 16 : 1 << 48
            guard limits.minimum <= bound, limits.maximum ?? 0 <= bound else {
                throw invalid("memory size must be at most \(bound) pages", at: start)
            }
            guard limits.isOrdered else { throw invalid("size minimum must not be greater than maximum", at: start) }
            let isShared = flags & 2 != 0
            guard !isShared || limits.maximum != nil else {
                throw invalid("shared memory must have maximum size", at: start)
            }
            return .memory(MemoryType(limits: limits, addressType: addressType, isShared: isShared))
        case 0x03:
            let valueType = try coreValueType(&reader)
            let mutability = try reader.readByte()
            guard mutability <= 1 else { throw BinaryError(.malformed, "malformed mutability", at: start) }
            return .global(GlobalType(valueType: valueType, isMutable: mutability == 1))
        case 0x04:
            guard try reader.readByte() == 0 else {
                throw BinaryError(.malformed, "malformed tag attribute", at: start)
            }
            let type = try moduleTypeFunction(&reader, types)
            guard type.results.isEmpty else {
                throw invalid("invalid exception type: non-empty tag result type", at: start)
            }
            return .tag(type)
        default: throw BinaryError(.malformed, "malformed import kind", at: start)
        }
    }

    private func moduleTypeFunction(
        _ reader: inout ByteReader, _ types: [CoreTypeDefinition]
    ) throws(BinaryError) -> FunctionType {
        let start = reader.position
        let index = try reader.readVarUInt32()
        guard Int(index) < types.count else {
            throw invalid("unknown type \(index): type index out of bounds", at: start)
        }
        guard case .function(let type) = types[Int(index)] else {
            throw invalid("type index \(index) is not a function type", at: start)
        }
        return type
    }

    private func coreLimits(_ reader: inout ByteReader) throws(BinaryError) -> (Limits, flags: UInt8) {
        let start = reader.position
        let flags = try reader.readByte()
        guard flags < 8 else { throw BinaryError(.malformed, "malformed limits flags", at: start) }
        let isWide = flags & 4 != 0
        let minimum = isWide ? try reader.readVarUInt64() : UInt64(try reader.readVarUInt32())
        var maximum: UInt64?
        if flags & 1 != 0 { maximum = isWide ? try reader.readVarUInt64() : UInt64(try reader.readVarUInt32()) }
        return (Limits(minimum: minimum, maximum: maximum), flags)
    }
}

extension Limits {
    var isOrdered: Bool { maximum.map { minimum <= $0 } ?? true }
}

extension CoreModuleType {
    /// The type of a module that a component contains.
    ///
    /// The module may not have been validated yet, so its indices are not trusted.
    convenience init(of module: BinaryModule, at offset: Int) throws(BinaryError) {
        func function(_ index: TypeIndex) throws(BinaryError) -> FunctionType {
            guard index.position < module.types.count, let type = module.types[index.position].function else {
                throw BinaryError(.invalid, "unknown type \(index): type index out of bounds", at: offset)
            }
            return type
        }
        func find<Element>(_ space: [Element], _ index: some ModuleIndex, _ item: String) throws(BinaryError) -> Element
        {
            guard index.position < space.count else {
                throw BinaryError(.invalid, "unknown \(item) \(index): \(item) index out of bounds", at: offset)
            }
            return space[index.position]
        }
        var imports: [Import] = []
        imports.reserveCapacity(module.imports.count)
        var names: Set<CoreImportName> = []
        names.reserveCapacity(module.imports.count)
        for item in module.imports {
            let type: CoreExternType =
                switch item.type {
                case .function(let index): .function(try function(index))
                case .table(let type): .table(type)
                case .memory(let type): .memory(type)
                case .global(let type): .global(type)
                case .tag(let type): .tag(try function(type.type))
                }
            let named = Import(module: item.module, name: item.name, type: type)
            guard names.insert(CoreImportName(named)).inserted else {
                throw BinaryError(
                    .invalid, "duplicate import name `\(item.module):\(item.name)` already defined", at: item.offset)
            }
            imports.append(named)
        }
        var exports: [Export] = []
        exports.reserveCapacity(module.exports.count)
        for item in module.exports {
            let type: CoreExternType =
                switch item.index {
                case .function(let index): .function(try function(try find(module.functions, index, "function")))
                case .table(let index): .table(try find(module.tables, index, "table").type)
                case .memory(let index): .memory(try find(module.memories, index, "memory"))
                case .global(let index): .global(try find(module.globals, index, "global").type)
                case .tag(let index): .tag(try function(try find(module.tags, index, "tag").type))
                }
            exports.append(Export(name: item.name, type: type))
        }
        self.init(imports: imports, exports: exports)
    }
}
