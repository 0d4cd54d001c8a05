// Values from one component's memory into another's, for memories of either width of addresses.

import ComponentRuntime
import ComponentTypes
import Testing

/// A type and elements of a list of it.
struct FusedCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let type: ComponentValueType
    let elements: [ComponentValue]

    private static func record(_ types: [ComponentValueType]) throws -> ComponentValueType {
        .record(try RecordType(fields: types.enumerated().map { .init(name: "f\($0.offset)", type: $0.element) }))
    }

    private static func value(_ values: [ComponentValue]) -> ComponentValue {
        .record(values.enumerated().map { .init(name: "f\($0.offset)", value: $0.element) })
    }

    static func all() throws -> [FusedCase] {
        let inner = try record([.u8, .u32, .bool])
        // More steps than a record is taken apart for.
        let many = try record((0..<40).map { (number: Int) -> ComponentValueType in number.isMultiple(of: 2) ? .bool : .u16 })
        let manyValue = value(
            (0..<40).map { (number: UInt16) -> ComponentValue in
                number.isMultiple(of: 2) ? .bool(number.isMultiple(of: 4)) : .u16(number)
            })
        let variant = ComponentValueType.variant(
            try VariantType(cases: [
                .init(name: "a", type: .u8), .init(name: "b", type: .string), .init(name: "c", type: nil),
                .init(name: "d", type: inner),
            ]))
        var cases: [FusedCase] = []
        func add(_ name: String, _ type: ComponentValueType, _ elements: ComponentValue...) {
            cases.append(FusedCase(testDescription: name, type: type, elements: elements))
        }
        add("u8", .u8, .u8(0), .u8(255))
        add("u32", .u32, .u32(1), .u32(.max))
        add("f64", .f64, .f64(1.5), .f64(-0.0))
        add("bool", .bool, .bool(true), .bool(false))
        add("char", .char, .char("a"), .char("\u{10FFFF}"))
        add("string", .string, .string(""), .string("Größe"), .string("x"))
        add("padded record", inner, value([.u8(1), .u32(2), .bool(true)]), value([.u8(3), .u32(4), .bool(false)]))
        add(
            "record in a record", try record([.u64, inner, .string, inner]),
            value([
                .u64(.max), value([.u8(1), .u32(2), .bool(true)]), .string("in between"),
                value([.u8(5), .u32(6), .bool(false)]),
            ]))
        add("large record in a record", try record([.u8, many, .u8]), value([.u8(1), manyValue, .u8(2)]))
        add(
            "flags", .flags(try FlagsType(labels: (0..<9).map { "l\($0)" })), .flags([]), .flags(["l0", "l8"]))
        add(
            "enum", .enumeration(try EnumType(labels: ["red", "green"])), .enumeration("green"), .enumeration("red"))
        add(
            "variant", variant, .variant("a", .u8(9)), .variant("b", .string("b")), .variant("c", nil),
            .variant("d", value([.u8(1), .u32(2), .bool(true)])))
        add("option", .option(try OptionType(payload: .string)), .option(nil), .option(.string("some")))
        add(
            "list", .list(try ListType(element: .u16)), .list([]), .list([.u16(1), .u16(.max)]))
        add(
            "fixed-length list", .fixedLengthList(try FixedLengthListType(element: .u16, length: 3)),
            .list([.u16(1), .u16(2), .u16(3)]))
        add(
            "fixed-length list of strings", .fixedLengthList(try FixedLengthListType(element: .string, length: 2)),
            .list([.string("a"), .string("bc")]))
        add(
            "record with a fixed-length list",
            try record([.u8, .fixedLengthList(try FixedLengthListType(element: .bool, length: 3)), .u64]),
            value([.u8(1), .list([.bool(true), .bool(false), .bool(true)]), .u64(7)]))
        add(
            "map", .list(try ListType(key: .string, value: .u32)), .list([.tuple([.string("k"), .u32(1)])]))
        return cases
    }
}

@Suite(.needsWasmTools)
struct FusedCallTests {
    /// A core module with a memory of these addresses, an allocator that only counts up, and `body`.
    private func module(_ address: String, _ body: String) -> String {
        """
        (core module $M
          (memory (export "mem") \(address == "i64" ? "i64 " : "")2)
          (global $next (mut \(address)) (\(address).const 4096))
          (func (export "realloc") (param \(address) \(address) \(address) \(address)) (result \(address))
            (local $p \(address))
            (local.set $p
              (\(address).and (\(address).add (global.get $next) (\(address).const 7)) (\(address).const -8)))
            (global.set $next (\(address).add (local.get $p) (local.get 3)))
            (if (\(address).gt_u (local.get 1) (\(address).const 0))
              (then (memory.copy (local.get $p) (local.get 0) (local.get 1))))
            (local.get $p))
          \(body))
        (core instance $m (instantiate $M))
        """
    }

    /// Passes a list from the host through one component into another, and back.
    private func component(_ type: ComponentValueType, outer: String, inner: String) throws -> String {
        let options = "(memory (core memory $m \"mem\")) (realloc (core func $m \"realloc\"))"
        var exported = TypeWriter(exportsNames: true)
        var imported = TypeWriter()
        let list = ComponentValueType.list(try ListType(element: type))
        let exportedType = exported.reference(list)
        let importedType = imported.reference(list)
        return """
            (component
              (component $C
                \(exported.definitions)
                \(module(inner, """
                    (func (export "f") (param \(inner) \(inner)) (result \(inner))
                      (\(inner).store (\(inner).const 16) (local.get 0))
                      (\(inner).store (\(inner).const \(inner == "i64" ? 24 : 20)) (local.get 1)) (\(inner).const 16))
                    """))
                (func (export "f") (param "x" \(exportedType)) (result \(exportedType))
                  (canon lift (core func $m "f") \(options)))
              )
              (instance $c (instantiate $C))
              (alias export $c "f" (func $f))
              \(imported.definitions)
              \(module(outer, ""))
              (core func $f' (canon lower (func $f) \(options)))
              (core module $Main
                (import "" "f" (func $f (param \(outer) \(outer) \(outer))))
                (func (export "run") (param \(outer) \(outer)) (result \(outer))
                  (call $f (local.get 0) (local.get 1) (\(outer).const 32)) (\(outer).const 32)))
              (core instance $main (instantiate $Main (with "" (instance (export "f" (func $f'))))))
              (func (export "run") (param "x" \(importedType)) (result \(importedType))
                (canon lift (core func $main "run") \(options)))
            )
            """
    }

    @Test(arguments: try FusedCase.all(), [("i32", "i32"), ("i32", "i64"), ("i64", "i32"), ("i64", "i64")])
    func listsArrive(_ item: FusedCase, _ addresses: (outer: String, inner: String)) throws {
        let instance = try instantiate(try component(item.type, outer: addresses.outer, inner: addresses.inner))
        for count in [0, 1, item.elements.count, 50] {
            let value = ComponentValue.list((0..<count).map { item.elements[$0 % item.elements.count] })
            #expect(try instance.call("run", [value]) == value, "\(count) elements")
        }
    }

    /// Numbers go from core value to core value, cut to their types.
    @Test func numbersAreCut() throws {
        let instance = try instantiate(
            """
            (component
              (component $C
                (core module $M
                  (func (export "sum") (param i32 i32 i32 i32 i32 i64 f32) (result i32)
                    (if (i32.ne (local.get 0) (i32.const 0x12)) (then unreachable))
                    (if (i32.ne (local.get 1) (i32.const -2)) (then unreachable))
                    (if (i32.ne (local.get 2) (i32.const 0x1234)) (then unreachable))
                    (if (i32.ne (local.get 3) (i32.const 1)) (then unreachable))
                    (if (i32.ne (local.get 4) (i32.const 97)) (then unreachable))
                    (if (i64.ne (local.get 5) (i64.const -1)) (then unreachable))
                    (if (f32.ne (local.get 6) (f32.const 1.5)) (then unreachable))
                    (i32.const 0xFFFFFF85)))
                (core instance $m (instantiate $M))
                (func (export "sum") (param "a" u8) (param "b" s8) (param "c" u16) (param "d" bool) (param "e" char)
                  (param "f" s64) (param "g" f32) (result s8)
                  (canon lift (core func $m "sum"))))
              (instance $c (instantiate $C))
              (core func $sum (canon lower (func $c "sum")))
              (core module $Main
                (import "" "sum" (func $sum (param i32 i32 i32 i32 i32 i64 f32) (result i32)))
                (func (export "run") (param i32) (result i32)
                  (call $sum (i32.const 0xABCDEF12) (i32.const 0x1FE) (i32.const 0xFF1234) (i32.const 0x100)
                    (local.get 0) (i64.const -1) (f32.const 1.5))))
              (core instance $main (instantiate $Main (with "" (instance (export "sum" (func $sum))))))
              (func (export "run") (param "e" u32) (result s32) (canon lift (core func $main "run"))))
            """)
        #expect(try instance.call("run", [.u32(97)]) == .s32(-123))
        #expect(
            errorText { try instance.call("run", [.u32(0xD800)]) }?.hasPrefix("invalid `char` bit pattern") == true)
        #expect(errorText { try instance.call("run", [.u32(97)]) }?.contains("it has trapped before") == true)
    }

    /// Lists of a fixed length are passed as their elements are, as long as these are few.
    @Test func fixedLengthListsOutsideMemory() throws {
        let instance = try instantiate(
            """
            (component
              (component $C
                (core module $M
                  (func (export "sum") (param i32 i32 i32) (result i32)
                    (i32.add (i32.mul (local.get 0) (i32.const 100))
                      (i32.add (i32.mul (local.get 1) (i32.const 10)) (local.get 2)))))
                (core instance $m (instantiate $M))
                (func (export "sum") (param "l" (list u8 3)) (result u32) (canon lift (core func $m "sum"))))
              (instance $c (instantiate $C))
              (core func $sum (canon lower (func $c "sum")))
              (core module $Main
                (import "" "sum" (func $sum (param i32 i32 i32) (result i32)))
                (func (export "run") (param i32 i32 i32) (result i32)
                  (call $sum (local.get 0) (i32.add (local.get 1) (i32.const 0x100)) (local.get 2))))
              (core instance $main (instantiate $Main (with "" (instance (export "sum" (func $sum))))))
              (func (export "run") (param "l" (list u8 3)) (result u32) (canon lift (core func $main "run"))))
            """)
        #expect(try instance.call("run", [.list([.u8(1), .u8(2), .u8(3)])]) == .u32(123))
        #expect(errorText { try instance.call("run", [.list([.u8(1)])]) }?.contains("is called as") == true)
    }
}
