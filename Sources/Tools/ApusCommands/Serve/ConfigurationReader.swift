// Reads a configuration file: values of the types that are asked for, and an error with its line for everything else. The
// language is TOML 1.0, which TOMLKit reads; it tells the place of what is no TOML, and `ConfigurationLines` finds the place
// of what is TOML and no configuration.

import TOMLKit

/// What is wrong with a configuration file.
struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nil if it was not found.
    var line: Int?
    var message: String

    var description: String { line.map { "line \($0): \(message)" } ?? message }
}

/// Takes values out of a table, and knows what was not taken.
struct ConfigurationReader {
    private let table: TOMLTable
    private let lines: ConfigurationLines
    /// Where the table stands, as `ConfigurationLines` names places; empty for the whole file.
    private let section: String
    private var taken: Set<String> = []
    /// Of the file, with a slash at its end; empty for the working directory.
    let folder: String

    /// How long a file may be, in bytes.
    private static let longest = 1 << 20

    init(_ bytes: [UInt8], folder: String) throws(ConfigurationError) {
        guard bytes.count <= Self.longest else {
            throw ConfigurationError(message: "the file has \(bytes.count) bytes, and at most \(Self.longest) are read")
        }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            // The library would take the first for the file's end, and has no better word for the second.
            if line.contains(0) { throw ConfigurationError(line: number + 1, message: "a zero byte is no text") }
            guard String(validating: line, as: UTF8.self) != nil else {
                throw ConfigurationError(line: number + 1, message: "this is not UTF-8")
            }
            // A name of many parts is a table in a table in a table.
            if line.count(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "{") }) > 1000 {
                throw ConfigurationError(line: number + 1, message: "the line is too long")
            }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        do {
            table = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            throw ConfigurationError(line: error.source.begin.line, message: error.description)
        } catch {
            throw ConfigurationError(message: "\(error)")
        }
        self.lines = ConfigurationLines(text)
        section = ""
        self.folder = folder
    }

    private init(_ table: TOMLTable, section: String, of outer: ConfigurationReader) {
        self.table = table
        self.section = section
        lines = outer.lines
        folder = outer.folder
    }

    /// An error of the table as a whole.
    func fault(_ message: String) -> ConfigurationError {
        ConfigurationError(line: lines.line(of: section), message: section.isEmpty ? message : "[\(section)]: \(message)")
    }

    /// An error of one key.
    private func fault(_ key: String, _ message: String) -> ConfigurationError {
        ConfigurationError(line: lines.line(of: key, in: section), message: "'\(key)' \(message)")
    }

    /// Throws if something is left: a name that nobody knows.
    func finish() throws(ConfigurationError) {
        let unknown = table.keys.filter { !taken.contains($0) }.map { fault($0, "is not known here") }
        guard let first = unknown.min(by: { ($0.line ?? .max, $0.message) < ($1.line ?? .max, $1.message) }) else { return }
        throw first
    }

    // MARK: - Values

    private mutating func take(_ key: String) -> (any TOMLValueConvertible)? {
        taken.insert(key)
        return table[key]
    }

    mutating func text(_ key: String) throws(ConfigurationError) -> String? {
        guard let value = take(key) else { return nil }
        guard let text = value.string else { throw fault(key, "is to be a text") }
        return text
    }

    mutating func truth(_ key: String) throws(ConfigurationError) -> Bool? {
        guard let value = take(key) else { return nil }
        guard let truth = value.bool else { throw fault(key, "is to be true or false") }
        return truth
    }

    mutating func number(_ key: String) throws(ConfigurationError) -> Int? {
        guard let value = take(key) else { return nil }
        guard let number = value.int, number > 0 else { throw fault(key, "is to be a number above 0") }
        return number
    }

    /// A text, or a number in its place, as an option reads it.
    mutating func value<Value>(
        _ key: String, _ parse: (String) throws(OptionError) -> Value
    ) throws(ConfigurationError) -> Value? {
        guard let value = take(key) else { return nil }
        return try parsed(key, value, parse)
    }

    mutating func list<Value>(
        _ key: String, _ parse: (String) throws(OptionError) -> Value
    ) throws(ConfigurationError) -> [Value]? {
        guard let value = take(key) else { return nil }
        guard let items = value.array else { throw fault(key, "is to be a list") }
        var values: [Value] = []
        for item in items { values.append(try parsed(key, item, parse)) }
        return values
    }

    private func parsed<Value>(
        _ key: String, _ value: any TOMLValueConvertible, _ parse: (String) throws(OptionError) -> Value
    ) throws(ConfigurationError) -> Value {
        guard let text = value.string ?? value.int.map({ "\($0)" }) else { throw fault(key, "is to be a text") }
        do throws(OptionError) {
            return try parse(text)
        } catch {
            throw fault(key, "is '\(text)': \(error.description)")
        }
    }

    // MARK: - Tables

    mutating func reader(_ key: String) throws(ConfigurationError) -> ConfigurationReader? {
        guard let value = take(key) else { return nil }
        guard let inner = value.table else { throw fault(key, "is to be a table: [\(key)]") }
        return ConfigurationReader(inner, section: key, of: self)
    }

    mutating func readers(_ key: String) throws(ConfigurationError) -> [ConfigurationReader] {
        guard let value = take(key) else { return [] }
        let message = "is to be a list of tables: [[\(key)]]"
        guard let items = value.array else { throw fault(key, message) }
        var readers: [ConfigurationReader] = []
        for item in items {
            guard let inner = item.table else { throw fault(key, message) }
            readers.append(ConfigurationReader(inner, section: "\(key) \(readers.count + 1)", of: self))
        }
        return readers
    }
}
