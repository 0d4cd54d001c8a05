// The configuration file's language: TOML 1.0 without what a configuration of this kind has no use for, which is dates,
// floating-point numbers, strings of several lines and tables written in line. Each of those is refused by name.
//
// It is read here because the libraries that read TOML or YAML bring Foundation with them, which would make every start
// of the command take two milliseconds longer.

/// A value, and the line that it stands on.
struct TOMLValue: Hashable, Sendable {
    indirect enum Content: Hashable, Sendable {
        case text(String)
        case number(Int64)
        case truth(Bool)
        case list([TOMLValue])
        case table(TOMLTable)
        /// `[[name]]`
        case tables([TOMLTable])
    }

    var content: Content
    var line: Int
}

/// Keys and their values.
struct TOMLTable: Hashable, Sendable {
    var values: [String: TOMLValue] = [:]
    var line: Int
}

/// What is wrong with a configuration file.
struct TOMLError: Error, Hashable, Sendable, CustomStringConvertible {
    var line: Int
    var message: String

    var description: String { "line \(line): \(message)" }
}

/// Reads a file.
struct TOMLParser {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1

    /// How deep lists may nest.
    private static let depth = 16
    /// How long a file may be, in bytes.
    private static let longest = 4 << 20

    static func parse(_ bytes: [UInt8]) throws(TOMLError) -> TOMLTable {
        guard bytes.count <= longest else { throw TOMLError(line: 1, message: "the file is too long") }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw TOMLError(line: 1, message: "the file is not UTF-8") }
        var parser = TOMLParser(bytes: bytes)
        return try parser.document()
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private func fault(_ message: String) -> TOMLError { TOMLError(line: line, message: message) }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let next, UInt32(next) == character.value else { return false }
        position += 1
        return true
    }

    private mutating func skipBlanks() {
        while next == 0x20 || next == 0x09 { position += 1 }
    }

    /// The rest of a line that must have nothing more to say.
    private mutating func endLine() throws(TOMLError) {
        skipBlanks()
        if next == UInt8(ascii: "#") { while let next, next != 0x0A { _ = next; position += 1 } }
        if next == 0x0D { position += 1 }
        guard next == nil || next == 0x0A else { throw fault("something stands behind the value") }
        if next == 0x0A { position += 1 }
        line += 1
    }

    private mutating func skipLines() throws(TOMLError) {
        while true {
            skipBlanks()
            guard let next, next == 0x0A || next == 0x0D || next == UInt8(ascii: "#") else { return }
            try endLine()
        }
    }

    private mutating func document() throws(TOMLError) -> TOMLTable {
        var root = TOMLTable(line: 1)
        var path: [String] = []
        while true {
            try skipLines()
            guard next != nil else { return root }
            if take("[") {
                let isList = take("[")
                path = try keys()
                guard take("]"), !isList || take("]") else { throw fault("the table's name is not closed") }
                try open(path, isList: isList, in: &root)
                try endLine()
            } else {
                let keys = path + (try self.keys())
                guard take("=") else { throw fault("'=' is missing behind the key") }
                skipBlanks()
                let value = TOMLValue(content: try content(depth: 0), line: line)
                try set(keys[...], to: value, in: &root)
                try endLine()
            }
        }
    }

    // MARK: - Keys

    private mutating func keys() throws(TOMLError) -> [String] {
        var keys: [String] = []
        repeat {
            skipBlanks()
            if next == UInt8(ascii: "\"") || next == UInt8(ascii: "'") {
                keys.append(try string())
            } else {
                let start = position
                while let next, Self.isKeyByte(next) { position += 1 }
                guard position > start else { throw fault("a key is missing") }
                keys.append(String(decoding: bytes[start..<position], as: UTF8.self))
            }
            skipBlanks()
        } while take(".")
        guard keys.count <= Self.depth else { throw fault("the key has too many parts") }
        return keys
    }

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    // MARK: - Tables

    private func open(_ path: [String], isList: Bool, in root: inout TOMLTable) throws(TOMLError) {
        try change(path[...], in: &root) { (table, key) throws(TOMLError) in
            switch table.values[key]?.content {
            case nil:
                let empty = TOMLTable(line: line)
                table.values[key] = TOMLValue(content: isList ? .tables([empty]) : .table(empty), line: line)
            case .tables(let tables) where isList: table.values[key]?.content = .tables(tables + [TOMLTable(line: line)])
            default: throw fault("'\(path.joined(separator: "."))' is there already")
            }
        }
    }

    private func set(_ path: ArraySlice<String>, to value: TOMLValue, in root: inout TOMLTable) throws(TOMLError) {
        try change(path, in: &root) { (table, key) throws(TOMLError) in
            guard table.values.updateValue(value, forKey: key) == nil else { throw fault("'\(key)' is there already") }
        }
    }

    /// Calls `body` with the table that the last key belongs to, and makes the tables on the way.
    private func change(
        _ path: ArraySlice<String>, in table: inout TOMLTable, _ body: (inout TOMLTable, String) throws(TOMLError) -> Void
    ) throws(TOMLError) {
        guard let first = path.first else { return }
        if path.count == 1 { return try body(&table, first) }
        switch table.values[first]?.content {
        case nil:
            var inner = TOMLTable(line: line)
            try change(path.dropFirst(), in: &inner, body)
            table.values[first] = TOMLValue(content: .table(inner), line: line)
        case .table(var inner):
            try change(path.dropFirst(), in: &inner, body)
            table.values[first]?.content = .table(inner)
        case .tables(var tables):
            guard var inner = tables.popLast() else { return }
            try change(path.dropFirst(), in: &inner, body)
            table.values[first]?.content = .tables(tables + [inner])
        default: throw fault("'\(first)' is no table")
        }
    }

    // MARK: - Values

    private mutating func content(depth: Int) throws(TOMLError) -> TOMLValue.Content {
        guard let next else { throw fault("a value is missing") }
        switch next {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .text(try string())
        case UInt8(ascii: "["): return .list(try list(depth: depth))
        case UInt8(ascii: "{"): throw fault("tables in line are not supported; use [name]")
        default: break
        }
        let start = position
        while let next = self.next, Self.isKeyByte(next) || next == UInt8(ascii: "+") || next == UInt8(ascii: ".")
            || next == UInt8(ascii: ":")
        { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        switch word {
        case "true": return .truth(true)
        case "false": return .truth(false)
        case "": throw fault("a value is missing")
        default:
            let digits = word.replacing("_", with: "")
            guard let number = Int64(digits) else {
                throw fault("'\(word)' is no integer, no 'true' and no 'false'; texts stand in quotation marks")
            }
            return .number(number)
        }
    }

    private mutating func list(depth: Int) throws(TOMLError) -> [TOMLValue] {
        guard depth < Self.depth else { throw fault("lists nest too deeply") }
        _ = take("[")
        var values: [TOMLValue] = []
        while true {
            try skipLines()
            if take("]") { return values }
            values.append(TOMLValue(content: try content(depth: depth + 1), line: line))
            try skipLines()
            if take("]") { return values }
            guard take(",") else { throw fault("',' or ']' is missing in the list") }
        }
    }

    private mutating func string() throws(TOMLError) -> String {
        let isLiteral = next == UInt8(ascii: "'")
        let quote: UInt8 = isLiteral ? UInt8(ascii: "'") : UInt8(ascii: "\"")
        position += 1
        if next == quote, position + 1 < bytes.count, bytes[position + 1] == quote {
            throw fault("texts of several lines are not supported")
        }
        var text: [UInt8] = []
        while let next {
            position += 1
            if next == quote { return String(decoding: text, as: UTF8.self) }
            if next < 0x20, next != 0x09 { break }
            if next == UInt8(ascii: "\\"), !isLiteral {
                text += try escape().utf8
            } else {
                text.append(next)
            }
        }
        throw fault("the text is not closed")
    }

    private mutating func escape() throws(TOMLError) -> String {
        guard let next else { throw fault("the text is not closed") }
        position += 1
        switch next {
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            let count = next == UInt8(ascii: "u") ? 4 : 8
            guard position + count <= bytes.count,
                let number = UInt32(String(decoding: bytes[position..<position + count], as: UTF8.self), radix: 16),
                let scalar = Unicode.Scalar(number)
            else { throw fault("no character has this number") }
            position += count
            return String(Character(scalar))
        default: throw fault("'\\\(Character(Unicode.Scalar(next)))' is no escape")
        }
    }
}
