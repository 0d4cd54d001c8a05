// The numbers behind `--invoke NAME FILE`: from the command line's words to the slots of a call.

import Execution
import WasmTypes

enum InvokeArguments {
    /// The slots that the words stand for, if they fit the function's type.
    static func parse(_ words: [String], for type: FunctionType, of name: String) throws(Diagnostic) -> [UInt64] {
        let signature = "\(name) is \(type.text)"
        if let other = type.parameters.first(where: { !$0.isNumeric }) {
            throw Diagnostic(
                .badCommandLine, "--invoke \(name): an argument of type \(other) cannot be given on the command line",
                details: [signature])
        }
        guard words.count == type.parameters.count else {
            let wanted = type.parameters.isEmpty ? "no arguments" : count(type.parameters.count)
            throw Diagnostic(
                .badCommandLine, "--invoke \(name): \(count(words.count)) for a function that takes \(wanted)",
                details: [signature])
        }
        var slots: [UInt64] = []
        for (position, (word, type)) in zip(words, type.parameters).enumerated() {
            guard let slot = slot(word, type) else {
                throw Diagnostic(
                    .badCommandLine, "--invoke \(name): argument \(position + 1), '\(word)', is no \(type)",
                    details: [hint(for: type), signature])
            }
            slots.append(slot)
        }
        return slots
    }

    private static func count(_ number: Int) -> String {
        "\(number) argument\(number == 1 ? "" : "s")"
    }

    private static func slot(_ word: String, _ type: ValueType) -> UInt64? {
        switch type {
        case .i32:
            guard let number = integer(word), number.magnitude <= 0xFFFF_FFFF, number >= -0x8000_0000 else { return nil }
            return UInt64(UInt32(truncatingIfNeeded: number))
        case .i64:
            guard let number = integer(word), number <= Int128(UInt64.max), number >= Int128(Int64.min) else { return nil }
            return UInt64(truncatingIfNeeded: number)
        case .f32: return Float(word).map { UInt64($0.bitPattern) }
        case .f64: return Double(word)?.bitPattern
        default: return nil
        }
    }

    /// Decimal, or hexadecimal with `0x`, with a sign or without.
    private static func integer(_ word: String) -> Int128? {
        var digits = word[...]
        let isNegative = digits.hasPrefix("-")
        if isNegative || digits.hasPrefix("+") { digits.removeFirst() }
        let isHexadecimal = digits.lowercased().hasPrefix("0x")
        if isHexadecimal { digits.removeFirst(2) }
        guard let first = digits.first, first != "-", first != "+", digits.count <= 40,
            let number = Int128(digits, radix: isHexadecimal ? 16 : 10)
        else { return nil }
        return isNegative ? -number : number
    }

    private static func hint(for type: ValueType) -> String {
        switch type {
        case .i32: "an i32 is a whole number from -2147483648 to 4294967295, or hexadecimal as in 0xff"
        case .i64: "an i64 is a whole number from -9223372036854775808 to 18446744073709551615, or hexadecimal as in 0xff"
        default: "an \(type) is a number such as 1, -2.5, 1e9, inf or nan"
        }
    }
}
