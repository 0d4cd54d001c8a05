// Reads values in WAVE (WebAssembly Value Encoding): each by its type, so that a text that is no value of the type is an
// error where it begins to differ.
//
//     {x: 1, y: 2.5}    [1, 2]    (1, "two")    some("x") or just "x"    ok(3) or just 3    err    {read, write}    red
//
// Types bound the depth of what is read (`TypeSummary.maximumDepth`), and the text its size.

public import ComponentTypes

/// Reads values from a text.
public struct WAVEReader {
    private var lexer: WAVELexer
    private var token = WAVEToken(kind: .end, range: 0..<0)

    /// - Parameter offset: where in the text to begin, in bytes.
    public init(_ text: String, from offset: Int = 0) throws(WAVEError) {
        let bytes = Array(text.utf8)
        lexer = WAVELexer(bytes, from: min(max(offset, 0), bytes.count))
        token = try lexer.next()
    }

    /// Reads a text that is one value.
    public static func value(_ text: String, as type: ComponentValueType) throws(WAVEError) -> ComponentValue {
        var reader = try WAVEReader(text)
        let value = try reader.value(as: type)
        try reader.expectEnd()
        return value
    }

    // MARK: - Tokens

    private mutating func advance() throws(WAVEError) {
        token = try lexer.next()
    }

    private func found() -> String {
        switch token.kind {
        case .punctuation(let byte): "'\(Character(Unicode.Scalar(byte)))'"
        case .number: "the number \(String(decoding: lexer.text[token.range], as: UTF8.self))"
        case .label(let label, let isEscaped):
            "'\(isEscaped ? "%" : "")\(label)'"
        case .character: "a character"
        case .string: "a string"
        case .end: "the end"
        }
    }

    private func unexpected(_ expected: String) -> WAVEError {
        WAVEError("expected \(expected), found \(found())", at: token.range)
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(WAVEError) {
        guard try take(character) else { throw unexpected("'\(Character(character))'") }
    }

    /// Steps over a punctuation mark, if it comes next.
    private mutating func take(_ character: Unicode.Scalar) throws(WAVEError) -> Bool {
        guard token.isPunctuation(UInt8(truncatingIfNeeded: character.value)) else { return false }
        try advance()
        return true
    }

    private mutating func takeKeyword(_ word: String) throws(WAVEError) -> Bool {
        guard token.isKeyword(word) else { return false }
        try advance()
        return true
    }

    /// Nothing may follow.
    public func expectEnd() throws(WAVEError) {
        guard token.kind == .end else { throw unexpected("nothing more") }
    }

    // MARK: - Calls

    /// Reads the arguments of a function between parentheses, from the opening one.
    ///
    /// - Parameter function: how errors name it, with its type.
    public mutating func arguments(
        for parameters: [ComponentFunctionType.Parameter], of function: String
    ) throws(WAVEError) -> [ComponentValue] {
        try expect("(")
        var values: [ComponentValue] = []
        while !token.isPunctuation(UInt8(ascii: ")")) {
            guard values.count < parameters.count else {
                throw WAVEError("more arguments than \(function) takes, which is \(parameters.count)", at: token.range)
            }
            values.append(try value(as: parameters[values.count].type))
            guard try take(",") else { break }
        }
        let end = token.range
        guard try take(")") else { throw unexpected("',' or ')'") }
        guard values.count == parameters.count else {
            let missing = parameters[values.count...].map(\.name)
            let verb = missing.count == 1 ? "is" : "are"
            throw WAVEError("\(missing.joined(separator: ", ")) \(verb) missing: \(function) takes \(parameters.count)", at: end)
        }
        return values
    }

    // MARK: - Values

    /// Reads the next value.
    public mutating func value(as type: ComponentValueType) throws(WAVEError) -> ComponentValue {
        switch type {
        case .bool:
            if try takeKeyword("true") { return .bool(true) }
            if try takeKeyword("false") { return .bool(false) }
            throw unexpected("a bool, true or false")
        case .s8: return .s8(try integer(type))
        case .u8: return .u8(try integer(type))
        case .s16: return .s16(try integer(type))
        case .u16: return .u16(try integer(type))
        case .s32: return .s32(try integer(type))
        case .u32: return .u32(try integer(type))
        case .s64: return .s64(try integer(type))
        case .u64: return .u64(try integer(type))
        case .f32: return .f32(try float(type))
        case .f64: return .f64(try float(type))
        case .char:
            guard case .character(let scalar) = token.kind else { throw unexpected("a char such as 'a'") }
            try advance()
            return .char(scalar)
        case .string:
            guard case .string(let string) = token.kind else { throw unexpected("a string in \"quotes\"") }
            try advance()
            return .string(string)
        case .record(let type): return .record(try record(type))
        case .variant(let type): return try variant(type)
        case .list(let type): return .list(try list(type.element))
        case .fixedLengthList(let type): return .list(try list(type))
        case .tuple(let type): return .tuple(try tuple(type))
        case .flags(let type): return .flags(try flags(type))
        case .enumeration(let type): return .enumeration(try label(among: type.labels, "an enum case", "case"))
        case .option(let type): return .option(try option(type))
        case .result(let type): return try result(type)
        case .own, .borrow:
            throw WAVEError(
                "a handle cannot be written: resources live in the guest, and only it can make them", at: token.range)
        case .stream, .future, .errorContext:
            throw WAVEError("a value of type \(type) cannot be written", at: token.range)
        }
    }

    private mutating func integer<Integer: FixedWidthInteger>(_ type: ComponentValueType) throws(WAVEError) -> Integer {
        guard token.kind == .number,
            let value = Integer(String(decoding: lexer.text[token.range], as: UTF8.self))
        else { throw unexpected("a \(type), a whole number from \(Integer.min) to \(Integer.max)") }
        try advance()
        return value
    }

    private mutating func float<Float: BinaryFloatingPoint & LosslessStringConvertible>(
        _ type: ComponentValueType
    ) throws(WAVEError) -> Float {
        if try takeKeyword("nan") { return .nan }
        if try takeKeyword("inf") { return .infinity }
        // A number that is too large for the type becomes infinity, as the nearest value that there is.
        guard token.kind == .number, let value = Float(String(decoding: lexer.text[token.range], as: UTF8.self)) else {
            throw unexpected("an \(type), a number such as 1, -2.5 or 1e9, or inf, -inf or nan")
        }
        try advance()
        return value
    }

    private mutating func label(
        among labels: [String], _ expected: String, _ noun: String
    ) throws(WAVEError) -> String {
        let range = token.range
        guard case .label(let label, let isEscaped) = token.kind else {
            throw unexpected("\(expected), \(Self.alternatives(labels))")
        }
        guard labels.contains(label) else {
            throw WAVEError("there is no \(noun) '\(label)': expected \(Self.alternatives(labels))", at: range)
        }
        if noun == "case", !isEscaped, WAVEKeyword.all.contains(label) {
            throw WAVEError("'\(label)' is a keyword: the \(noun) is written %\(label)", at: range)
        }
        try advance()
        return label
    }

    /// The first few of many names.
    private static func alternatives(_ labels: [String]) -> String {
        let limit = 12
        let shown = labels.prefix(limit).joined(separator: ", ")
        return labels.count > limit ? "\(shown), …" : labels.count == 1 ? shown : "one of \(shown)"
    }

    private mutating func list(_ type: FixedLengthListType) throws(WAVEError) -> [ComponentValue] {
        let start = token.range
        let values = try list(type.element)
        guard values.count == Int(type.length) else {
            throw WAVEError("expected a list of \(type.length) values, found \(values.count)", at: start)
        }
        return values
    }

    private mutating func list(_ element: ComponentValueType) throws(WAVEError) -> [ComponentValue] {
        guard try take("[") else { throw unexpected("a list in [ ]") }
        var values: [ComponentValue] = []
        while !token.isPunctuation(UInt8(ascii: "]")) {
            values.append(try value(as: element))
            guard try take(",") else { break }
        }
        guard try take("]") else { throw unexpected("',' or ']'") }
        return values
    }

    private mutating func tuple(_ type: TupleType) throws(WAVEError) -> [ComponentValue] {
        guard try take("(") else { throw unexpected("a tuple in ( )") }
        var values: [ComponentValue] = []
        for (position, element) in type.elements.enumerated() {
            if position > 0 { try expect(",") }
            values.append(try value(as: element))
        }
        _ = try take(",")
        guard try take(")") else { throw unexpected("')' after \(type.elements.count) elements") }
        return values
    }

    private mutating func record(_ type: RecordType) throws(WAVEError) -> [ComponentValue.Field] {
        let start = token.range
        guard try take("{") else { throw unexpected("a record in { }") }
        var values = [ComponentValue?](repeating: nil, count: type.fields.count)
        if try take(":") {
            try expect("}")
        } else {
            while !token.isPunctuation(UInt8(ascii: "}")) {
                let range = token.range
                let name = try label(among: type.fields.map(\.name), "a field", "field")
                guard let position = type.fields.firstIndex(where: { $0.name == name }), values[position] == nil else {
                    throw WAVEError("the field '\(name)' is given twice", at: range)
                }
                try expect(":")
                values[position] = try value(as: type.fields[position].type)
                guard try take(",") else { break }
            }
            guard try take("}") else { throw unexpected("',' or '}'") }
        }
        var fields: [ComponentValue.Field] = []
        for (field, value) in zip(type.fields, values) {
            if let value {
                fields.append(.init(name: field.name, value: value))
            } else if case .option = field.type {
                fields.append(.init(name: field.name, value: .option(nil)))
            } else {
                throw WAVEError("the field '\(field.name)' is missing", at: start)
            }
        }
        return fields
    }

    private mutating func flags(_ type: FlagsType) throws(WAVEError) -> [String] {
        guard try take("{") else { throw unexpected("flags in { }") }
        var given: Set<String> = []
        while !token.isPunctuation(UInt8(ascii: "}")) {
            let range = token.range
            let name = try label(among: type.labels, "a flag", "flag")
            guard given.insert(name).inserted else { throw WAVEError("the flag '\(name)' is given twice", at: range) }
            guard try take(",") else { break }
        }
        guard try take("}") else { throw unexpected("',' or '}'") }
        return type.labels.filter(given.contains)
    }

    private mutating func variant(_ type: VariantType) throws(WAVEError) -> ComponentValue {
        let range = token.range
        let name = try label(among: type.cases.map(\.name), "a variant case", "case")
        guard let item = type.cases.first(where: { $0.name == name }), let payload = item.type else {
            if token.isPunctuation(UInt8(ascii: "(")) {
                throw WAVEError("the case '\(name)' has no payload", at: token.range)
            }
            return .variant(name, nil)
        }
        guard try take("(") else {
            throw WAVEError("the case '\(name)' has a payload: \(name)(…), of type \(payload)", at: range)
        }
        let value = try value(as: payload)
        try expect(")")
        return .variant(name, value)
    }

    private mutating func option(_ type: OptionType) throws(WAVEError) -> ComponentValue? {
        if try takeKeyword("none") { return nil }
        if try takeKeyword("some") {
            try expect("(")
            let value = try value(as: type.payload)
            try expect(")")
            return value
        }
        guard type.payload.canStandAlone else { throw unexpected("an option, none or some(…)") }
        return try value(as: type.payload)
    }

    private mutating func result(_ type: ResultType) throws(WAVEError) -> ComponentValue {
        if try takeKeyword("ok") { return .success(try payload(type.success, of: "ok")) }
        if try takeKeyword("err") { return .failure(try payload(type.failure, of: "err")) }
        guard let success = type.success, success.canStandAlone else {
            throw unexpected("a result, \(type.success == nil ? "ok" : "ok(…)") or \(type.failure == nil ? "err" : "err(…)")")
        }
        return .success(try value(as: success))
    }

    private mutating func payload(_ type: ComponentValueType?, of word: String) throws(WAVEError) -> ComponentValue? {
        guard let type else {
            if token.isPunctuation(UInt8(ascii: "(")) { throw WAVEError("'\(word)' has no payload here", at: token.range) }
            return nil
        }
        guard try take("(") else { throw unexpected("'(' and the payload of '\(word)', of type \(type)") }
        let value = try value(as: type)
        try expect(")")
        return value
    }
}

extension ComponentValueType {
    /// Whether a value of this type can stand for `some` or `ok` of it.
    fileprivate var canStandAlone: Bool {
        switch self {
        case .option, .result: false
        default: true
        }
    }
}
