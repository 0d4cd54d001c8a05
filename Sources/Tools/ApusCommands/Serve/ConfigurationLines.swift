// Finds the line that a key of a TOML file stands on, for messages only: the library that reads the file does not tell. It
// looks at the beginnings of lines, so it finds what is written in the usual way, one key a line.

/// The lines of tables and keys.
struct ConfigurationLines {
    private var tables: [String: Int] = [:]
    private var keys: [String: Int] = [:]

    init(_ text: String) {
        var section = ""
        var counts: [String: Int] = [:]
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = Self.trimmed(line)
            if line.hasPrefix("[[") {
                let name = Self.trimmed(line.dropFirst(2).prefix { $0 != "]" })
                counts[name, default: 0] += 1
                section = "\(name) \(counts[name, default: 1])"
                tables[section] = index + 1
            } else if line.hasPrefix("["), line.contains("]"), !line.contains(",") {
                section = Self.trimmed(line.dropFirst().prefix { $0 != "]" })
                tables[section] = index + 1
            } else if let equals = line.firstIndex(of: "=") {
                let key = Self.trimmed(line[..<equals]).filter { $0 != "\"" && $0 != "'" }
                // `limits.requests = 1` is a key of `limits` and, to who asks for `limits`, a line of its own.
                note("\(section)\n\(key)", index + 1)
                if section.isEmpty, let dot = key.firstIndex(of: ".") {
                    note("\(key[..<dot])\n\(key[key.index(after: dot)...])", index + 1)
                    note("\n\(key[..<dot])", index + 1)
                }
            }
        }
    }

    private mutating func note(_ key: String, _ line: Int) {
        if keys[key] == nil { keys[key] = line }
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var text = text[...]
        while let first = text.first, first.isWhitespace { text = text.dropFirst() }
        while let last = text.last, last.isWhitespace { text = text.dropLast() }
        return String(text)
    }

    /// The line of a table: of its name, and of `[[name]]` its number behind a space.
    func line(of table: String) -> Int? { tables[table] }

    /// The line of a key of a table, or of the table of that name.
    func line(of key: String, in table: String) -> Int? {
        keys["\(table)\n\(key)"] ?? (table.isEmpty ? tables[key] ?? tables["\(key) 1"] : tables[table])
    }
}
