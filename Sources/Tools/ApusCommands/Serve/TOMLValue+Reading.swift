// Reads TOML 1.0. toml++ does it, behind the C functions of `CTOML`; all that is unsafe about that stays in this file. What
// they give lives no longer than `init` runs: every string is copied.

import CTOML

extension TOMLValue {
    /// Reads a file's bytes: a table.
    ///
    /// - Throws: the first error of the text, one of which is that tables and arrays stand too deep in one another.
    init(reading bytes: [UInt8]) throws(TOMLError) {
        guard let document = unsafe bytes.withUnsafeBytes({ unsafe ctoml_parse($0.baseAddress, $0.count) }) else {
            throw TOMLError(line: 1, message: "it cannot be read")
        }
        defer { unsafe ctoml_free(document) }
        guard let root = unsafe Self.root(document.pointee) else {
            let line = unsafe Int(document.pointee.error_line)
            throw unsafe TOMLError(line: line, message: Self.text(document.pointee.error))
        }
        self = root
    }

    /// Nil if there are no records: the text is no TOML.
    private static func root(_ document: ctoml_document) -> TOMLValue? {
        let records = unsafe UnsafeBufferPointer(start: document.records, count: document.count)
        // Children stand behind their parents. So from the back they are there when their parents are made, and lie in
        // `entries` from its end: the last record is the first entry.
        var entries: [TOMLEntry] = []
        entries.reserveCapacity(records.count)
        for index in records.indices.reversed() {
            let record = unsafe records[index]
            let end = unsafe records.count - record.first
            let children = unsafe entries[(end - record.count)..<end]
            let value = unsafe TOMLValue(content: content(record, children), line: Int(record.line))
            unsafe entries.append(TOMLEntry(key: text(record.key), value: value, line: Int(record.key_line)))
        }
        return entries.last?.value
    }

    /// - Parameter children: the last one first.
    private static func content(_ record: ctoml_record, _ children: ArraySlice<TOMLEntry>) -> Content {
        switch unsafe Int(record.kind) {
        case CTOML_TABLE: .table(children.reversed())
        case CTOML_ARRAY: .array(children.reversed().map(\.value))
        case CTOML_STRING: unsafe .string(text(record.string))
        case CTOML_INTEGER: unsafe .integer(record.integer)
        case CTOML_FLOAT: unsafe .float(record.floating)
        case CTOML_BOOLEAN: unsafe .boolean(record.boolean != 0)
        default: .other
        }
    }

    private static func text(_ text: ctoml_text) -> String {
        unsafe String(decoding: UnsafeRawBufferPointer(start: text.bytes, count: text.length), as: UTF8.self)
    }
}
