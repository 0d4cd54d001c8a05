// W3C Trace Context, level 1: `traceparent` names the trace that a request belongs to and the span that caused it.

/// The content of a `traceparent` field.
struct TraceParent: Hashable, Sendable {
    /// 32 and 16 digits.
    var traceID: String
    var spanID: String
    var isSampled: Bool

    /// A trace that begins here.
    init() {
        traceID = Self.random(digits: 16) + Self.random(digits: 16)
        spanID = Self.random(digits: 16)
        isSampled = true
    }

    /// Nil if `text` is not well-formed.
    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, Self.isHex(parts[0], 2), parts[0] != "ff", parts[0] != "00" || parts.count == 4,
            Self.isHex(parts[1], 32), parts[1].contains(where: { $0 != "0" }),
            Self.isHex(parts[2], 16), parts[2].contains(where: { $0 != "0" }), Self.isHex(parts[3], 2),
            let flags = UInt8(parts[3], radix: 16)
        else { return nil }
        traceID = String(parts[1])
        spanID = String(parts[2])
        isSampled = flags & 1 == 1
    }

    /// What is caused by the span of this one.
    func child() -> TraceParent {
        var child = self
        child.spanID = Self.random(digits: 16)
        return child
    }

    var text: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }

    private static func isHex(_ text: Substring, _ count: Int) -> Bool {
        text.utf8.count == count && text.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x61 && $0 <= 0x66) }
    }

    private static func random(digits: Int) -> String {
        let text = String(UInt64.random(in: 1 ... .max), radix: 16)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
}
