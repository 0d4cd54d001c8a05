// The results of `--invoke`, in Wasmtime's form: a line for each, integers signed, floats in full without an exponent.

import WAVE
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
            return value.isNaN ? "NaN" : PositionalNumber.text(value.description)
        case .f64:
            let value = Double(bitPattern: slot)
            return value.isNaN ? "NaN" : PositionalNumber.text(value.description)
        default: return slot == 0 ? "<null \(type)>" : "<\(type)>"
        }
    }
}
