// Prints a binary as text (core specification, chapter 6): one line an instruction, blocks indented, names kept.
//
// What is printed parses back to a binary with the same contents; where the binary was made from text, to the same bytes.
// A module need not be valid to be printed, but its bodies must decode.

import InternalUtilities
package import WasmBinary
import WasmTypes

/// A module's text in the making.
package struct ModulePrinter {
    let module: BinaryModule
    let source: ByteSource
    let names: NameMaps
    var output = TextWriter()

    let functions: IdentifierTable
    let types: IdentifierTable
    let tables: IdentifierTable
    let memories: IdentifierTable
    let globals: IdentifierTable
    let elements: IdentifierTable
    let data: IdentifierTable
    let tags: IdentifierTable
    /// Of the function that is being printed.
    var locals = IdentifierTable(NameMap(), count: 0)
    var labels = PrintedLabels()

    private init(_ module: BinaryModule) {
        self.module = module
        source = module.source
        names = NameMaps(of: module)
        functions = IdentifierTable(names.functions, count: module.functions.count)
        types = IdentifierTable(names.types, count: module.types.count)
        tables = IdentifierTable(names.tables, count: module.tables.count)
        memories = IdentifierTable(names.memories, count: module.memories.count)
        globals = IdentifierTable(names.globals, count: module.globals.count)
        elements = IdentifierTable(names.elements, count: module.elements.count)
        data = IdentifierTable(names.data, count: module.data.count)
        tags = IdentifierTable(names.tags, count: module.tags.count)
    }

    /// The text of a module, in UTF-8.
    ///
    /// Throws an error of kind `malformed` where a body does not decode, and of kind `limit` where the text would be larger
    /// than 1 GiB.
    package static func text(of module: BinaryModule) throws(BinaryError) -> [UInt8] {
        var printer = ModulePrinter(module)
        printer.output.write("(module")
        printer.output.write(Self.binding(printer.names.module))
        try printer.printFields()
        printer.output.write("\n")
        return printer.output.bytes
    }

    /// Prints the fields of a module that stands in something else, and the parenthesis behind them.
    package static func printFields(of module: BinaryModule, to output: inout TextWriter) throws(BinaryError) {
        var printer = ModulePrinter(module)
        swap(&printer.output, &output)
        defer { swap(&printer.output, &output) }
        try printer.printFields()
    }

    /// The name that a module gives itself.
    package static func name(of module: BinaryModule) -> String? { NameMaps(of: module).module }

    /// An identifier and an annotation, as far as a name takes them, each after a blank.
    package static func binding(_ name: String?) -> String {
        guard let name else { return "" }
        return " " + (TextWriter.identifier(name) ?? "(@name \"\")")
    }

    private mutating func printFields() throws(BinaryError) {
        try printTypes()
        try printImports()
        for index in module.importedTableCount..<module.tables.count { try printTable(index) }
        for index in module.importedMemoryCount..<module.memories.count { printMemory(index) }
        for index in module.importedTagCount..<module.tags.count { try printTag(index) }
        for index in module.importedGlobalCount..<module.globals.count { try printGlobal(index) }
        for export in module.exports { try printExport(export) }
        if let start = module.start {
            output.newLine(1)
            output.write("(start \(functions.reference(start.rawValue)))")
        }
        for index in module.elements.indices { try printElements(index) }
        for index in module.importedFunctionCount..<module.functions.count { try printFunction(index) }
        for index in module.data.indices { try printData(index) }
        printCustomSections()
        output.newLine(0)
        output.write(")")
        try checkLimit()
    }

    func checkLimit() throws(BinaryError) {
        if output.isOverLimit {
            throw BinaryError(.limit, "text too large: at most \(TextWriter.limit) bytes are printed", at: 0)
        }
    }

    /// Begins a field: the keyword, the identifier, and the index as a comment.
    mutating func beginField(_ keyword: StaticString, _ index: Int, _ identifiers: IdentifierTable) {
        output.newLine(1)
        beginItem(keyword, index, identifiers)
    }

    mutating func beginItem(_ keyword: StaticString, _ index: Int, _ identifiers: IdentifierTable) {
        output.write("(")
        output.write(keyword)
        output.write(identifiers.binding(UInt32(truncatingIfNeeded: index)))
        output.write(" (;\(index);)")
    }
}
