// Writes values in WAVE, in the form in which other tools print them.

public import ComponentTypes

extension ComponentValue {
    /// The value in WAVE notation, on one line. A handle has no notation; it becomes `<own>` or `<borrow>`.
    public var waveText: String {
        var text = ""
        WAVEWriter.write(self, to: &text)
        return text
    }
}

enum WAVEWriter {
    static func write(_ value: ComponentValue, to text: inout String) {
        switch value {
        case .bool(let value): text += value ? "true" : "false"
        case .s8(let value): text += String(value)
        case .u8(let value): text += String(value)
        case .s16(let value): text += String(value)
        case .u16(let value): text += String(value)
        case .s32(let value): text += String(value)
        case .u32(let value): text += String(value)
        case .s64(let value): text += String(value)
        case .u64(let value): text += String(value)
        case .f32(let value): text += value.isNaN ? "nan" : PositionalNumber.text(value.description)
        case .f64(let value): text += value.isNaN ? "nan" : PositionalNumber.text(value.description)
        case .char(let scalar):
            text += "'"
            write(scalar, to: &text)
            text += "'"
        case .string(let string):
            text += "\""
            for scalar in string.unicodeScalars { write(scalar, to: &text) }
            text += "\""
        case .list(let values): write(values, "[", "]", to: &text)
        case .tuple(let values): write(values, "(", ")", to: &text)
        case .record(let fields): write(fields, to: &text)
        case .flags(let names): text += "{\(names.joined(separator: ", "))}"
        case .variant(let name, let payload): write(caseNamed: name, payload, to: &text)
        case .enumeration(let name): write(caseNamed: name, nil, to: &text)
        case .option(nil): text += "none"
        case .option(let payload): write(word: "some", payload, to: &text)
        case .success(let payload): write(word: "ok", payload, to: &text)
        case .failure(let payload): write(word: "err", payload, to: &text)
        case .own: text += "<own>"
        case .borrow: text += "<borrow>"
        }
    }

    private static func write(
        _ values: [ComponentValue], _ opening: String, _ closing: String, to text: inout String
    ) {
        text += opening
        for (position, value) in values.enumerated() {
            if position > 0 { text += ", " }
            write(value, to: &text)
        }
        text += closing
    }

    /// Fields that are `none` are left out.
    private static func write(_ fields: [ComponentValue.Field], to text: inout String) {
        text += "{"
        var isEmpty = true
        for field in fields {
            if case .option(nil) = field.value { continue }
            if !isEmpty { text += ", " }
            isEmpty = false
            text += field.name + ": "
            write(field.value, to: &text)
        }
        text += isEmpty ? ":}" : "}"
    }

    private static func write(caseNamed name: String, _ payload: ComponentValue?, to text: inout String) {
        write(word: WAVEKeyword.all.contains(name) ? "%" + name : name, payload, to: &text)
    }

    private static func write(word: String, _ payload: ComponentValue?, to text: inout String) {
        text += word
        guard let payload else { return }
        text += "("
        write(payload, to: &text)
        text += ")"
    }

    private static func write(_ scalar: Unicode.Scalar, to text: inout String) {
        switch scalar {
        case "\\": text += "\\\\"
        case "\"": text += "\\\""
        case "'": text += "\\'"
        case "\t": text += "\\t"
        case "\r": text += "\\r"
        case "\n": text += "\\n"
        default:
            if scalar.isASCII ? (0x20..<0x7F).contains(scalar.value) : scalar.isPlain {
                text.unicodeScalars.append(scalar)
            } else {
                text += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
    }
}

extension Unicode.Scalar {
    /// Whether it shows by itself what it is.
    fileprivate var isPlain: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            false
        default: !properties.isGraphemeExtend
        }
    }
}

/// Floating-point numbers without exponents.
public enum PositionalNumber {
    /// Takes the shortest form that Swift gives a finite number or infinity: `1.5e-07` becomes `0.00000015`, `1e+16`
    /// becomes `10000000000000000`, and `1.0` becomes `1`.
    public static func text(_ description: String) -> String {
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
