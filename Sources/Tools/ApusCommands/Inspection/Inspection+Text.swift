// An inspection as a person reads it:
//
//     component, 18.5 MB (19,382,911 bytes)
//
//     imports
//       wasi:cli/environment@0.2.0
//         get-environment  func() -> list<tuple<string, string>>

extension Inspection {
    /// The text, with a newline at the end.
    var text: String {
        var text = InspectionText()
        text.write(self, indentation: "")
        return text.text
    }
}

private struct InspectionText {
    /// How many characters of a type are shown.
    private static let typeLimit = 160

    private(set) var text = ""

    private mutating func line(_ indentation: String, _ words: String) {
        text += indentation + words.printable + "\n"
    }

    mutating func write(_ inspection: Inspection, indentation: String) {
        let name = inspection.name.map { " '\($0)'" } ?? ""
        line(indentation, "\(inspection.kind.rawValue)\(name), \(Self.size(inspection.size))")
        let inner = indentation + "  "
        if let module = inspection.module { write(module, indentation: inner) }
        write(inspection.imports, "imports", indentation: inner)
        write(inspection.exports, "exports", indentation: inner)
        if !inspection.producers.isEmpty {
            line(inner, "producers")
            table(inspection.producers.map { [$0.field, $0.name, $0.version] }, indentation: inner + "  ")
        }
        if !inspection.customSections.isEmpty {
            line(inner, "custom sections")
            table(inspection.customSections.map { [$0.name, Self.size($0.size)] }, indentation: inner + "  ")
        }
        if !inspection.nested.isEmpty {
            line(inner, "inside")
            for item in inspection.nested { write(item, indentation: inner + "  ") }
        }
    }

    private mutating func write(_ module: Inspection.ModuleContents, indentation: String) {
        var rows: [[String]] = []
        if module.functions > 0 {
            rows.append(["functions", "\(Self.grouped(module.functions)), \(Self.size(module.codeSize)) of code"])
        }
        rows += module.memories.map { ["memory", String($0.dropFirst("memory ".count))] }
        rows += module.tables.map { ["table", String($0.dropFirst("table ".count))] }
        if module.globals > 0 { rows.append(["globals", Self.grouped(module.globals)]) }
        if module.tags > 0 { rows.append(["tags", Self.grouped(module.tags)]) }
        if module.dataSegments > 0 {
            let segments = module.dataSegments == 1 ? "1 segment" : "\(Self.grouped(module.dataSegments)) segments"
            rows.append(["data", "\(segments), \(Self.size(module.dataSize))"])
        }
        if module.elementSegments > 0 { rows.append(["elements", Self.count(module.elementSegments, "segment")]) }
        if let start = module.start { rows.append(["start", start]) }
        table(rows, indentation: indentation)
    }

    private mutating func write(_ items: [Inspection.Item], _ title: String, indentation: String) {
        guard !items.isEmpty else { return }
        line(indentation, title)
        let inner = indentation + "  "
        var rest = items[...]
        while let first = rest.first {
            let group = rest.prefix { $0.group == first.group }
            rest = rest.dropFirst(group.count)
            let rows = group.map { [$0.name.isEmpty ? "\"\"" : $0.name, $0.type] }
            if let name = first.group {
                line(inner, name)
                table(rows, indentation: inner + "  ")
            } else {
                table(rows, indentation: inner)
            }
        }
    }

    /// Rows whose columns stand under each other. A word that is longer than others by far does not push them all away.
    private mutating func table(_ rows: [[String]], indentation: String) {
        let limit = 36
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.dropLast().enumerated() {
                if column == widths.count { widths.append(0) }
                let width = cell.printable.count
                if width <= limit { widths[column] = max(widths[column], width) }
            }
        }
        for row in rows {
            var words = ""
            for (column, cell) in row.enumerated() {
                var shown = cell.printable
                if column == row.count - 1, shown.count > Self.typeLimit { shown = shown.prefix(Self.typeLimit) + "…" }
                words += shown
                guard column < row.count - 1 else { continue }
                words += String(repeating: " ", count: max(0, widths[column] - shown.count) + 2)
            }
            line(indentation, words)
        }
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    /// `19382911` becomes `19,382,911`.
    private static func grouped(_ number: Int) -> String {
        var text = ""
        let digits = String(number)
        for (position, digit) in digits.enumerated() {
            if position > 0, (digits.count - position) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    /// A size for people, and from a kilobyte on in bytes as well.
    private static func size(_ bytes: Int) -> String {
        guard bytes >= 1_000 else { return count(bytes, "byte") }
        let units = ["KB", "MB", "GB", "TB"]
        var value = bytes
        var unit = 0
        while value >= 1_000_000, unit < units.count - 1 {
            value /= 1_000
            unit += 1
        }
        let tenths = (value + 50) / 100
        return "\(tenths / 10).\(tenths % 10) \(units[unit]) (\(grouped(bytes)) bytes)"
    }
}
