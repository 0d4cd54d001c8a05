// Values of components in scripts. The notation is that of the component-model suite; `f32.const` and `f64.const` at the
// outermost level are core values as well, and are read as such.

import WasmBinary
import WasmTypes

extension ScriptParser {
    /// Lists, records and the like within each other.
    private static var nestingLimit: Int { 100 }

    /// Takes a value that only components have, if one follows.
    mutating func takeComponentValueIf() throws(TextError) -> ScriptComponentValue? {
        guard cursor.current.kind == .leftParenthesis, cursor.text.mnemonic(of: cursor.peek(1)) == nil,
            case let name = cursor.text.text(of: cursor.peek(1)), Self.isComponentValue(name)
        else { return nil }
        return try takeComponentValue(depth: 0)
    }

    private static func isComponentValue(_ name: String) -> Bool {
        switch name {
        case "bool.const", "char.const", "str.const", "list.const", "record.const", "tuple.const", "variant.const",
            "enum.const", "flags.const", "option.none", "option.some", "result.ok", "result.err":
            true
        default: integerType(name) != nil
        }
    }

    private static func integerType(_ name: String) -> ScriptIntegerType? {
        name.hasSuffix(".const") ? ScriptIntegerType(rawValue: String(name.dropLast(6))) : nil
    }

    private mutating func takeComponentValue(depth: Int) throws(TextError) -> ScriptComponentValue {
        guard depth < Self.nestingLimit else {
            throw cursor.error("nested too deeply: at most \(Self.nestingLimit) levels are allowed", at: cursor.current)
        }
        try cursor.takeLeftParenthesis()
        let value = try takeComponentValueContents(depth: depth)
        try cursor.takeRightParenthesis()
        return value
    }

    /// What stands in the parentheses of a value; in a record's field there need be none.
    private mutating func takeComponentValueContents(depth: Int) throws(TextError) -> ScriptComponentValue {
        let token = cursor.take()
        let name = cursor.text.text(of: token)
        let value: ScriptComponentValue
        switch name {
        case "bool.const":
            if cursor.takeIf(.true) {
                value = .bool(true)
            } else {
                try cursor.take(.false)
                value = .bool(false)
            }
        case "f32.const": value = .f32(UInt32(truncatingIfNeeded: try cursor.takeFloat(.f32)))
        case "f64.const": value = .f64(try cursor.takeFloat(.f64))
        case "char.const":
            let token = cursor.current
            let scalars = try cursor.takeName().unicodeScalars
            guard let scalar = scalars.first, scalars.count == 1 else {
                throw cursor.error("one character expected", at: token)
            }
            value = .char(scalar)
        case "str.const": value = .string(try cursor.takeName())
        case "list.const": value = .list(try takeComponentValues(depth: depth))
        case "tuple.const": value = .tuple(try takeComponentValues(depth: depth))
        case "record.const":
            var fields: [ScriptComponentField] = []
            while cursor.takeGroupIf(.field) {
                let name = try cursor.takeName()
                let value =
                    cursor.current.kind == .leftParenthesis
                    ? try takeComponentValue(depth: depth + 1) : try takeComponentValueContents(depth: depth + 1)
                fields.append(ScriptComponentField(name: name, value: value))
                try cursor.takeRightParenthesis()
            }
            value = .record(fields)
        case "variant.const":
            let name = try cursor.takeName()
            value = .variant(name, try takePayloadIf(depth: depth))
        case "enum.const": value = .enumeration(try cursor.takeName())
        case "option.none": value = .option(nil)
        case "option.some": value = .option(try takeComponentValue(depth: depth + 1))
        case "result.ok": value = .success(try takePayloadIf(depth: depth))
        case "result.err": value = .failure(try takePayloadIf(depth: depth))
        case "flags.const":
            var labels: [String] = []
            while cursor.current.kind == .string { labels.append(try cursor.takeName()) }
            value = .flags(labels)
        default:
            guard let type = Self.integerType(name) else { throw cursor.text.unexpected(token, expected: "a value") }
            value = .integer(type, try cursor.takeInteger(width: type.width))
        }
        return value
    }

    private mutating func takePayloadIf(depth: Int) throws(TextError) -> ScriptComponentValue? {
        cursor.current.kind == .leftParenthesis ? try takeComponentValue(depth: depth + 1) : nil
    }

    private mutating func takeComponentValues(depth: Int) throws(TextError) -> [ScriptComponentValue] {
        var values: [ScriptComponentValue] = []
        while cursor.current.kind == .leftParenthesis { values.append(try takeComponentValue(depth: depth + 1)) }
        return values
    }
}
