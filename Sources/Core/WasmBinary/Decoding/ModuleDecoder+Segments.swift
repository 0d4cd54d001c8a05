// Element segments, bodies, data segments and custom sections (core specification, sections 5.5.12 to 5.5.16).

import WasmTypes

extension ModuleDecoder {
    mutating func decodeElements(_ reader: inout ByteReader) throws(BinaryError) {
        let count = try reader.readCount(limit: DecodingLimits.elementSegments, of: "element segments")
        module.elements.reserveCapacity(count)
        for _ in 0..<count {
            let offset = reader.position
            let flags = try reader.readVarUInt32()
            guard flags < 8 else { throw reader.malformed("malformed elements segment kind", at: offset) }
            let mode: ElementSegment.Mode
            switch flags & 3 {
            case 0: mode = .active(TableIndex(0), offset: try readConstantExpression(&reader))
            case 1: mode = .passive
            case 2:
                let table = TableIndex(try reader.readVarUInt32())
                mode = .active(table, offset: try readConstantExpression(&reader))
            default: mode = .declarative
            }
            let usesExpressions = flags & 4 != 0
            var type = ValueType.reference(.function, nullable: usesExpressions)
            if flags & 3 != 0 {
                if usesExpressions {
                    type = try reader.readReferenceType()
                } else {
                    let kindOffset = reader.position
                    guard try reader.readByte() == 0 else {
                        throw reader.malformed("malformed element kind", at: kindOffset)
                    }
                }
            }
            let items = try reader.readCount(limit: DecodingLimits.elementSegmentItems, of: "items of an element segment")
            module.elements.append(
                ElementSegment(
                    mode: mode, type: type, items: try readItems(&reader, items, usesExpressions: usesExpressions),
                    offset: offset))
        }
    }

    private func readItems(
        _ reader: inout ByteReader, _ count: Int, usesExpressions: Bool
    ) throws(BinaryError) -> ElementSegment.Items {
        if usesExpressions {
            var expressions: [ConstantExpression] = []
            expressions.reserveCapacity(count)
            for _ in 0..<count { expressions.append(try readConstantExpression(&reader)) }
            return .expressions(expressions)
        }
        let start = reader.position
        for _ in 0..<count { _ = try reader.readVarUInt32() }
        return .functions(count: UInt32(count), start..<reader.position)
    }

    mutating func decodeCode(_ reader: inout ByteReader) throws(BinaryError) {
        let start = reader.position
        let count = try reader.readCount(limit: DecodingLimits.functions, of: "function bodies")
        codeOffset = start
        module.bodies.reserveCapacity(count)
        for _ in 0..<count {
            let offset = reader.position
            // A size that the section cannot hold is malformed, whatever the limit.
            let size = try reader.readLength()
            guard size <= DecodingLimits.functionSize else {
                throw BinaryError(
                    .limit,
                    "function body too large: \(size) bytes, and at most \(DecodingLimits.functionSize) are allowed",
                    at: offset)
            }
            module.bodies.append(try reader.readBytes(size))
        }
    }

    mutating func decodeData(_ reader: inout ByteReader) throws(BinaryError) {
        let count = try reader.readCount(limit: DecodingLimits.dataSegments, of: "data segments")
        module.data.reserveCapacity(count)
        for _ in 0..<count {
            let offset = reader.position
            let mode: DataSegment.Mode
            switch try reader.readVarUInt32() {
            case 0: mode = .active(MemoryIndex(0), offset: try readConstantExpression(&reader))
            case 1: mode = .passive
            case 2:
                let memory = MemoryIndex(try reader.readVarUInt32())
                mode = .active(memory, offset: try readConstantExpression(&reader))
            default: throw reader.malformed("malformed data segment kind", at: offset)
            }
            let size = try reader.readLength()
            module.data.append(DataSegment(mode: mode, bytes: try reader.readBytes(size)))
        }
    }

    mutating func decodeCustom(_ reader: inout ByteReader) throws(BinaryError) {
        reader.endMessage = "unexpected end"
        try checkTotal(
            module.customSections.count + 1, limit: DecodingLimits.customSections, "custom sections", at: reader.position)
        let name = try readName(&reader)
        module.customSections.append(CustomSection(name: name, bytes: reader.remainingExtent))
        reader.seek(to: reader.end)
    }
}
