// What a TOML file says, as a tree of Swift values that know their lines.

/// A value in a TOML file.
struct TOMLValue: Sendable {
    enum Content: Sendable {
        case string(String)
        case integer(Int64)
        case float(Double)
        case boolean(Bool)
        case array([TOMLValue])
        /// In the order of the file; no key stands twice.
        case table([TOMLEntry])
        /// A date, a time, or both.
        case other
    }

    var content: Content
    /// Where the value begins, from 1; of a table with a header, the header's line.
    var line: Int
}

/// A key of a table, and its value.
struct TOMLEntry: Sendable {
    var key: String
    var value: TOMLValue
    /// Where the key stands, from 1: where it is first named if several headers or dotted keys do.
    var line: Int
}

/// Why a file is no TOML.
struct TOMLError: Error, Hashable, Sendable {
    /// From 1.
    var line: Int
    var message: String
}

extension TOMLValue {
    var string: String? {
        guard case .string(let string) = content else { return nil }
        return string
    }

    var integer: Int64? {
        guard case .integer(let integer) = content else { return nil }
        return integer
    }

    var boolean: Bool? {
        guard case .boolean(let boolean) = content else { return nil }
        return boolean
    }

    var array: [TOMLValue]? {
        guard case .array(let elements) = content else { return nil }
        return elements
    }

    var table: [TOMLEntry]? {
        guard case .table(let entries) = content else { return nil }
        return entries
    }
}
