// Value types (Explainer.md, "Type Definitions"). One that stands in another becomes a definition of its own before it.

import WasmBinary
import WasmText

extension ComponentParser {
    /// Whether the current token begins a value type.
    var isValueType: Bool {
        if cursor.isIndex { return true }
        if cursor.current.kind == .leftParenthesis { return cursor.keyword(at: 1)?.beginsValueType ?? false }
        return cursor.keyword()?.primitiveCode != nil
    }

    mutating func takeValueType() throws(TextError) -> ValueTypeUse {
        if cursor.isIndex { return .reference(cursor.take()) }
        if let code = cursor.keyword()?.primitiveCode {
            cursor.position += 1
            return .primitive(code)
        }
        guard cursor.current.kind == .leftParenthesis else { throw cursor.unexpected("a value type") }
        let type = try takeDefinedType()
        return .index(try defineType(try encode(type)))
    }

    mutating func takeValueTypeIf() throws(TextError) -> ValueTypeUse? {
        isValueType ? try takeValueType() : nil
    }

    /// Takes a primitive type, or a group that defines a type; types in it are defined.
    mutating func takeDefinedType() throws(TextError) -> DefinedType {
        if let code = cursor.keyword()?.primitiveCode {
            cursor.position += 1
            return .primitive(code)
        }
        try cursor.takeLeftParenthesis()
        try enter()
        let token = cursor.take()
        let type: DefinedType
        switch text.keyword(of: token) {
        case .record:
            var fields: [(name: String, type: ValueTypeUse)] = []
            while cursor.takeGroupIf(.field) {
                let name = try cursor.takeName()
                fields.append((name, try takeValueType()))
                try cursor.takeRightParenthesis()
            }
            type = .record(fields)
        case .variant:
            var cases: [(name: String, type: ValueTypeUse?)] = []
            var symbols: Set<UInt32> = []
            while cursor.takeGroupIf(.case) {
                let token = cursor.current
                if let symbol = cursor.takeIdentifierIf(), !symbols.insert(symbol).inserted {
                    throw cursor.error("duplicate variant case identifier: \(cursor.spelling(symbol))", at: token)
                }
                let name = try cursor.takeName()
                cases.append((name, try takeValueTypeIf()))
                try cursor.takeRightParenthesis()
            }
            type = .variant(cases)
        case .list:
            let element = try takeValueType()
            type =
                cursor.current.kind == .natural
                ? .fixedLengthList(element, try cursor.takeNatural32()) : .list(element)
        case .map:
            let key = try takeValueType()
            type = .map(key, try takeValueType())
        case .tuple:
            var elements: [ValueTypeUse] = []
            while cursor.current.kind != .rightParenthesis { elements.append(try takeValueType()) }
            type = .tuple(elements)
        case .flags: type = .flags(try takeLabels())
        case .enum: type = .enumeration(try takeLabels())
        case .option: type = .option(try takeValueType())
        case .result:
            let success = try takeValueTypeIf()
            var failure: ValueTypeUse?
            if cursor.takeGroupIf(.error) {
                failure = try takeValueType()
                try cursor.takeRightParenthesis()
            }
            type = .result(success, failure)
        case .own: type = .own(try takeIndexToken(.type))
        case .borrow: type = .borrow(try takeIndexToken(.type))
        case .stream: type = .stream(try takeValueTypeIf())
        case .future: type = .future(try takeValueTypeIf())
        default: throw cursor.text.unexpected(token, expected: "a type")
        }
        leave()
        try cursor.takeRightParenthesis()
        return type
    }

    private mutating func takeLabels() throws(TextError) -> [String] {
        var labels: [String] = []
        while cursor.current.kind == .string { labels.append(try cursor.takeName()) }
        return labels
    }

    // MARK: - Writing

    /// Defines a type that has no identifier.
    mutating func defineType(_ writer: ByteWriter) throws(TextError) -> UInt32 {
        try define(.type, writer)
        return try bind(.type)
    }

    mutating func encode(_ type: DefinedType) throws(TextError) -> ByteWriter {
        var writer = ByteWriter()
        switch type {
        case .primitive(let code): writer.write(code)
        case .record(let fields):
            writer.write(0x72)
            writer.writeVarUInt32(UInt32(truncatingIfNeeded: fields.count))
            for field in fields {
                writer.writeName(field.name)
                try write(field.type, to: &writer)
            }
        case .variant(let cases):
            writer.write(0x71)
            writer.writeVarUInt32(UInt32(truncatingIfNeeded: cases.count))
            for item in cases {
                writer.writeName(item.name)
                try write(optional: item.type, to: &writer)
                writer.write(0x00)
            }
        case .list(let element):
            writer.write(0x70)
            try write(element, to: &writer)
        case .fixedLengthList(let element, let count):
            writer.write(0x67)
            try write(element, to: &writer)
            writer.writeVarUInt32(count)
        case .map(let key, let value):
            writer.write(0x63)
            try write(key, to: &writer)
            try write(value, to: &writer)
        case .tuple(let elements):
            writer.write(0x6F)
            writer.writeVarUInt32(UInt32(truncatingIfNeeded: elements.count))
            for element in elements { try write(element, to: &writer) }
        case .flags(let labels): write(0x6E, labels, to: &writer)
        case .enumeration(let labels): write(0x6D, labels, to: &writer)
        case .option(let payload):
            writer.write(0x6B)
            try write(payload, to: &writer)
        case .result(let success, let failure):
            writer.write(0x6A)
            try write(optional: success, to: &writer)
            try write(optional: failure, to: &writer)
        case .own(let token):
            writer.write(0x69)
            writer.writeVarUInt32(try resolve(token, .type))
        case .borrow(let token):
            writer.write(0x68)
            writer.writeVarUInt32(try resolve(token, .type))
        case .stream(let element):
            writer.write(0x66)
            try write(optional: element, to: &writer)
        case .future(let element):
            writer.write(0x65)
            try write(optional: element, to: &writer)
        }
        return writer
    }

    private func write(_ code: UInt8, _ labels: [String], to writer: inout ByteWriter) {
        writer.write(code)
        writer.writeVarUInt32(UInt32(truncatingIfNeeded: labels.count))
        for label in labels { writer.writeName(label) }
    }

    mutating func write(_ type: ValueTypeUse, to writer: inout ByteWriter) throws(TextError) {
        switch type {
        case .primitive(let code): writer.write(code)
        // Indices share the scale of codes, as the nonnegative part of signed integers.
        case .index(let index): writer.writeVarInt64(Int64(index))
        case .reference(let token): writer.writeVarInt64(Int64(try resolve(token, .type)))
        }
    }

    private mutating func write(optional type: ValueTypeUse?, to writer: inout ByteWriter) throws(TextError) {
        guard let type else {
            writer.write(0x00)
            return
        }
        writer.write(0x01)
        try write(type, to: &writer)
    }

    /// A result list: the one result, or none.
    mutating func write(result type: ValueTypeUse?, to writer: inout ByteWriter) throws(TextError) {
        guard let type else {
            writer.write(contentsOf: [0x01, 0x00])
            return
        }
        writer.write(0x00)
        try write(type, to: &writer)
    }
}
