// Results in the notation of scripts, for the notes on assertions that fell short. A result is written by its type, and
// what was expected by the result's type where the two agree.

import Execution
import WasmText
import WasmTypes

/// Writes values as a script would.
enum ScriptText {
    /// What was returned, in slots.
    static func results(_ slots: [UInt64], _ types: [ValueType]) -> String {
        var rest = slots[...]
        let texts = types.map { type -> String in
            let low = rest.popFirst() ?? 0
            return value(low, type.isVector ? rest.popFirst() ?? 0 : 0, type)
        }
        return list(texts)
    }

    /// What a script says must be returned.
    static func expected(_ values: [ExpectedValue], _ types: [ValueType]) -> String {
        list(values.enumerated().map { index, value in text(value, index < types.count ? types[index] : nil) })
    }

    private static func list(_ texts: [String]) -> String {
        texts.isEmpty ? "nothing" : texts.joined(separator: " ")
    }

    private static func value(_ low: UInt64, _ high: UInt64, _ type: ValueType) -> String {
        switch type {
        case .i32: "(i32.const \(Int32(truncatingIfNeeded: low)))"
        case .i64: "(i64.const \(Int64(bitPattern: low)))"
        case .f32: "(f32.const \(float(low, width: 32)))"
        case .f64: "(f64.const \(float(low, width: 64)))"
        case .v128: vector((0..<4).map { .bits((($0 < 2 ? low : high) >> UInt64($0 % 2 * 32)) & 0xFFFF_FFFF) }, bits: 32)
        default: low == 0 ? "(ref.null)" : "a reference (\(type))"
        }
    }

    private static func text(_ value: ExpectedValue, _ type: ValueType?) -> String {
        switch value {
        case .number(let pattern, let bits): number(pattern, bits: bits, type)
        case .vector(let lanes, let bits): vector(lanes, bits: bits)
        case .null: "(ref.null)"
        case .reference(let pattern): reference(pattern)
        case .component(let value): "\(value)"
        case .externReference(let number): "(ref.extern \(number))"
        case .either(let alternatives):
            "(either \(alternatives.map { text($0, type) }.joined(separator: " ")))"
        }
    }

    private static func reference(_ pattern: ReferencePattern) -> String {
        switch pattern {
        case .anything: "a reference"
        case .any: "(ref.any)"
        case .eq: "(ref.eq)"
        case .i31: "(ref.i31)"
        case .structure: "(ref.struct)"
        case .array: "(ref.array)"
        }
    }

    private static func number(_ pattern: NumberPattern, bits width: Int, _ type: ValueType?) -> String {
        let isFloat = type == .f32 || type == .f64
        switch pattern {
        case .bits(let bits):
            if isFloat { return "(f\(width).const \(float(bits, width: width)))" }
            return "(i\(width).const \(width == 32 ? String(Int32(truncatingIfNeeded: bits)) : String(Int64(bitPattern: bits))))"
        case .canonicalNaN: return "(f\(width).const nan:canonical)"
        case .arithmeticNaN: return "(f\(width).const nan:arithmetic)"
        }
    }

    private static func vector(_ lanes: [NumberPattern], bits width: Int) -> String {
        let texts = lanes.map { lane in
            switch lane {
            case .bits(let bits): "0x" + String(bits, radix: 16)
            case .canonicalNaN: "nan:canonical"
            case .arithmeticNaN: "nan:arithmetic"
            }
        }
        return "(v128.const i\(width)x\(width > 0 ? 128 / width : 0) \(texts.joined(separator: " ")))"
    }

    /// A number of 32 or 64 bits; a NaN with its payload.
    private static func float(_ bits: UInt64, width: Int) -> String {
        if width == 32 {
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: bits))
            return value.isNaN ? nan(bits, significandBits: 23, signBit: 31) : value.description
        }
        let value = Double(bitPattern: bits)
        return value.isNaN ? nan(bits, significandBits: 52, signBit: 63) : value.description
    }

    private static func nan(_ bits: UInt64, significandBits: UInt64, signBit: UInt64) -> String {
        let sign = bits >> signBit & 1 == 1 ? "-" : ""
        return "\(sign)nan:0x" + String(bits & ((1 << significandBits) - 1), radix: 16)
    }
}

extension ScriptRunner {
    /// The types of what an action results in.
    func resultTypes(of action: ScriptAction) throws(Shortfall) -> [ValueType] {
        let (module, name) =
            switch action {
            case .invoke(let module, let name, _), .get(let module, let name): (module, name)
            }
        guard case .module(let instance) = try instance(module) else { return [] }
        switch instance.export(name) {
        case .function(let function): return function.type.results
        case .global(let global): return [global.type.valueType]
        default: return []
        }
    }
}
