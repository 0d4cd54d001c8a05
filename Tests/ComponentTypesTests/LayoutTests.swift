// Sizes, alignments and flattenings, as the canonical ABI's reference definitions compute them.

import ComponentTypes
import Testing
import WasmTypes

struct LayoutTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var type: ComponentValueType
        var size: Int
        var alignment: Int
        var size64: Int
        /// nil where there are more flat types than are ever passed flat.
        var flat: String?
        var flatCount: Int?

        var testDescription: String { name }
    }

    static func record(_ types: ComponentValueType...) throws -> ComponentValueType {
        .record(try RecordType(fields: types.enumerated().map { .init(name: "f\($0.offset)", type: $0.element) }))
    }

    static func variant(_ types: ComponentValueType?...) throws -> ComponentValueType {
        .variant(try VariantType(cases: types.enumerated().map { .init(name: "c\($0.offset)", type: $0.element) }))
    }

    static func tuple(_ types: ComponentValueType...) throws -> ComponentValueType {
        .tuple(try TupleType(elements: types))
    }

    static func labels(_ count: Int) -> [String] { (0..<count).map { "l\($0)" } }

    static func table() throws -> [Row] {
        let list = ComponentValueType.list(try ListType(element: .u8))
        return [
            Row(name: "u8", type: .u8, size: 1, alignment: 1, size64: 1, flat: "i32"),
            Row(name: "s16", type: .s16, size: 2, alignment: 2, size64: 2, flat: "i32"),
            Row(name: "char", type: .char, size: 4, alignment: 4, size64: 4, flat: "i32"),
            Row(name: "s64", type: .s64, size: 8, alignment: 8, size64: 8, flat: "i64"),
            Row(name: "f32", type: .f32, size: 4, alignment: 4, size64: 4, flat: "f32"),
            Row(name: "f64", type: .f64, size: 8, alignment: 8, size64: 8, flat: "f64"),
            Row(name: "string", type: .string, size: 8, alignment: 4, size64: 16, flat: "i32 i32"),
            Row(name: "list<u8>", type: list, size: 8, alignment: 4, size64: 16, flat: "i32 i32"),
            Row(
                name: "record{u8,u16,u32}", type: try record(.u8, .u16, .u32), size: 8, alignment: 4, size64: 8,
                flat: "i32 i32 i32"),
            Row(
                name: "record{u8,u64,u8}", type: try record(.u8, .u64, .u8), size: 24, alignment: 8, size64: 24,
                flat: "i32 i64 i32"),
            Row(name: "tuple<u16,u8>", type: try tuple(.u16, .u8), size: 4, alignment: 2, size64: 4, flat: "i32 i32"),
            Row(name: "variant{_,_}", type: try variant(nil, nil), size: 1, alignment: 1, size64: 1, flat: "i32"),
            Row(name: "variant{u8,u64}", type: try variant(.u8, .u64), size: 16, alignment: 8, size64: 16, flat: "i32 i64"),
            Row(name: "variant{f32,u32}", type: try variant(.f32, .u32), size: 8, alignment: 4, size64: 8, flat: "i32 i32"),
            Row(
                name: "variant{f32,u64}", type: try variant(.f32, .u64), size: 16, alignment: 8, size64: 16,
                flat: "i32 i64"),
            Row(
                name: "variant{f64,string}", type: try variant(.f64, .string), size: 16, alignment: 8, size64: 24,
                flat: "i32 i64 i32"),
            Row(
                name: "variant{tuple<f32,f32>,u32}", type: try variant(try tuple(.f32, .f32), .u32), size: 12,
                alignment: 4, size64: 12, flat: "i32 i32 f32"),
            Row(
                name: "option<u8>", type: .option(try OptionType(payload: .u8)), size: 2, alignment: 1, size64: 2,
                flat: "i32 i32"),
            Row(
                name: "option<u64>", type: .option(try OptionType(payload: .u64)), size: 16, alignment: 8, size64: 16,
                flat: "i32 i64"),
            Row(
                name: "option<option<u8>>", type: .option(try OptionType(payload: .option(try OptionType(payload: .u8)))),
                size: 3, alignment: 1, size64: 3, flat: "i32 i32 i32"),
            Row(
                name: "result", type: .result(try ResultType(success: nil, failure: nil)), size: 1, alignment: 1,
                size64: 1, flat: "i32"),
            Row(
                name: "result<u8>", type: .result(try ResultType(success: .u8, failure: nil)), size: 2, alignment: 1,
                size64: 2, flat: "i32 i32"),
            Row(
                name: "result<string,u64>", type: .result(try ResultType(success: .string, failure: .u64)), size: 16,
                alignment: 8, size64: 24, flat: "i32 i64 i32"),
            Row(
                name: "8 flags", type: .flags(try FlagsType(labels: labels(8))), size: 1, alignment: 1, size64: 1,
                flat: "i32"),
            Row(
                name: "9 flags", type: .flags(try FlagsType(labels: labels(9))), size: 2, alignment: 2, size64: 2,
                flat: "i32"),
            Row(
                name: "17 flags", type: .flags(try FlagsType(labels: labels(17))), size: 4, alignment: 4, size64: 4,
                flat: "i32"),
            Row(
                name: "32 flags", type: .flags(try FlagsType(labels: labels(32))), size: 4, alignment: 4, size64: 4,
                flat: "i32"),
            Row(
                name: "enum of 256", type: .enumeration(try EnumType(labels: labels(256))), size: 1, alignment: 1,
                size64: 1, flat: "i32"),
            Row(
                name: "enum of 257", type: .enumeration(try EnumType(labels: labels(257))), size: 2, alignment: 2,
                size64: 2, flat: "i32"),
            Row(
                name: "record{variant{u8,u64},u8}", type: try record(try variant(.u8, .u64), .u8), size: 24,
                alignment: 8, size64: 24, flat: "i32 i64 i32"),
            Row(
                name: "record{string,list,bool}", type: try record(.string, list, .bool), size: 20, alignment: 4,
                size64: 40, flat: "i32 i32 i32 i32 i32"),
            Row(
                name: "tuple of 17 u8", type: .tuple(try TupleType(elements: Array(repeating: .u8, count: 17))),
                size: 17, alignment: 1, size64: 17, flat: nil, flatCount: 17),
            Row(
                name: "variant of 257 u8",
                type: .variant(try VariantType(cases: labels(257).map { .init(name: $0, type: .u8) })), size: 4,
                alignment: 2, size64: 4, flat: "i32 i32"),
            Row(
                name: "list<u16, 3>", type: .fixedLengthList(try FixedLengthListType(element: .u16, length: 3)), size: 6,
                alignment: 2, size64: 6, flat: "i32 i32 i32"),
            Row(
                name: "list<string, 9>", type: .fixedLengthList(try FixedLengthListType(element: .string, length: 9)),
                size: 72, alignment: 4, size64: 144, flat: nil, flatCount: 18),
            Row(
                name: "stream<string>", type: .stream(try StreamType(element: .string)), size: 4, alignment: 4, size64: 4,
                flat: "i32"),
            Row(name: "error-context", type: .errorContext, size: 4, alignment: 4, size64: 4, flat: "i32"),
            Row(name: "own", type: .own(.fresh()), size: 4, alignment: 4, size64: 4, flat: "i32"),
        ]
    }

    @Test func layouts() throws {
        for row in try Self.table() {
            let layout = row.type.layout
            #expect(layout.size == row.size, "\(row.name)")
            #expect(layout.alignment == row.alignment, "\(row.name)")
            #expect(layout.size64 == row.size64, "\(row.name)")
            #expect(layout.flat.map { "\($0)" }.joined(separator: " ") == row.flat ?? "", "\(row.name)")
            #expect(layout.flatCount == row.flatCount ?? layout.flat.count, "\(row.name)")
        }
    }

    @Test func offsets() throws {
        let record = try RecordType(fields: [
            .init(name: "a", type: .u8), .init(name: "b", type: .u64), .init(name: "c", type: .u16),
            .init(name: "d", type: .string),
        ])
        #expect(record.fieldOffsets == [0, 8, 16, 20])
        let variant = try VariantType(cases: [.init(name: "a", type: .u8), .init(name: "b", type: .u64)])
        #expect(variant.discriminantSize == 1)
        #expect(variant.payloadOffset == 8)
    }

    @Test func functions() throws {
        func core(
            _ parameters: [ComponentValueType], _ result: ComponentValueType?,
            _ direction: ComponentFunctionType.Direction
        ) throws -> FunctionType {
            try ComponentFunctionType(
                parameters: parameters.enumerated().map { .init(name: "p\($0.offset)", type: $0.element) }, result: result
            ).coreType(direction)
        }
        #expect(try core([.u8, .f32, .s64, .f64], .u32, .lift) == FunctionType(parameters: [.i32, .f32, .i64, .f64], results: [.i32]))
        #expect(try core([], .string, .lift) == FunctionType(parameters: [], results: [.i32]))
        #expect(try core([.bool], .string, .lower) == FunctionType(parameters: [.i32, .i32], results: []))
        let many = Array(repeating: ComponentValueType.u64, count: 17)
        #expect(try core(many, nil, .lift) == FunctionType(parameters: [.i32], results: []))
        #expect(try core(many, .string, .lower) == FunctionType(parameters: [.i32, .i32], results: []))
        #expect(try core(Array(many.dropLast()), nil, .lower).parameters.count == 16)
    }

    @Test func wideAddresses() throws {
        let record = try RecordType(fields: [.init(name: "a", type: .u8), .init(name: "b", type: .string)])
        #expect(record.fieldOffsets == [0, 4])
        #expect(record.offsets.wide == [0, 8])
        let type = try ComponentFunctionType(parameters: [.init(name: "p", type: .record(record))], result: .string)
        #expect(type.coreType(.lift, addressType: .i64) == FunctionType(parameters: [.i32, .i64, .i64], results: [.i64]))
        #expect(
            type.coreType(.lower, addressType: .i64) == FunctionType(parameters: [.i32, .i64, .i64, .i64], results: []))
        let variant = try VariantType(cases: [.init(name: "a", type: .string), .init(name: "b", type: .f32)])
        #expect(variant.layout[.i64].flat == [.i32, .i64, .i64])
        #expect(variant.payloadOffset(.i64) == 8)
    }

    @Test func asyncFunctions() throws {
        let five = (0..<5).map { ComponentFunctionType.Parameter(name: "p\($0)", type: .u64) }
        let type = try ComponentFunctionType(parameters: five, result: .u32, isAsync: true)
        #expect(type.coreType(.lift, .async) == FunctionType(parameters: Array(repeating: .i64, count: 5), results: []))
        #expect(type.coreType(.lift, .asyncWithCallback).results == [.i32])
        // Four parameters at most, then the result's address; the state of the call is returned.
        #expect(type.coreType(.lower, .async) == FunctionType(parameters: [.i32, .i32], results: [.i32]))
        #expect(type.coreType(.lower) == FunctionType(parameters: Array(repeating: .i64, count: 5), results: [.i32]))
    }

    @Test func sharedPartsAreCountedEachTime() throws {
        #expect(throws: ComponentTypeError.tooComplex) {
            var type = ComponentValueType.u8
            for _ in 0..<40 { type = .tuple(try TupleType(elements: [type, type])) }
        }
    }

    @Test func nestingIsLimited() throws {
        #expect(throws: ComponentTypeError.nestingTooDeep) {
            var type = ComponentValueType.u8
            for _ in 0..<200 { type = .option(try OptionType(payload: type)) }
        }
        #expect(throws: ComponentTypeError.empty) { try RecordType(fields: []) }
        #expect(throws: ComponentTypeError.tooManyFlags) { try FlagsType(labels: Self.labels(33)) }
    }
}
