// The second walk: functions, tables, memories, globals, tags, imports, exports, the start function (core specification,
// sections 6.6.4 to 6.6.11). Segments stand in a file of their own.

import WasmBinary
import WasmTypes

extension ModuleParser {
    mutating func parseField() throws(TextError) {
        if !annotations.isEmpty { try takeCustomAnnotations() }
        let closing = try cursor.closing(of: cursor.position)
        cursor.position += 1
        switch cursor.text.keyword(of: cursor.take()) {
        case .type, .rec:
            // Read already.
            cursor.position = closing
        case .import: try parseImport()
        case .func: try parseFunction()
        case .table: try parseTable()
        case .memory: try parseMemory()
        case .global: try parseGlobal()
        case .tag: try parseTag()
        case .export: try parseExport()
        case .start: encoder.start = try takeIndex(functions)
        case .elem: try parseElementSegment()
        case .data: try parseDataSegment()
        default: throw cursor.text.unexpected(cursor.peek(-1))
        }
        try cursor.takeRightParenthesis()
    }

    // MARK: - Imports and exports

    private mutating func parseImport() throws(TextError) {
        let module = try cursor.takeName()
        let name = try cursor.takeName()
        try cursor.takeLeftParenthesis()
        let keyword = cursor.text.keyword(of: cursor.take())
        _ = cursor.takeIdentifierIf()
        let type: ImportType
        switch keyword {
        case .func: type = .function(TypeIndex(try takeImportedFunction()))
        case .table: type = .table(try takeTableType())
        case .memory: type = .memory(try takeMemoryType())
        case .global: type = .global(try takeGlobalType())
        case .tag: type = .tag(TagType(type: TypeIndex(try resolve(try takeTypeUse(.ignored)))))
        default: throw cursor.text.unexpected(cursor.peek(-1))
        }
        try cursor.takeRightParenthesis()
        appendImport(module, name, type)
    }

    /// The type of an imported function; its parameters may have names.
    private mutating func takeImportedFunction() throws(TextError) -> UInt32 {
        locals.removeAll()
        localNames = NameMap()
        let use = try takeTypeUse(.bound)
        nameMaps.locals[nextFunction] = localNames
        locals.removeAll()
        return try resolve(use)
    }

    private mutating func appendImport(_ module: String, _ name: String, _ type: ImportType) {
        encoder.imports.append { writer in
            writer.writeName(module)
            writer.writeName(name)
            writer.write(type)
        }
        switch type {
        case .function: nextFunction += 1
        case .table: nextTable += 1
        case .memory: nextMemory += 1
        case .global: nextGlobal += 1
        case .tag: nextTag += 1
        }
    }

    private mutating func parseExport() throws(TextError) {
        let name = try cursor.takeName()
        try cursor.takeLeftParenthesis()
        let keyword = cursor.text.keyword(of: cursor.take())
        let index: ExternalIndex
        switch keyword {
        case .func: index = .function(FunctionIndex(try takeIndex(functions)))
        case .table: index = .table(TableIndex(try takeIndex(tables)))
        case .memory: index = .memory(MemoryIndex(try takeIndex(memories)))
        case .global: index = .global(GlobalIndex(try takeIndex(globals)))
        case .tag: index = .tag(TagIndex(try takeIndex(tags)))
        default: throw cursor.text.unexpected(cursor.peek(-1))
        }
        try cursor.takeRightParenthesis()
        appendExport(name, index)
    }

    private mutating func appendExport(_ name: String, _ index: ExternalIndex) {
        encoder.exports.append { writer in
            writer.writeName(name)
            writer.write(index)
        }
    }

    /// Takes `(export …)` as often as it stands there.
    private mutating func takeInlineExports(_ index: ExternalIndex) throws(TextError) {
        while cursor.takeGroupIf(.export) {
            appendExport(try cursor.takeName(), index)
            try cursor.takeRightParenthesis()
        }
    }

    /// The module and the name of `(import …)`, if it stands there.
    private mutating func takeInlineImport() throws(TextError) -> (module: String, name: String)? {
        guard cursor.takeGroupIf(.import) else { return nil }
        let module = try cursor.takeName()
        let name = try cursor.takeName()
        try cursor.takeRightParenthesis()
        return (module, name)
    }

    // MARK: - Types

    private mutating func takeAddressType() -> AddressType {
        if cursor.takeIf(.i64) { return .i64 }
        _ = cursor.takeIf(.i32)
        return .i32
    }

    private mutating func takeLimits() throws(TextError) -> Limits {
        let minimum = try cursor.takeNatural64()
        return Limits(minimum: minimum, maximum: cursor.current.kind == .natural ? try cursor.takeNatural64() : nil)
    }

    mutating func takeTableType() throws(TextError) -> TableType {
        let addressType = takeAddressType()
        let limits = try takeLimits()
        return TableType(elementType: try takeReferenceType(), limits: limits, addressType: addressType)
    }

    mutating func takeMemoryType() throws(TextError) -> MemoryType {
        let addressType = takeAddressType()
        let limits = try takeLimits()
        let isShared = cursor.takeIf(.shared)
        return MemoryType(
            limits: limits, addressType: addressType, isShared: isShared, pageSizeLog2: try takePageSize())
    }

    /// The binary logarithm of the size that `(pagesize …)` gives, or of the usual one.
    private mutating func takePageSize() throws(TextError) -> UInt8 {
        guard cursor.takeGroupIf(.pagesize) else { return 16 }
        let token = cursor.current
        let size = try cursor.takeNatural32()
        guard size.nonzeroBitCount == 1 else { throw cursor.error("invalid custom page size", at: token) }
        try cursor.takeRightParenthesis()
        return UInt8(size.trailingZeroBitCount)
    }

    mutating func takeGlobalType() throws(TextError) -> GlobalType {
        guard cursor.takeGroupIf(.mut) else { return GlobalType(valueType: try takeValueType(), isMutable: false) }
        let type = try takeValueType()
        try cursor.takeRightParenthesis()
        return GlobalType(valueType: type, isMutable: true)
    }

    // MARK: - Definitions

    private mutating func parseTable() throws(TextError) {
        _ = cursor.takeIdentifierIf()
        try takeInlineExports(.table(TableIndex(nextTable)))
        if let (module, name) = try takeInlineImport() {
            appendImport(module, name, .table(try takeTableType()))
            return
        }
        let table = nextTable
        nextTable += 1
        let start = cursor.position
        let addressType = takeAddressType()
        if cursor.current.kind != .natural {
            // A table of just the elements that follow.
            let type = try takeReferenceType()
            guard cursor.takeGroupIf(.elem) else { throw cursor.unexpected("(elem") }
            let count = try parseInlineElements(type, table: table, addressType: addressType)
            try cursor.takeRightParenthesis()
            let limits = Limits(minimum: UInt64(count), maximum: UInt64(count))
            encoder.tables.append {
                $0.write(TableType(elementType: type, limits: limits, addressType: addressType))
            }
            return
        }
        cursor.position = start
        let type = try takeTableType()
        guard cursor.current.kind != .rightParenthesis else {
            encoder.tables.append { $0.write(type) }
            return
        }
        let initializer = try takeExpression()
        encoder.tables.append { writer in
            writer.write(0x40)
            writer.write(0x00)
            writer.write(type)
            writer.write(initializer)
        }
    }

    private mutating func parseMemory() throws(TextError) {
        _ = cursor.takeIdentifierIf()
        try takeInlineExports(.memory(MemoryIndex(nextMemory)))
        if let (module, name) = try takeInlineImport() {
            appendImport(module, name, .memory(try takeMemoryType()))
            return
        }
        let memory = nextMemory
        nextMemory += 1
        let start = cursor.position
        let addressType = takeAddressType()
        let pageSizeLog2 = try takePageSize()
        guard cursor.takeGroupIf(.data) else {
            cursor.position = start
            let type = try takeMemoryType()
            encoder.memories.append { $0.write(type) }
            return
        }
        // A memory of just the bytes that follow.
        let bytes = cursor.takeStrings()
        try cursor.takeRightParenthesis()
        let pages = (UInt64(bytes.count) + (1 << UInt64(pageSizeLog2)) - 1) >> UInt64(pageSizeLog2)
        encoder.memories.append {
            $0.write(
                MemoryType(
                    limits: Limits(minimum: pages, maximum: pages), addressType: addressType, pageSizeLog2: pageSizeLog2))
        }
        appendData(bytes, memory: memory, offset: Self.zero(addressType))
    }

    /// The expression for address 0.
    static func zero(_ addressType: AddressType) -> ByteWriter {
        var writer = ByteWriter()
        writer.write(addressType == .i64 ? Opcode.i64Const : Opcode.i32Const)
        writer.writeVarInt64(0)
        writer.write(Opcode.end)
        return writer
    }

    private mutating func parseGlobal() throws(TextError) {
        _ = cursor.takeIdentifierIf()
        try takeInlineExports(.global(GlobalIndex(nextGlobal)))
        if let (module, name) = try takeInlineImport() {
            appendImport(module, name, .global(try takeGlobalType()))
            return
        }
        nextGlobal += 1
        let type = try takeGlobalType()
        let initializer = try takeExpression()
        encoder.globals.append { writer in
            writer.write(type)
            writer.write(initializer)
        }
    }

    private mutating func parseTag() throws(TextError) {
        _ = cursor.takeIdentifierIf()
        try takeInlineExports(.tag(TagIndex(nextTag)))
        let imported = try takeInlineImport()
        let type = TagType(type: TypeIndex(try resolve(try takeTypeUse(.ignored))))
        if let (module, name) = imported {
            appendImport(module, name, .tag(type))
            return
        }
        nextTag += 1
        encoder.tags.append { $0.write(type) }
    }

    private mutating func parseFunction() throws(TextError) {
        _ = cursor.takeIdentifierIf()
        try takeInlineExports(.function(FunctionIndex(nextFunction)))
        if let (module, name) = try takeInlineImport() {
            appendImport(module, name, .function(TypeIndex(try takeImportedFunction())))
            return
        }
        let function = nextFunction
        nextFunction += 1
        let start = cursor.position
        locals.removeAll()
        localNames = NameMap()
        labelNames = NameMap()
        blockCount = 0
        branchHints.removeAll()
        let use = try takeTypeUse(.bound)
        let type = try resolve(use)
        encoder.functions.append { $0.writeVarUInt32(type) }
        if locals.count == 0, use.index != nil, Int(type) < definedTypes.count, let defined = definedTypes[Int(type)] {
            // The parameters are those of the type, and have no names.
            locals.skip(defined.parameters.count)
        }
        body.removeAll()
        try parseLocals()
        try parseInstructions()
        body.write(Opcode.end)
        try refuseUnusedHints(from: start)
        let body = body
        encoder.code.append { $0.writeSized(body) }
        nameMaps.locals[function] = localNames
        nameMaps.labels[function] = labelNames
        if !branchHints.isEmpty { appendBranchHints(of: function) }
        locals.removeAll()
    }

    /// Takes `(local …)` as often as it stands there; neighbours of one type are written as one.
    private mutating func parseLocals() throws(TextError) {
        var groups: [(type: ValueType, count: UInt32)] = []
        func add(_ type: ValueType) {
            if let last = groups.indices.last, groups[last].type == type {
                groups[last].count += 1
            } else {
                groups.append((type, 1))
            }
        }
        while cursor.takeGroupIf(.local) {
            if isBinding {
                try bindLocal()
                add(try takeValueType())
            } else {
                while isValueType {
                    add(try takeValueType())
                    locals.skip(1)
                }
            }
            try cursor.takeRightParenthesis()
        }
        body.writeVarUInt32(UInt32(truncatingIfNeeded: groups.count))
        for group in groups {
            body.writeVarUInt32(group.count)
            body.write(group.type)
        }
    }

    private mutating func appendBranchHints(of function: UInt32) {
        let hints = branchHints
        branchHintSection.append { writer in
            writer.writeVarUInt32(function)
            writer.writeVarUInt32(UInt32(truncatingIfNeeded: hints.count))
            for hint in hints {
                writer.writeVarUInt32(UInt32(truncatingIfNeeded: hint.offset))
                writer.writeVarUInt32(1)
                writer.write(hint.value)
            }
        }
    }
}
