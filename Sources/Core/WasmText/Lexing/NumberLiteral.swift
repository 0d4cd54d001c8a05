// Integer literals (core specification, section 6.3.2), and what kind of number a run of characters is.

enum NumberLiteral {
    static func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private static func isDigit(_ byte: UInt8, hexadecimal: Bool) -> Bool {
        hexadecimal ? hexadecimalDigit(byte) != nil : byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    /// Whether `text` begins with 0x.
    private static func isHexadecimal(_ text: ArraySlice<UInt8>) -> Bool {
        text.count > 2 && text[text.startIndex] == UInt8(ascii: "0") && text[text.startIndex + 1] == UInt8(ascii: "x")
    }

    /// Takes digits, with single underscores between them, off the front. Says whether there were any.
    private static func takeDigits(_ text: inout ArraySlice<UInt8>, hexadecimal: Bool) -> Bool {
        guard let first = text.first, isDigit(first, hexadecimal: hexadecimal) else { return false }
        text = text.dropFirst()
        while let byte = text.first {
            if isDigit(byte, hexadecimal: hexadecimal) {
                text = text.dropFirst()
            } else if byte == UInt8(ascii: "_"), let next = text.dropFirst().first, isDigit(next, hexadecimal: hexadecimal) {
                text = text.dropFirst(2)
            } else {
                break
            }
        }
        return true
    }

    /// What a run that begins with a digit or a sign is.
    static func kind(of text: ArraySlice<UInt8>) -> Token.Kind {
        var rest = text
        var isSigned = false
        if let first = rest.first, first == UInt8(ascii: "+") || first == UInt8(ascii: "-") {
            isSigned = true
            rest = rest.dropFirst()
            if FloatLiteral.isSpecial(rest) { return .float }
        }
        let hexadecimal = isHexadecimal(rest)
        if hexadecimal { rest = rest.dropFirst(2) }
        guard takeDigits(&rest, hexadecimal: hexadecimal) else { return .reserved }
        if rest.isEmpty { return isSigned ? .integer : .natural }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            _ = takeDigits(&rest, hexadecimal: hexadecimal)
        }
        if let mark = rest.first {
            // Lower or upper case.
            guard mark | 0x20 == UInt8(ascii: hexadecimal ? "p" : "e") else { return .reserved }
            rest = rest.dropFirst()
            if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest = rest.dropFirst() }
            guard takeDigits(&rest, hexadecimal: false), rest.isEmpty else { return .reserved }
        }
        return .float
    }

    /// The value of an integer without a sign; nil if `text` is none, or does not fit.
    static func natural(_ text: ArraySlice<UInt8>) -> UInt64? {
        let hexadecimal = isHexadecimal(text)
        let digits = hexadecimal ? text.dropFirst(2) : text
        var rest = digits
        guard takeDigits(&rest, hexadecimal: hexadecimal), rest.isEmpty else { return nil }
        return magnitude(digits, radix: hexadecimal ? 16 : 10)
    }

    /// The value of digits that are known to be such; nil if it does not fit.
    private static func magnitude(_ digits: ArraySlice<UInt8>, radix: UInt64) -> UInt64? {
        var value: UInt64 = 0
        for byte in digits where byte != UInt8(ascii: "_") {
            guard let digit = hexadecimalDigit(byte) else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: radix)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            if overflow || carry { return nil }
            value = sum
        }
        return value
    }

    /// The lowest `width` bits of an integer literal, signed or not; nil if it does not fit into them either way.
    ///
    /// - Parameter text: the characters of a token of kind `natural` or `integer`.
    static func bits(_ text: ArraySlice<UInt8>, width: Int) -> UInt64? {
        var digits = text
        var isNegative = false
        if let first = digits.first, first == UInt8(ascii: "+") || first == UInt8(ascii: "-") {
            isNegative = first == UInt8(ascii: "-")
            digits = digits.dropFirst()
        }
        let hexadecimal = isHexadecimal(digits)
        guard let value = magnitude(hexadecimal ? digits.dropFirst(2) : digits, radix: hexadecimal ? 16 : 10) else {
            return nil
        }
        let mask = width >= 64 ? UInt64.max : (1 << UInt64(width)) - 1
        guard isNegative else { return value <= mask ? value : nil }
        guard value <= 1 << UInt64(width - 1) else { return nil }
        return (0 &- value) & mask
    }
}
