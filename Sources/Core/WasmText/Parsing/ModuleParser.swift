// Parses a module's text into its binary (core specification, section 6.6).
//
// Identifiers may be used before they are bound, so a module is walked twice: first from field to field, without looking
// into them, to bind what they define; then in full, writing the binary's sections as the fields come. Types are read in
// between, because the second walk needs to know them. There is no tree in memory, and no recursion: folded instructions
// and blocks, the only things that nest, are kept on a stack of the parser's own.

import InternalUtilities
import WasmBinary
import WasmTypes

/// What becomes of a text's identifiers.
package enum NameTreatment: Hashable, Sendable {
    /// They are written to a name section.
    case keep
    case drop
}

/// A module's text on its way into a binary.
struct ModuleParser {
    var cursor: TokenCursor
    /// The position of the token behind the last field.
    let end: Int
    let names: NameTreatment

    var encoder = ModuleEncoder()
    var nameMaps = NameMaps()

    var types = IndexSpace("type")
    var functions = IndexSpace("function")
    var tables = IndexSpace("table")
    var memories = IndexSpace("memory")
    var globals = IndexSpace("global")
    var tags = IndexSpace("tag")
    var elements = IndexSpace("elem segment")
    var data = IndexSpace("data segment")

    /// What has been defined so far in the first walk; after it nothing can be imported.
    var definedKind: StaticString?

    // MARK: Types

    /// The groups that define types, in order.
    var typeFields: [Int] = []
    /// The function types among the defined ones; nil for others.
    var definedTypes: [FunctionType?] = []
    /// The first type, outside of a group and final, that is this function type.
    var functionTypes: [FunctionType: UInt32] = [:]
    /// The fields of structures that have identifiers, by type and symbol.
    var fieldIndices: [UInt64: UInt32] = [:]

    // MARK: The second walk

    /// The next index of each kind.
    var nextFunction: UInt32 = 0
    var nextTable: UInt32 = 0
    var nextMemory: UInt32 = 0
    var nextGlobal: UInt32 = 0
    var nextTag: UInt32 = 0

    /// The body or expression that is being parsed.
    var body = ByteWriter()
    /// Folded instructions whose operands are being parsed.
    var pending = ByteWriter()
    var frames: [BodyFrame] = []
    var labels = LabelStack()
    var locals = IndexSpace("local")
    var localNames = NameMap()
    var labelNames = NameMap()
    /// The number of blocks that the function has so far.
    var blockCount: UInt32 = 0
    /// Hints of the function, as offset in its body and value.
    var branchHints: [(offset: Int, value: UInt8)] = []
    var branchHintSection = VectorSection()

    // MARK: Annotations

    /// The annotations between the module's first token and its last.
    let annotations: Range<Int>
    /// Which of them have been used.
    var usedAnnotations: Set<Int> = []

    /// - Parameters:
    ///   - position: of the first field, or of the module's identifier.
    ///   - end: of the token behind the last field.
    init(_ text: TokenizedText, from position: Int, to end: Int, names: NameTreatment) {
        cursor = TokenCursor(text, at: position)
        self.end = end
        self.names = names
        annotations = text.annotations(from: position, through: end)
    }

    /// A parser of types that stand in no module, whose annotations are somebody else's.
    init(typesOf text: TokenizedText) {
        cursor = TokenCursor(text)
        end = 0
        names = .drop
        annotations = 0..<0
    }

    /// The binary.
    mutating func parse() throws(TextError) -> [UInt8] {
        let symbol = cursor.takeIdentifierIf()
        return try parse(named: try takeName(symbol))
    }

    /// The binary of a module whose name has been read.
    mutating func parse(named name: String?) throws(TextError) -> [UInt8] {
        nameMaps.module = name
        while let index = annotationIndex(.name) {
            // A second name for the same module.
            throw cursor.text.error(
                "@name annotation: multiple module names", at: cursor.text.annotations[index].offset)
        }
        let first = cursor.position
        try scanFields()
        try parseTypes()
        cursor.position = first
        while cursor.position < end { try parseField() }
        try takeCustomAnnotations()
        try refuseUnusedAnnotations()
        if branchHintSection.count > 0 {
            var contents = ByteWriter()
            contents.writeVarUInt32(branchHintSection.count)
            contents.write(branchHintSection.writer)
            encoder.appendCustom(Annotation.Name.branchHint.text, contents.bytes, at: .before(.code))
        }
        if names == .keep {
            let section = nameMaps.encode()
            if !section.isEmpty { encoder.appendCustom("name", section) }
        }
        return encoder.encode()
    }

    // MARK: - Indices

    /// Takes an index, by number or by name.
    mutating func takeIndex(_ space: IndexSpace) throws(TextError) -> UInt32 {
        let token = cursor.current
        switch token.kind {
        case .natural: return try cursor.takeNatural32()
        case .identifier:
            cursor.position += 1
            guard let index = space[token.payload] else {
                throw cursor.error("unknown \(space.kind) \(cursor.spelling(token.payload))", at: token)
            }
            return index
        default: throw cursor.unexpected("an index of a \(space.kind)")
        }
    }

    /// Takes an index if there is one, otherwise it is 0.
    mutating func takeIndexIf(_ space: IndexSpace) throws(TextError) -> UInt32 {
        cursor.isIndex ? try takeIndex(space) : 0
    }

    // MARK: - Names

    /// The name that an annotation gives, or otherwise the symbol's text.
    mutating func takeName(_ symbol: UInt32?) throws(TextError) -> String? {
        if !annotations.isEmpty, let name = try takeNameAnnotation() { return name }
        guard names == .keep, let symbol else { return nil }
        return cursor.text.symbols.text(symbol)
    }

    /// The key of a field in `fieldIndices`.
    static func fieldKey(type: UInt32, symbol: UInt32) -> UInt64 { UInt64(type) << 32 | UInt64(symbol) }
}
