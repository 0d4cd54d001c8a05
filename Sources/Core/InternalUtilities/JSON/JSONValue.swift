// JSON as a tree (RFC 8259), for what the tools write and for the few sections of binaries that hold it.

/// A JSON value. The members of an object keep their order.
public indirect enum JSONValue: Hashable, Sendable {
    public struct Member: Hashable, Sendable {
        public var name: String
        public var value: JSONValue

        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    case null
    case bool(Bool)
    /// A number as it is written.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    public static func number(_ value: some BinaryInteger) -> JSONValue { .number(String(value)) }

    public static func strings(_ values: [String]) -> JSONValue { .array(values.map(JSONValue.string)) }

    /// The member of an object; nil if there is none, or this is no object.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The text of a string.
    public var stringValue: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The members of an object; none for anything else.
    public var members: [Member] {
        guard case .object(let members) = self else { return [] }
        return members
    }
}

extension JSONValue {
    /// The value as text over several lines, indented by two spaces, without a newline at the end.
    public var text: String {
        var text = ""
        write(to: &text, indentation: "\n")
        return text
    }

    private func write(to text: inout String, indentation: String) {
        let inner = indentation + "  "
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .number(let digits): text += digits
        case .string(let string): Self.write(string, to: &text)
        case .array(let values):
            text += "["
            for (position, value) in values.enumerated() {
                text += position > 0 ? "," + inner : inner
                value.write(to: &text, indentation: inner)
            }
            text += values.isEmpty ? "]" : indentation + "]"
        case .object(let members):
            text += "{"
            for (position, member) in members.enumerated() {
                text += position > 0 ? "," + inner : inner
                Self.write(member.name, to: &text)
                text += ": "
                member.value.write(to: &text, indentation: inner)
            }
            text += members.isEmpty ? "}" : indentation + "}"
        }
    }

    private static func write(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\u{8}": text += "\\b"
            case "\u{C}": text += "\\f"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..<" ":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
