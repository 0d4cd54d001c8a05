// The types that the tests' values are of, by names that the tables use.
import ComponentTypes

enum Types {
    static func type(_ name: String) throws -> ComponentValueType {
        switch name {
        case "bool": return .bool
        case "u8": return .u8
        case "s8": return .s8
        case "u16": return .u16
        case "s16": return .s16
        case "u32": return .u32
        case "s32": return .s32
        case "u64": return .u64
        case "s64": return .s64
        case "f32": return .f32
        case "f64": return .f64
        case "char": return .char
        case "string": return .string
        case "list<u8>": return .list(try ListType(element: .u8))
        case "list<list<string>>": return .list(try ListType(element: .list(try ListType(element: .string))))
        case "list<u8, 2>": return .fixedLengthList(try FixedLengthListType(element: .u8, length: 2))
        case "stream": return .stream(try StreamType(element: .u8))
        case "tuple<u8, string>": return .tuple(try TupleType(elements: [.u8, .string]))
        case "tuple<u8>": return .tuple(try TupleType(elements: [.u8]))
        case "point":
            return .record(
                try RecordType(fields: [.init(name: "x", type: .s32), .init(name: "y", type: .f64)]))
        case "choices":
            return .record(
                try RecordType(fields: [
                    .init(name: "a", type: try type("option<u8>")), .init(name: "some", type: try type("option<string>")),
                ]))
        case "partly":
            return .record(
                try RecordType(fields: [.init(name: "must", type: .u8), .init(name: "may", type: try type("option<u8>"))]))
        case "color": return .enumeration(try EnumType(labels: ["red", "dark-green", "none", "ok"]))
        case "shape":
            return .variant(
                try VariantType(cases: [
                    .init(name: "empty", type: nil), .init(name: "circle", type: .f32), .init(name: "err", type: .string),
                    .init(name: "pair", type: try type("tuple<u8, string>")),
                ]))
        case "rights": return .flags(try FlagsType(labels: ["read", "write", "true"]))
        case "option<u8>": return .option(try OptionType(payload: .u8))
        case "option<string>": return .option(try OptionType(payload: .string))
        case "option<color>": return .option(try OptionType(payload: try type("color")))
        case "option<option<u8>>": return .option(try OptionType(payload: try type("option<u8>")))
        case "result": return .result(try ResultType(success: nil, failure: nil))
        case "result<u8>": return .result(try ResultType(success: .u8, failure: nil))
        case "result<_, string>": return .result(try ResultType(success: nil, failure: .string))
        case "result<u8, string>": return .result(try ResultType(success: .u8, failure: .string))
        case "result<option<u8>>": return .result(try ResultType(success: try type("option<u8>"), failure: nil))
        case "own": return .own(.fresh())
        case "option<own>": return .option(try OptionType(payload: .own(.fresh())))
        default: throw UnknownType(name: name)
        }
    }

    struct UnknownType: Error {
        let name: String
    }
}
