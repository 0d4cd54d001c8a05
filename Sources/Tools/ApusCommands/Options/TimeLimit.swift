// Spans of time on the command line: `500ms`, `2s`, `1.5m`, and a plain number for seconds.

enum TimeLimit {
    static func parse(_ text: String) throws(OptionError) -> Duration {
        let number = text.prefix { ($0.isASCII && $0.isNumber) || $0 == "." }
        guard let value = Double(number), let unit = seconds(in: text.dropFirst(number.count).lowercased()) else {
            throw OptionError("a time is a number of seconds, or has a unit: 500ms, 2s, 1.5m, 1h")
        }
        let seconds = value * unit
        guard seconds > 0 else { throw OptionError("the time must be longer than nothing") }
        guard seconds <= 1e9 else { throw OptionError("the time is too long") }
        return .seconds(seconds)
    }

    private static func seconds(in unit: String) -> Double? {
        switch unit {
        case "": 1
        case "us", "µs": 1e-6
        case "ms": 1e-3
        case "s": 1
        case "m", "min": 60
        case "h": 3600
        default: nil
        }
    }
}

extension Duration {
    /// The span as a person would write it: `500 ms`, `2 s`, `1.5 s`.
    var text: String {
        let (seconds, attoseconds) = components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        if milliseconds < 1000 { return milliseconds > 0 ? "\(milliseconds) ms" : "less than a millisecond" }
        if milliseconds % 1000 == 0 { return "\(seconds) s" }
        let tenths = (milliseconds % 1000) / 100
        return milliseconds % 100 == 0 ? "\(seconds).\(tenths) s" : "\(milliseconds) ms"
    }
}
