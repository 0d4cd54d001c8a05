// Measures calls from the host into a guest, and from a guest to the host, and prints nanoseconds a call.
//
//     calls WASM-TOOLS
//
// The guest echoes: each exported function passes what it is given to an import of the same type, `times` times.

import Apus
import Foundation

struct Point: ComponentRecord {
    var id: UInt64
    var kind: UInt8
    var flag: Bool
    var weight: Float
    var code: Unicode.Scalar

    static let fields = RecordFields(
        Point.init(id:kind:flag:weight:code:), RecordField("id", \.id), RecordField("kind", \.kind),
        RecordField("flag", \.flag), RecordField("weight", \.weight), RecordField("code", \.code))
}

let wasmTools = CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "wasm-tools"

func parse(_ text: String) throws -> ByteSource {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (input, output) = (folder.appendingPathComponent("a.wat"), folder.appendingPathComponent("a.wasm"))
    try Data(text.utf8).write(to: input)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: wasmTools)
    process.arguments = ["parse", input.path, "-o", output.path]
    try process.run()
    process.waitUntilExit()
    return ByteSource([UInt8](try Data(contentsOf: output)))
}

/// `f` calls the import `g` with its arguments as often as `times` says, which is not at all where only the way in counts.
func component(_ parameters: String, _ core: String, encoding: String, types: String) -> String {
    let count = core.split(separator: " ").count
    let passed = (1..<(count + 1)).map { "(local.get \($0))" }.joined(separator: " ")
    let options = "string-encoding=\(encoding) (memory (core memory $memory \"mem\")) (realloc (core func $memory \"realloc\"))"
    return """
        (component
          \(types)
          (import "g" (func $g \(parameters)))
          (core module $Memory
            (memory (export "mem") 160)
            (global $next (mut i32) (i32.const 0x200000))
            (func (export "reset") (global.set $next (i32.const 0x200000)))
            (func (export "realloc") (param i32 i32 i32 i32) (result i32) (local $p i32)
              (if (local.get 0) (then (return (local.get 0))))
              (local.set $p (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
              (global.set $next (i32.add (local.get $p) (local.get 3)))
              (local.get $p)))
          (core instance $memory (instantiate $Memory))
          (core func $g' (canon lower (func $g) \(options)))
          (core module $M
            (import "" "reset" (func $reset))
            (import "" "g" (func $g (param \(core))))
            (func (export "f") (param $times i32) (param \(core))
              (block $done
                (loop $l
                  (br_if $done (i32.eqz (local.get $times)))
                  (call $g \(passed))
                  (local.set $times (i32.sub (local.get $times) (i32.const 1)))
                  (br $l)))
              (call $reset)))
          (core instance $m (instantiate $M (with "" (instance
            (export "g" (func $g')) (export "reset" (func $memory "reset"))))))
          (func (export "f") (param "times" u32) \(parameters) (canon lift (core func $m "f") \(options))))
        """
}

let engine = Engine()

func measure<each Argument: ComponentLiftable & ComponentLowerable & Sendable>(
    _ name: String, _ parameters: String, _ core: String, encoding: String = "utf8", types: String = "", calls: Int,
    bytes: Int = 0, _ argument: repeat each Argument
) throws {
    var linker = ComponentLinker()
    linker.define(HostFunction("g") { (_: inout HostContext, _: repeat each Argument) in Nothing() })
    let compiled = try engine.compile(component: parse(component(parameters, core, encoding: encoding, types: types)))
    let store = try engine.makeStore()
    let instance = try linker.instantiate(compiled, in: store)
    let function = try instance.function("f", as: ((UInt32, repeat each Argument) -> Nothing).self)

    func seconds(_ body: () throws -> Void) rethrows -> Double {
        var best = Double.infinity
        for _ in 0..<5 {
            let start = ContinuousClock.now
            try body()
            let time = ContinuousClock.now - start
            best = min(best, Double(time.components.attoseconds) * 1e-18 + Double(time.components.seconds))
        }
        return best
    }

    let into = try seconds { for _ in 0..<calls { _ = try function(0, repeat each argument) } } / Double(calls)
    let none = try seconds { _ = try function(0, repeat each argument) }
    let out = (try seconds { _ = try function(UInt32(calls), repeat each argument) } - none) / Double(calls)
    func row(_ direction: String, _ time: Double) {
        let title = "\(name), \(direction)".padding(toLength: 45, withPad: " ", startingAt: 0)
        let rate = bytes > 0 ? String(format: "%8.0f", Double(bytes) / time / 1e6) : ""
        print("\(title) \(String(format: "%9.0f", time * 1e9)) ns \(rate)")
    }
    row("host to guest", into)
    row("guest to host", out)
}

func measureCopy() {
    let count = 1 << 20
    let source = [UInt8](repeating: 1, count: count)
    var target = [UInt8](repeating: 0, count: count)
    var best = Double.infinity
    for _ in 0..<200 {
        let start = ContinuousClock.now
        target.withUnsafeMutableBytes { target in source.withUnsafeBytes { target.copyMemory(from: $0) } }
        best = min(best, Double((ContinuousClock.now - start).components.attoseconds) * 1e-18)
    }
    let title = "memcpy of 1 MB".padding(toLength: 45, withPad: " ", startingAt: 0)
    print("\(title) \(String(format: "%9.0f", best * 1e9)) ns \(String(format: "%8.0f", Double(count) / best / 1e6))")
}

measureCopy()
try measure("empty call", "", "", calls: 1_000_000)
try measure(
    "ten scalars",
    #"(param "a" u32) (param "b" u64) (param "c" f64) (param "d" u8) (param "e" s16) (param "f" bool) (param "g" u32) (param "h" s64) (param "i" f32) (param "j" char)"#,
    "i32 i64 f64 i32 i32 i32 i32 i64 f32 i32", calls: 500_000, 1 as UInt32, 2 as UInt64, 3.5 as Double, 4 as UInt8,
    -5 as Int16, true, 7 as UInt32, -8 as Int64, 9.5 as Float, "j" as Unicode.Scalar)
for (size, calls) in [(1 << 10, 100_000), (1 << 20, 100)] {
    for encoding in ["utf8", "utf16", "latin1+utf16"] {
        try measure(
            "string of \(size >> 10) KB, \(encoding)", #"(param "s" string)"#, "i32 i32", encoding: encoding, calls: calls,
            bytes: size, String(repeating: "a", count: size))
    }
}
try measure(
    "list<u8> of 1 MB", #"(param "l" (list u8))"#, "i32 i32", calls: 500, bytes: 1 << 20,
    [UInt8](repeating: 1, count: 1 << 20))
try measure(
    "list<u32> of 1 MB", #"(param "l" (list u32))"#, "i32 i32", calls: 200, bytes: 1 << 20,
    [UInt32](repeating: 1, count: 1 << 18))
try measure(
    "10,000 records of five numbers", #"(param "l" (list $r))"#, "i32 i32",
    types: #"(type $r' (record (field "id" u64) (field "kind" u8) (field "flag" bool) (field "weight" f32) (field "code" char))) (import "r" (type $r (eq $r')))"#,
    calls: 50, bytes: 240_000,
    (0..<10_000).map { Point(id: UInt64($0), kind: 1, flag: true, weight: 2, code: "p") })
