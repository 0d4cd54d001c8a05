// Values of every type through a component: lowered by the host, passed on by the guest, lifted into a Swift value,
// lowered again, passed back and lifted.

import ComponentRuntime
import ComponentTypes
import Testing

private struct Point: ComponentRecord {
    var x: Int32
    var name: String
    var weight: Double

    static let fields = RecordFields(
        Point.init(x:name:weight:), RecordField("x", \.x), RecordField("name", \.name), RecordField("weight", \.weight))
}

private enum Shape: ComponentVariant {
    case none
    case circle(Float)
    case polygon([Point])
    case named(String)
    case wide(UInt64)

    static let cases = VariantCases<Shape>(
        .init("none", .none) { if case .none = $0 { true } else { false } },
        .init("circle", Shape.circle) { if case .circle(let value) = $0 { value } else { nil } },
        .init("polygon", Shape.polygon) { if case .polygon(let value) = $0 { value } else { nil } },
        .init("named", Shape.named) { if case .named(let value) = $0 { value } else { nil } },
        .init("wide", Shape.wide) { if case .wide(let value) = $0 { value } else { nil } })
}

private enum Colour: String, ComponentEnumeration {
    case red
    case green
    case deepBlue = "deep-blue"
}

private struct Access: ComponentFlags {
    let rawValue: UInt16
    static let labels = ["f0", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8"]
}

/// A type and values of it, each of which must come back as it was.
struct EchoCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let type: ComponentValueType?
    let values: [ComponentValue]
    let function: HostFunction

    init<Value: ComponentLiftable & ComponentLowerable & Sendable>(_ type: Value.Type, _ values: ComponentValue...) {
        testDescription = "\(type)"
        self.type = (try? type.componentType()) ?? nil
        self.values = values
        function = HostFunction("echo") { (_: inout HostContext, value: Value) in value }
    }

    static let all: [EchoCase] = [
        EchoCase(Bool.self, .bool(true), .bool(false)),
        EchoCase(UInt8.self, .u8(0), .u8(255)),
        EchoCase(Int8.self, .s8(-128), .s8(127), .s8(-1)),
        EchoCase(UInt16.self, .u16(65535)),
        EchoCase(Int16.self, .s16(-32768), .s16(32767)),
        EchoCase(UInt32.self, .u32(.max)),
        EchoCase(Int32.self, .s32(.min), .s32(-1)),
        EchoCase(UInt64.self, .u64(.max)),
        EchoCase(Int64.self, .s64(.min), .s64(-1)),
        EchoCase(Float.self, .f32(1.5), .f32(-0.0), .f32(.infinity), .f32(.nan)),
        EchoCase(Double.self, .f64(1.5), .f64(.leastNonzeroMagnitude), .f64(-.infinity), .f64(.nan)),
        EchoCase(Unicode.Scalar.self, .char("a"), .char("\u{D7FF}"), .char("\u{E000}"), .char("\u{10FFFF}")),
        EchoCase(String.self, .string(""), .string("swift"), .string("Größe"), .string("日本語"), .string("𝄞 🦅")),
        EchoCase([UInt8].self, .list([]), .list([.u8(1), .u8(255)])),
        EchoCase([Int64].self, .list([.s64(-1), .s64(.max)])),
        EchoCase([Bool].self, .list([.bool(true), .bool(false)])),
        EchoCase([[String]].self, .list([.list([.string("a"), .string("")]), .list([])])),
        EchoCase(
            Tuple<UInt8, UInt64, String>.self, .tuple([.u8(7), .u64(.max), .string("seven")])),
        EchoCase([Tuple<UInt8, UInt32>].self, .list([.tuple([.u8(1), .u32(2)]), .tuple([.u8(3), .u32(4)])])),
        EchoCase(UInt32?.self, .option(nil), .option(.u32(0))),
        EchoCase(String??.self, .option(nil), .option(.option(nil)), .option(.option(.string("in")))),
        EchoCase(Result<Nothing, Nothing>.self, .success(nil), .failure(nil)),
        EchoCase(Result<UInt64, Nothing>.self, .success(.u64(.max)), .failure(nil)),
        EchoCase(Point.self, point(1, "one", 0.5)),
        EchoCase([Point].self, .list([point(-1, "minus", -2), point(2, "", .infinity)])),
        EchoCase(
            Shape.self, .variant("none", nil), .variant("circle", .f32(2.5)),
            .variant("polygon", .list([point(3, "corner", 1)])), .variant("named", .string("square")),
            .variant("wide", .u64(1 << 63))),
        EchoCase([Shape].self, .list([.variant("wide", .u64(1)), .variant("none", nil), .variant("circle", .f32(1))])),
        EchoCase(Colour.self, .enumeration("red"), .enumeration("deep-blue")),
        EchoCase(Access.self, .flags([]), .flags(["f0", "f8"])),
        EchoCase([Access].self, .list([.flags(["f7"]), .flags(["f8"])])),
        // More than sixteen flat values: passed in memory.
        EchoCase(
            Tuple<Point, Point, Point, Point, UInt8, UInt64>.self,
            .tuple([point(1, "a", 1), point(2, "b", 2), point(3, "c", 3), point(4, "d", 4), .u8(5), .u64(6)])),
    ]

    private static func point(_ x: Int32, _ name: String, _ weight: Double) -> ComponentValue {
        .record([
            .init(name: "x", value: .s32(x)), .init(name: "name", value: .string(name)),
            .init(name: "weight", value: .f64(weight)),
        ])
    }
}

@Suite(.needsWasmTools)
struct EchoTests {
    @Test(arguments: EchoCase.all)
    func valuesComeBack(_ echo: EchoCase) throws {
        let type = try #require(echo.type)
        // A memory's encoding concerns strings only.
        let encodings = type.summary.traits.contains(.containsPointer) ? ["utf8", "utf16", "latin1+utf16"] : ["utf8"]
        for encoding in encodings {
            var linker = ComponentLinker()
            linker.define(echo.function)
            let instance = try instantiate(try echoComponent([type], type, encoding: encoding), linker)
            for value in echo.values {
                #expect(try instance.call("run", [value]) == value, "\(encoding)")
            }
        }
    }

    @Test func manyParametersAreSpilled() throws {
        var linker = ComponentLinker()
        linker.define(
            HostFunction("echo") {
                (_: inout HostContext, a: String, b: String, c: String, d: String, e: String, f: String, g: String,
                    h: String, i: UInt8) in
                [a, b, c, d, e, f, g, h, "\(i)"].joined(separator: " ")
            })
        let types = Array(repeating: ComponentValueType.string, count: 8) + [.u8]
        let instance = try instantiate(try echoComponent(types, .string), linker)
        let words = ["now", "is", "the", "time", "for", "all", "good", "swifts"]
        #expect(
            try instance.call("run", words.map { .string($0) } + [.u8(9)])
                == .string("now is the time for all good swifts 9"))
        let typed = try instance.function(
            "run", as: ((String, String, String, String, String, String, String, String, UInt8) -> String).self)
        #expect(try typed("a", "b", "c", "d", "e", "f", "g", "h", 1) == "a b c d e f g h 1")
    }

    @Test func functionsWithoutResult() throws {
        final class Log: @unchecked Sendable { var entries: [UInt32] = [] }
        let log = Log()
        var linker = ComponentLinker()
        linker.define(HostFunction("echo") { (_: inout HostContext, value: UInt32) in
            log.entries.append(value)
            return Nothing()
        })
        let instance = try instantiate(try echoComponent([.u32], nil), linker)
        #expect(try instance.call("run", [.u32(3)]) == nil)
        let typed = try instance.function("run", as: ((UInt32) -> Nothing).self)
        _ = try typed(4)
        #expect(log.entries == [3, 4])
    }
}
