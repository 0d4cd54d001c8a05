// Floating-point literals (core specification, section 6.3.2), rounded to the nearest value, ties to even.

/// The layout of an IEEE 754 format.
package struct FloatFormat: Hashable, Sendable {
    /// In bits, the hidden one left out.
    var significandBits: Int
    var exponentBits: Int

    package static let f32 = FloatFormat(significandBits: 23, exponentBits: 8)
    package static let f64 = FloatFormat(significandBits: 52, exponentBits: 11)

    var bias: Int { (1 << (exponentBits - 1)) - 1 }
    /// The bits of infinity.
    var infinity: UInt64 { ((1 << UInt64(exponentBits)) - 1) << UInt64(significandBits) }
    /// The highest bit of the significand, which is set in a quiet NaN.
    var quietBit: UInt64 { 1 << UInt64(significandBits - 1) }
    var signBit: UInt64 { 1 << UInt64(significandBits + exponentBits) }
}

enum FloatLiteral {
    /// Whether the text, its sign apart, is `inf`, `nan` or `nan:0x…`.
    static func isSpecial(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.first == UInt8(ascii: "i") || text.first == UInt8(ascii: "n") else { return false }
        if text.elementsEqual("inf".utf8) || text.elementsEqual("nan".utf8) { return true }
        guard text.starts(with: "nan:0x".utf8) else { return false }
        return NumberLiteral.kind(of: text.dropFirst(4)) == .natural
    }

    /// The bits of a literal; nil if it does not fit into the format.
    ///
    /// - Parameter text: the characters of a token of kind `natural`, `integer` or `float`.
    static func bits(_ text: ArraySlice<UInt8>, format: FloatFormat) -> UInt64? {
        var rest = text
        var sign: UInt64 = 0
        if let first = rest.first, first == UInt8(ascii: "+") || first == UInt8(ascii: "-") {
            if first == UInt8(ascii: "-") { sign = format.signBit }
            rest = rest.dropFirst()
        }
        return magnitude(rest, format: format).map { $0 | sign }
    }

    private static func magnitude(_ text: ArraySlice<UInt8>, format: FloatFormat) -> UInt64? {
        if text.elementsEqual("inf".utf8) { return format.infinity }
        if text.elementsEqual("nan".utf8) { return format.infinity | format.quietBit }
        if text.starts(with: "nan:".utf8) {
            guard let payload = NumberLiteral.natural(text.dropFirst(4)), payload > 0, payload < 2 * format.quietBit else {
                return nil
            }
            return format.infinity | payload
        }
        if text.starts(with: "0x".utf8) { return hexadecimal(text.dropFirst(2), format: format) }
        return decimal(text, format: format)
    }

    private static func decimal(_ text: ArraySlice<UInt8>, format: FloatFormat) -> UInt64? {
        var digits: [UInt8] = []
        digits.reserveCapacity(text.count)
        for (index, byte) in zip(text.indices, text) where byte != UInt8(ascii: "_") {
            // "1." and "1.e5" have no digit after the point, which is as good as having no point.
            if byte == UInt8(ascii: ".") {
                guard index + 1 < text.endIndex, text[index + 1] <= UInt8(ascii: "9") else { continue }
            }
            digits.append(byte)
        }
        let string = String(decoding: digits, as: UTF8.self)
        if format == .f32 {
            guard let value = Float(string), value.isFinite else { return nil }
            return UInt64(value.bitPattern)
        }
        guard let value = Double(string), value.isFinite else { return nil }
        return value.bitPattern
    }

    /// - Parameter text: what follows 0x.
    private static func hexadecimal(_ text: ArraySlice<UInt8>, format: FloatFormat) -> UInt64? {
        // The value is `significand` times two to the power of `exponent`, and a little more if `isInexact`.
        var significand: UInt64 = 0
        var exponent = 0
        var isInexact = false
        var isFraction = false
        var rest = text
        while let byte = rest.first, byte | 0x20 != UInt8(ascii: "p") {
            rest = rest.dropFirst()
            if byte == UInt8(ascii: ".") {
                isFraction = true
            } else if let digit = NumberLiteral.hexadecimalDigit(byte) {
                if significand >> 60 == 0 {
                    significand = significand << 4 | UInt64(digit)
                    if isFraction { exponent -= 4 }
                } else {
                    if digit != 0 { isInexact = true }
                    if !isFraction { exponent += 4 }
                }
            }
        }
        exponent += decimalExponent(rest.dropFirst())
        guard significand != 0 else { return 0 }
        return round(significand, exponent: exponent, isInexact: isInexact, format: format)
    }

    /// An exponent with its sign; 0 if there is none. Clamped to what no text is long enough to make up for.
    private static func decimalExponent(_ text: ArraySlice<UInt8>) -> Int {
        var value = 0
        for byte in text where byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") {
            value = min(value * 10 + Int(byte - UInt8(ascii: "0")), 1 << 40)
        }
        return text.first == UInt8(ascii: "-") ? -value : value
    }

    private static func round(_ value: UInt64, exponent: Int, isInexact: Bool, format: FloatFormat) -> UInt64? {
        let shift = value.leadingZeroBitCount
        let significand = value << UInt64(shift)
        // Of the highest bit.
        let magnitude = exponent + 63 - shift
        let smallest = 1 - format.bias
        // How many bits the result keeps, the hidden one included.
        let kept = format.significandBits + 1 - max(0, smallest - magnitude)
        guard kept >= 0 else { return 0 }
        guard magnitude <= format.bias else { return nil }
        let dropped = UInt64(64 - kept)
        var rounded = dropped == 64 ? 0 : significand >> dropped
        let remainder = dropped == 64 ? significand : significand & ((1 << dropped) - 1)
        let half: UInt64 = 1 << (dropped - 1)
        if remainder > half || (remainder == half && (isInexact || rounded & 1 == 1)) { rounded += 1 }
        // A carry out of the significand is a carry into the exponent, which is what rounding up means.
        let bits =
            magnitude < smallest
            ? rounded
            : rounded + UInt64(magnitude + format.bias - 1) << UInt64(format.significandBits)
        return bits < format.infinity ? bits : nil
    }
}
