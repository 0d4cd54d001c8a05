// Writes down what the engine makes of modules, as scripts that another engine can check.
//
// For runs by hand: `APUS_DIFFERENTIAL` names a folder of modules without imports that need any host; beside each
// `NAME.wasm` a script `NAME.wast` is written that expects of every exported function what it did here.

import Execution
import Foundation
import InternalUtilities
import Testing
import WasmEngine
import WasmTypes

@Suite("Results for another engine")
struct DifferentialTests {
    static let folder = ProcessInfo.processInfo.environment["APUS_DIFFERENTIAL"]

    private static func text(_ bits: UInt64, upper: UInt64 = 0, _ type: ValueType, isResult: Bool) -> String? {
        switch type {
        case .v128: return "(v128.const i64x2 \(bits) \(upper))"
        case .i32: return "(i32.const \(UInt32(truncatingIfNeeded: bits)))"
        case .i64: return "(i64.const \(bits))"
        case .f32:
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: bits))
            return "(f32.const \(literal(Double(value), payload: bits & 0x7F_FFFF, isNegative: bits >> 31 & 1 != 0)))"
        case .f64:
            let value = Double(bitPattern: bits)
            return "(f64.const \(literal(value, payload: bits & 0xF_FFFF_FFFF_FFFF, isNegative: bits >> 63 != 0)))"
        case .funcref, .externref:
            let name = type == .funcref ? "func" : "extern"
            if bits == 0 { return "(ref.null \(name))" }
            return isResult ? "(ref.\(name))" : nil
        default: return nil
        }
    }

    private static func literal(_ value: Double, payload: UInt64, isNegative: Bool) -> String {
        let sign = isNegative ? "-" : ""
        if value.isNaN { return "\(sign)nan:0x\(String(payload, radix: 16))" }
        return value.isInfinite ? "\(sign)inf" : String(format: "%a", value)
    }

    /// Bytes as a string of the text format, without its quotes.
    private static func escaped(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { "\\" + String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private static func script(_ bytes: [UInt8], _ engine: Engine) throws -> String {
        let data = escaped(bytes)
        let module: Module
        do {
            module = try engine.compile(ByteSource(bytes))
        } catch {
            return ";; REFUSED \(error)\n(module binary \"\(data)\")\n"
        }
        var limits = StoreLimits()
        limits.stackBytes = 64 << 20
        let store = try engine.makeStore(limits: limits)
        let watch = store.interruptHandle.interrupt(after: 300_000)
        defer { watch.cancel() }
        let instance: Instance
        do {
            instance = try Linker().instantiate(module, in: store)
        } catch {
            guard case .trap = error else { return ";; NOT LINKED \(error)\n" }
            return ";; \(error)\n(assert_trap (module binary \"\(data)\") \"\")\n"
        }
        var lines = ["(module binary \"\(data)\")"]
        let argumentBits: [UInt64] = [0, 1, 0xFFFF_FFFF_8000_0001, 0x3FF8_0000_4048_F5C3, 17]
        for round in 0..<3 {
            for export in module.exports {
                let name = escaped(export.name.utf8)
                switch instance.export(export.name) {
                case .function(let function):
                    // The other engine's scripts cannot hold these.
                    if (function.type.parameters + function.type.results).contains(.exnref) { continue }
                    var slots: [UInt64] = []
                    var arguments = ""
                    for (position, type) in function.type.parameters.enumerated() {
                        var bits = argumentBits[(position + round * 2) % argumentBits.count]
                        if type.isReference { bits = 0 }
                        if type == .i32 || type == .f32 { bits &= 0xFFFF_FFFF }
                        guard let text = text(bits, upper: ~bits, type, isResult: false) else {
                            return lines.joined(separator: "\n")
                        }
                        slots.append(bits)
                        if type.isVector { slots.append(~bits) }
                        arguments += " " + text
                    }
                    let action = "(invoke \"\(name)\"\(arguments))"
                    do {
                        let results = try store.call(function, slots)
                        var position = 0
                        let expected = function.type.results.map { type in
                            let slot = position
                            position += type.isVector ? 2 : 1
                            return text(results[slot], upper: results[position - 1], type, isResult: true) ?? "?"
                        }
                        lines.append("(assert_return \(action) \(expected.joined(separator: " ")))")
                    } catch where error.code == .uncaughtException {
                        lines.append("(assert_exception \(action))")
                    } catch where error.code == .stackExhausted || error.code == .interrupted {
                        lines.append(";; \(error)")
                        return lines.joined(separator: "\n")
                    } catch {
                        lines.append("(assert_trap \(action) \"\(error.code.message)\")")
                    }
                case .global(let global):
                    let value = text(
                        global.rawValue, upper: global.upperRawValue, global.type.valueType, isResult: true)
                    guard let text = value else { continue }
                    lines.append("(assert_return (get \"\(name)\") \(text))")
                default: continue
                }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    @Test("are written down", .enabled(if: folder != nil))
    func write() throws {
        let folder = URL(fileURLWithPath: try #require(Self.folder))
        let engine = Engine()
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() where name.hasSuffix(".wasm") {
            let file = folder.appendingPathComponent(name)
            let script = try Self.script([UInt8](try Data(contentsOf: file)), engine)
            try Data(script.utf8).write(to: file.deletingPathExtension().appendingPathExtension("wast"))
        }
    }
}
