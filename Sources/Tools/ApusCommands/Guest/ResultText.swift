// The results of `--invoke`, in Wasmtime's form: a line for each, integers signed, floats in full without an exponent.

import WasmTypes

enum ResultText {
    /// A line for each of a function's results.
    static func lines(_ slots: [UInt64], _ types: [ValueType]) -> String {
        var slots = slots[...]
        var text = ""
        for type in types {
            guard let slot = slots.popFirst() else { break }
            if type.isVector, let upper = slots.popFirst() {
                text += "\(UInt128(upper) << 64 | UInt128(slot))\n"
            } else {
                text += self.text(slot, type) + "\n"
            }
        }
        return text
    }

    /// The value in a slot as text.
    private static func text(_ slot: UInt64, _ type: ValueType) -> String {
        switch type {
        case .i32: return String(Int32(truncatingIfNeeded: slot))
        case .i64: return String(Int64(bitPattern: slot))
        case .f32:
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: slot))
            return value.isNaN ? "NaN" : positional(value.description)
        case .f64:
            let value = Double(bitPattern: slot)
            return value.isNaN ? "NaN" : positional(value.description)
        default: return slot == 0 ? "<null \(type)>" : "<\(type)>"
        }
    }

    /// `1.5e-07` becomes `0.00000015`, `1e+16` becomes `10000000000000000`, and `1.0` becomes `1`.
    private static func positional(_ description: String) -> String {
        let sign = description.hasPrefix("-") ? "-" : ""
        let parts = description.dropFirst(sign.count).split(separator: "e", maxSplits: 1)
        guard let mantissa = parts.first, mantissa.first?.isNumber == true else { return description }
        let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        let halves = mantissa.split(separator: ".", maxSplits: 1)
        let whole = halves[0]
        let fraction = halves.count > 1 && halves[1] != "0" ? halves[1] : ""
        let digits = whole + fraction
        let point = whole.count + exponent
        if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
        if point >= digits.count { return sign + digits + String(repeating: "0", count: point - digits.count) }
        return sign + digits.prefix(point) + "." + digits.dropFirst(point)
    }
}
