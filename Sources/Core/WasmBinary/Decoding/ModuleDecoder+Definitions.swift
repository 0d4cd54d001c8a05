// The sections that fill the index spaces: imports, functions, tables, memories, tags, globals; and the exports (core
// specification, sections 5.5.5 to 5.5.11).

import WasmTypes

extension ModuleDecoder {
    mutating func decodeImports(_ reader: inout ByteReader) throws(BinaryError) {
        let count = try reader.readCount(limit: DecodingLimits.imports, of: "imports")
        module.imports.reserveCapacity(count)
        for _ in 0..<count {
            let offset = reader.position
            let moduleName = try readName(&reader)
            let name = try readName(&reader)
            let kindOffset = reader.position
            let type: ImportType
            switch try reader.readByte() {
            case 0:
                let index = TypeIndex(try reader.readVarUInt32())
                module.functions.append(index)
                module.importedFunctionCount += 1
                type = .function(index)
            case 1:
                let table = try readTableType(&reader)
                module.tables.append(Table(type: table))
                module.importedTableCount += 1
                type = .table(table)
            case 2:
                let memory = try readMemoryType(&reader)
                module.memories.append(memory)
                module.importedMemoryCount += 1
                type = .memory(memory)
            case 3:
                let global = try readGlobalType(&reader)
                module.globals.append(Global(type: global))
                module.importedGlobalCount += 1
                type = .global(global)
            case 4:
                let tag = try readTagType(&reader)
                module.tags.append(tag)
                module.importedTagCount += 1
                type = .tag(tag)
            default: throw reader.malformed("malformed import kind", at: kindOffset)
            }
            module.imports.append(Import(module: moduleName, name: name, type: type, offset: offset))
        }
    }

    mutating func decodeFunctions(_ reader: inout ByteReader) throws(BinaryError) {
        let start = reader.position
        let count = try reader.readCount(limit: DecodingLimits.functions, of: "functions")
        try checkTotal(module.functions.count + count, limit: DecodingLimits.functions, "functions", at: start)
        module.functions.reserveCapacity(module.functions.count + count)
        for _ in 0..<count { module.functions.append(TypeIndex(try reader.readVarUInt32())) }
        declaredFunctionCount = count
    }

    mutating func decodeTables(_ reader: inout ByteReader) throws(BinaryError) {
        let count = try reader.readCount(limit: DecodingLimits.tables, of: "tables")
        for _ in 0..<count {
            let start = reader.position
            if reader.peekByte() == 0x40 {
                try reader.skip(1)
                guard try reader.readByte() == 0 else { throw reader.malformed("zero byte expected", at: start + 1) }
                try require(.functionReferences, for: "tables with an initial value", at: start)
                let type = try readTableType(&reader)
                module.tables.append(Table(type: type, initializer: try readConstantExpression(&reader)))
            } else {
                module.tables.append(Table(type: try readTableType(&reader)))
            }
        }
        try checkTotal(module.tables.count, limit: DecodingLimits.tables, "tables", at: reader.position)
    }

    mutating func decodeMemories(_ reader: inout ByteReader) throws(BinaryError) {
        let count = try reader.readCount(limit: DecodingLimits.memories, of: "memories")
        for _ in 0..<count { module.memories.append(try readMemoryType(&reader)) }
        try checkTotal(module.memories.count, limit: DecodingLimits.memories, "memories", at: reader.position)
    }

    mutating func decodeTags(_ reader: inout ByteReader) throws(BinaryError) {
        try require(.exceptions, for: "the tag section", at: reader.position)
        let count = try reader.readCount(limit: DecodingLimits.tags, of: "tags")
        for _ in 0..<count { module.tags.append(try readTagType(&reader)) }
    }

    mutating func decodeGlobals(_ reader: inout ByteReader) throws(BinaryError) {
        let count = try reader.readCount(limit: DecodingLimits.globals, of: "globals")
        module.globals.reserveCapacity(module.globals.count + count)
        for _ in 0..<count {
            let type = try readGlobalType(&reader)
            module.globals.append(Global(type: type, initializer: try readConstantExpression(&reader)))
        }
    }

    mutating func decodeExports(_ reader: inout ByteReader) throws(BinaryError) {
        let count = try reader.readCount(limit: DecodingLimits.exports, of: "exports")
        module.exports.reserveCapacity(count)
        for _ in 0..<count {
            let offset = reader.position
            let name = try readName(&reader)
            let kindOffset = reader.position
            let kind = try reader.readByte()
            guard kind <= 4 else { throw reader.malformed("malformed export kind", at: kindOffset) }
            let number = try reader.readVarUInt32()
            let index: ExternalIndex =
                switch kind {
                case 0: .function(FunctionIndex(number))
                case 1: .table(TableIndex(number))
                case 2: .memory(MemoryIndex(number))
                case 3: .global(GlobalIndex(number))
                default: .tag(TagIndex(number))
                }
            module.exports.append(Export(name: name, index: index, offset: offset))
        }
    }

    /// A name of bounded length.
    func readName(_ reader: inout ByteReader) throws(BinaryError) -> String {
        let start = reader.position
        let name = try reader.readName()
        guard name.utf8.count <= DecodingLimits.nameSize else {
            throw BinaryError(
                .limit, "name too long: \(name.utf8.count) bytes, and at most \(DecodingLimits.nameSize) are allowed", at: start)
        }
        return name
    }

    /// The extent of an expression, its `end` included.
    func readConstantExpression(_ reader: inout ByteReader) throws(BinaryError) -> ConstantExpression {
        let start = reader.position
        var depth = 0
        while true {
            let opcode = try reader.readOpcode()
            switch opcode {
            case .end:
                if depth == 0 { return ConstantExpression(extent: start..<reader.position) }
                depth -= 1
            case .block, .loop, .if, .try, .tryTable:
                depth += 1
                try reader.skipImmediates(of: opcode)
            default:
                try reader.skipImmediates(of: opcode)
            }
        }
    }
}
