// Reads a configuration file: values of the types that are asked for, and an error with its line for everything else. The
// language is TOML 1.0.

/// What is wrong with a configuration file.
struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nil if it is the file as a whole.
    var line: Int?
    var message: String

    var description: String { line.map { "line \($0): \(message)" } ?? message }
}

/// Takes values out of a table, and knows what was not taken.
struct ConfigurationReader {
    private let entries: [TOMLEntry]
    private let line: Int
    /// The table's name, for messages; empty for the whole file.
    private let name: String
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
            // There are better words for these two than the library's.
            if line.contains(0) { throw ConfigurationError(line: number + 1, message: "a zero byte is no text") }
            guard String(validating: line, as: UTF8.self) != nil else {
                throw ConfigurationError(line: number + 1, message: "this is not UTF-8")
            }
        }
        do throws(TOMLError) {
            let root = try TOMLValue(reading: bytes)
            entries = root.table ?? []
            line = root.line
        } catch {
            throw ConfigurationError(line: error.line, message: error.message)
        }
        name = ""
        self.folder = folder
    }

    /// Nil if the value is no table.
    private init?(_ value: TOMLValue, name: String, folder: String) {
        guard let entries = value.table else { return nil }
        self.entries = entries
        line = value.line
        self.name = name
        self.folder = folder
    }

    /// An error of the table as a whole.
    func fault(_ message: String) -> ConfigurationError {
        ConfigurationError(line: line, message: name.isEmpty ? message : "[\(name)]: \(message)")
    }

    /// An error of one key.
    private func fault(_ entry: TOMLEntry, _ message: String) -> ConfigurationError {
        ConfigurationError(line: entry.line, message: "'\(entry.key)' \(message)")
    }

    /// Throws if something is left: a name that nobody knows.
    func finish() throws(ConfigurationError) {
        guard let unknown = entries.first(where: { !taken.contains($0.key) }) else { return }
        throw fault(unknown, "is not known here")
    }

    // MARK: - Values

    private mutating func take(_ key: String) -> TOMLEntry? {
        taken.insert(key)
        return entries.first { $0.key == key }
    }

    mutating func text(_ key: String) throws(ConfigurationError) -> String? {
        guard let entry = take(key) else { return nil }
        guard let text = entry.value.string else { throw fault(entry, "is to be a text") }
        return text
    }

    mutating func truth(_ key: String) throws(ConfigurationError) -> Bool? {
        guard let entry = take(key) else { return nil }
        guard let truth = entry.value.boolean else { throw fault(entry, "is to be true or false") }
        return truth
    }

    mutating func number(_ key: String) throws(ConfigurationError) -> Int? {
        guard let entry = take(key) else { return nil }
        guard let number = entry.value.integer, number > 0 else { throw fault(entry, "is to be a number above 0") }
        return Int(clamping: number)
    }

    /// A text, or a number in its place, as an option reads it.
    mutating func value<Value>(
        _ key: String, _ parse: (String) throws(OptionError) -> Value
    ) throws(ConfigurationError) -> Value? {
        guard let entry = take(key) else { return nil }
        return try parsed(entry, entry.value, parse)
    }

    mutating func list<Value>(
        _ key: String, _ parse: (String) throws(OptionError) -> Value
    ) throws(ConfigurationError) -> [Value]? {
        guard let entry = take(key) else { return nil }
        guard let items = entry.value.array else { throw fault(entry, "is to be a list") }
        var values: [Value] = []
        for item in items { values.append(try parsed(entry, item, parse)) }
        return values
    }

    private func parsed<Value>(
        _ entry: TOMLEntry, _ value: TOMLValue, _ parse: (String) throws(OptionError) -> Value
    ) throws(ConfigurationError) -> Value {
        guard let text = value.string ?? value.integer.map({ "\($0)" }) else { throw fault(entry, "is to be a text") }
        do throws(OptionError) {
            return try parse(text)
        } catch {
            throw fault(entry, "is '\(text)': \(error.description)")
        }
    }

    // MARK: - Tables

    mutating func reader(_ key: String) throws(ConfigurationError) -> ConfigurationReader? {
        guard let entry = take(key) else { return nil }
        guard let inner = ConfigurationReader(entry.value, name: key, folder: folder) else {
            throw fault(entry, "is to be a table: [\(key)]")
        }
        return inner
    }

    mutating func readers(_ key: String) throws(ConfigurationError) -> [ConfigurationReader] {
        guard let entry = take(key) else { return [] }
        let message = "is to be a list of tables: [[\(key)]]"
        guard let items = entry.value.array else { throw fault(entry, message) }
        var readers: [ConfigurationReader] = []
        for item in items {
            let name = "\(key) \(readers.count + 1)"
            guard let inner = ConfigurationReader(item, name: name, folder: folder) else { throw fault(entry, message) }
            readers.append(inner)
        }
        return readers
    }
}
