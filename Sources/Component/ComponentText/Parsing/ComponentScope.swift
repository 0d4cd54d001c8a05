// A scope while it is being read: a component, or the type of a component, an instance or a module. Each has index spaces
// of its own, and takes definitions in order, which is the order of the binary.

import WasmBinary
import WasmText

/// What is known of a scope so far, and its binary as far as it is written.
struct ComponentScope {
    enum Kind {
        case component
        case componentType
        case instanceType
        case moduleType
    }

    /// An export that a definition asked for by `(export …)`, and which stands behind all fields.
    struct PendingExport {
        var name: ByteWriter
        var sort: ItemSort
        var index: UInt32
    }

    let kind: Kind
    /// The identifier that outer aliases can name the scope by.
    let symbol: UInt32?
    /// The spaces of all sorts but core types.
    var spaces: [IndexSpace]
    var coreTypes: CoreTypeSpace
    /// What a component consists of.
    var sections = SectionSequence()
    /// What a type consists of.
    var declarations = VectorSection()
    /// By sort.
    var names: [NameMap]
    var pendingExports: [PendingExport] = []

    init(_ kind: Kind, symbol: UInt32?, text: TokenizedText) {
        self.kind = kind
        self.symbol = symbol
        spaces = ItemSort.allCases.map { IndexSpace($0.text) }
        coreTypes = CoreTypeSpace(text)
        names = ItemSort.allCases.map { _ in NameMap() }
    }

    /// The index that an identifier stands for here.
    func index(of symbol: UInt32, _ sort: ItemSort) -> UInt32? {
        sort == .coreType ? coreTypes[symbol] : spaces[sort.rawValue][symbol]
    }
}

/// The sections of a component, in order: definitions of one kind that follow each other share a section.
struct SectionSequence: Sendable {
    enum Section: UInt8 {
        case custom, coreModule, coreInstance, coreType, component, instance, alias, type, canonical, start, `import`, export
    }

    private(set) var output = ByteWriter()
    private var current: Section?
    private var contents = VectorSection()

    /// Adds an item to a section that is a vector.
    mutating func append(_ section: Section, _ item: ByteWriter) {
        if current != section { flush() }
        current = section
        contents.append { $0.write(item) }
    }

    /// Adds a section that is one thing.
    mutating func appendWhole(_ section: Section, _ bytes: [UInt8]) {
        flush()
        output.write(section.rawValue)
        output.writeVector(bytes)
    }

    mutating func appendCustom(_ name: String, _ bytes: [UInt8]) {
        var contents = ByteWriter()
        contents.writeName(name)
        contents.write(contentsOf: bytes)
        appendWhole(.custom, contents.bytes)
    }

    /// Writes the section that is not whole yet.
    mutating func flush() {
        guard let section = current else { return }
        var sized = ByteWriter()
        sized.writeVarUInt32(contents.count)
        sized.write(contents.writer)
        output.write(section.rawValue)
        output.writeSized(sized)
        contents = VectorSection()
        current = nil
    }
}
