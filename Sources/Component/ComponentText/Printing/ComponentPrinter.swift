// Prints a component's binary as text (Explainer.md of the component model): one line a definition, in the order of the
// binary and without the abbreviations that would change it, names kept.
//
// What is printed parses back to a binary with the same contents; where the binary was made from text, to the same bytes.
// The component need not be valid to be printed: what is looked at is only whether it can be read.

package import InternalUtilities
package import WasmBinary
import WasmText
import WasmTypes

/// A component's text in the making.
package struct ComponentPrinter {
    let source: ByteSource
    var output = TextWriter()
    /// The scopes that are being printed, the innermost last.
    var scopes: [PrintedScope] = []
    private var depth = 0
    /// Of the line that is being printed.
    var indentation = 0

    /// Components, types and values within each other.
    private static let nestingLimit = 200

    private init(_ source: ByteSource) {
        self.source = source
    }

    /// The text of a file that holds a component or a module, in UTF-8.
    ///
    /// Throws an error of kind `malformed` for what cannot be read, `unsupported` for what has no text, and `limit` where the
    /// text would be too large.
    package static func text(of source: ByteSource) throws(BinaryError) -> [UInt8] {
        var reader = ByteReader(source.bytes, extent: 0..<source.count)
        guard source.count >= 8, try reader.readFixed32() == 0x6D73_6100, try reader.readFixed32() >> 16 == 1 else {
            return try ModulePrinter.text(of: try BinaryModule.decode(source: source))
        }
        var printer = ComponentPrinter(source)
        let names = printer.names(in: 0..<source.count)
        printer.output.write("(component")
        printer.output.write(ModulePrinter.binding(names.component))
        try printer.printFields(0..<source.count, names)
        printer.output.write(")\n")
        return printer.output.bytes
    }

    // MARK: - Components

    /// Prints what stands in a component, and leaves the parenthesis behind it to the caller.
    mutating func printFields(_ extent: ByteExtent, _ names: ComponentNameSection) throws(BinaryError) {
        try enter()
        scopes.append(PrintedScope(names))
        indentation += 1
        // The reader borrows this copy, so that printing may change the rest.
        let source = source
        var reader = ByteReader(source.bytes, extent: extent)
        try reader.skip(4)
        let start = reader.position
        guard try reader.readFixed32() == 0x0001_000D else {
            throw BinaryError(.malformed, "unknown version of a component", at: start)
        }
        while !reader.isAtEnd {
            let id = try reader.readByte()
            let size = Int(try reader.readVarUInt32())
            let section = try reader.readBytes(size)
            var contents = ByteReader(source.bytes, extent: section)
            try printSection(id, &contents, names)
            if output.isOverLimit {
                throw BinaryError(.limit, "text too large: at most \(TextWriter.limit) bytes are printed", at: 0)
            }
        }
        indentation -= 1
        scopes.removeLast()
        leave()
        newLine()
    }

    private mutating func printSection(
        _ id: UInt8, _ reader: inout ByteReader, _ names: ComponentNameSection
    ) throws(BinaryError) {
        switch id {
        case 0:
            let start = reader.position
            let name = try reader.readName()
            if start != names.offset { printCustomSection(name, reader.remainingExtent) }
            return
        case 1: return try printCoreModule(reader.remainingExtent)
        case 4: return try printComponent(reader.remainingExtent)
        case 9: try printStart(&reader)
        case 2, 3, 5, 6, 7, 8, 10, 11:
            for _ in 0..<(try reader.readVarUInt32()) {
                newLine()
                switch id {
                case 2: try printCoreInstance(&reader)
                case 3: try printCoreType(&reader)
                case 5: try printInstance(&reader)
                case 6: try printAlias(&reader)
                case 7: try printType(&reader)
                case 8: try printCanonical(&reader)
                case 10: try printImport(&reader)
                default: try printExport(&reader)
                }
                if output.isOverLimit { return }
            }
        case 12: throw BinaryError(.unsupported, "value definitions have no text yet", at: reader.position)
        default: throw BinaryError(.malformed, "malformed section id: \(id)", at: reader.position)
        }
        guard reader.isAtEnd else {
            throw BinaryError(.malformed, "unexpected content at the end of the section", at: reader.position)
        }
    }

    private mutating func printCoreModule(_ extent: ByteExtent) throws(BinaryError) {
        let module = try BinaryModule.decode(source: source, extent: extent)
        newLine()
        output.write("(core module")
        // A module's own name serves where the component has none for it.
        let index = scopes[scopes.count - 1].take(.coreModule)
        let binding = scopes[scopes.count - 1].binding(.coreModule, index)
        output.write(binding.isEmpty ? ModulePrinter.binding(unusedName(ModulePrinter.name(of: module), .coreModule)) : binding)
        output.write(" (;\(index);)")
        output.baseDepth += indentation
        try ModulePrinter.printFields(of: module, to: &output)
        output.baseDepth -= indentation
    }

    private mutating func printComponent(_ extent: ByteExtent) throws(BinaryError) {
        let names = names(in: extent)
        newLine()
        output.write("(component")
        let index = scopes[scopes.count - 1].take(.component)
        let binding = scopes[scopes.count - 1].binding(.component, index)
        output.write(binding.isEmpty ? ModulePrinter.binding(unusedName(names.component, .component)) : binding)
        output.write(" (;\(index);)")
        try printFields(extent, names)
        output.write(")")
    }

    /// A name, unless it is an identifier of something else of its sort, or was one.
    private mutating func unusedName(_ name: String?, _ sort: ItemSort) -> String? {
        guard let name, scopes[scopes.count - 1].reserve(name, sort) else { return nil }
        return name
    }

    private mutating func printCustomSection(_ name: String, _ contents: ByteExtent) {
        newLine()
        output.write("(@custom ")
        output.writeString(name)
        if !contents.isEmpty {
            output.write(" ")
            output.writeString(contents, of: source)
        }
        output.write(")")
    }

    private mutating func printStart(_ reader: inout ByteReader) throws(BinaryError) {
        newLine()
        output.write("(start \(reference(.function, try reader.readVarUInt32()))")
        for _ in 0..<(try reader.readVarUInt32()) {
            output.write(" (value \(reference(.value, try reader.readVarUInt32())))")
        }
        for _ in 0..<(try reader.readVarUInt32()) {
            output.write(" (result (value")
            writeBinding(.value)
            output.write("))")
            if output.isOverLimit { return }
        }
        output.write(")")
    }

    // MARK: - Names

    /// The names of the component in `extent`: what its last name section gives, if that can be read and written again.
    func names(in extent: ByteExtent) -> ComponentNameSection {
        var reader = ByteReader(source.bytes, extent: extent)
        var names = ComponentNameSection()
        do throws(BinaryError) {
            try reader.skip(8)
            while !reader.isAtEnd {
                let id = try reader.readByte()
                let size = Int(try reader.readVarUInt32())
                var contents = reader.reader(of: try reader.readBytes(size))
                guard id == 0 else { continue }
                let start = contents.position
                guard try contents.readName() == ComponentNameSection.name,
                    var section = try? ComponentNameSection(&contents)
                else { continue }
                section.offset = start
                names = section
            }
        } catch {
            // Whoever reads the sections for printing will say what is wrong.
        }
        return names
    }

    /// How a thing of the innermost scope is referred to: by its identifier if it has one and is defined already.
    func reference(_ sort: ItemSort, _ index: UInt32) -> String {
        scopes.last?.reference(sort, index) ?? String(index)
    }

    /// Takes the next index of a sort, and writes identifier, name and index of what is defined.
    mutating func writeBinding(_ sort: ItemSort) {
        let last = scopes.count - 1
        guard last >= 0 else { return }
        let index = scopes[last].take(sort)
        output.write(scopes[last].binding(sort, index))
        output.write(" (;\(index);)")
    }

    // MARK: - Lines and levels

    mutating func newLine() {
        output.newLine(indentation)
    }

    mutating func enter() throws(BinaryError) {
        depth += 1
        guard depth <= Self.nestingLimit else {
            throw BinaryError(.limit, "nested too deeply: at most \(Self.nestingLimit) levels are printed", at: 0)
        }
    }

    mutating func leave() {
        depth -= 1
    }
}

/// The identifiers of a scope, and how many things of each sort it has so far.
struct PrintedScope {
    private var identifiers: [IdentifierTable]
    private var counts: [UInt32]
    private var reserved: Set<String> = []

    /// A scope whose things have no names: a type.
    init() {
        self.init(ComponentNameSection())
    }

    init(_ names: ComponentNameSection) {
        identifiers = ItemSort.allCases.map { sort in
            IdentifierTable(sort.rawValue < names.items.count ? names.items[sort.rawValue] : NameMap(), count: .max)
        }
        counts = ItemSort.allCases.map { _ in 0 }
        for sort in ItemSort.allCases where sort.rawValue < names.items.count {
            for association in names.items[sort.rawValue].associations {
                reserved.insert("\(sort.rawValue)\(association.name)")
            }
        }
    }

    mutating func take(_ sort: ItemSort) -> UInt32 {
        counts[sort.rawValue] &+= 1
        return counts[sort.rawValue] &- 1
    }

    func binding(_ sort: ItemSort, _ index: UInt32) -> String { identifiers[sort.rawValue].binding(index) }

    func reference(_ sort: ItemSort, _ index: UInt32) -> String {
        index < counts[sort.rawValue] ? identifiers[sort.rawValue].reference(index) : String(index)
    }

    /// Says whether no other thing of the sort has this name, and lets none have it from now on.
    mutating func reserve(_ name: String, _ sort: ItemSort) -> Bool {
        reserved.insert("\(sort.rawValue)\(name)").inserted
    }
}
