// Parses a component's text into its binary (Explainer.md and Binary.md of the component model).
//
// A component is read once, from its start to its end, and its sections are written as the fields come: nothing may be
// used before it is defined. A field is read whole before its references are resolved, because what it implies is written
// before it: first the types that stand in it, then the instances, then the aliases that its references need. Components
// and types nest, and are read by recursion, of limited depth.

import WasmBinary
import WasmText

/// A component's text on its way into a binary.
struct ComponentParser {
    var cursor: TokenCursor
    /// The scopes that the cursor stands in, the innermost last.
    var scopes: [ComponentScope] = []
    /// How many things the cursor stands in that are read by recursion.
    private var depth = 0
    /// Whether references to core items may lack `core`, as they did once.
    let acceptsOldReferences: Bool
    let names: NameTreatment

    /// Components, types and values within each other.
    private static let nestingLimit = 100

    init(_ text: TokenizedText, at position: Int, acceptsOldReferences: Bool, names: NameTreatment) {
        cursor = TokenCursor(text, at: position)
        self.acceptsOldReferences = acceptsOldReferences
        self.names = names
    }

    var text: TokenizedText { cursor.text }

    /// The binary of the component whose identifier or first field is at the cursor, which is left at `end`.
    ///
    /// - Parameter end: the position of the token behind the last field.
    mutating func parse(to end: Int) throws(TextError) -> [UInt8] {
        let symbol = cursor.takeIdentifierIf()
        return try parseComponent(symbol: symbol, name: try takeName(symbol), to: end)
    }

    // MARK: - Scopes

    /// Does something in a new scope, and gives the scope back.
    mutating func withScope(
        _ kind: ComponentScope.Kind, symbol: UInt32?,
        _ body: (inout ComponentParser) throws(TextError) -> Void
    ) throws(TextError) -> ComponentScope {
        try enter()
        scopes.append(ComponentScope(kind, symbol: symbol, text: text))
        try body(&self)
        depth -= 1
        return scopes.removeLast()
    }

    /// Counts a level of recursion.
    mutating func enter() throws(TextError) {
        depth += 1
        guard depth <= Self.nestingLimit else {
            throw cursor.error("nested too deeply: at most \(Self.nestingLimit) levels are allowed", at: cursor.current)
        }
    }

    mutating func leave() {
        depth -= 1
    }

    var isInComponent: Bool { scopes.last?.kind == .component }

    // MARK: - Definitions

    /// Gives the next index of a sort to a definition, and binds its identifier and its name.
    @discardableResult
    mutating func bind(_ sort: ItemSort, _ binding: Binding = Binding()) throws(TextError) -> UInt32 {
        let last = scopes.count - 1
        guard last >= 0 else { throw cursor.unexpected() }
        let index =
            sort == .coreType
            ? scopes[last].coreTypes.add(binding.symbol) : scopes[last].spaces[sort.rawValue].add(binding.symbol)
        guard let index else { throw duplicate(sort, binding) }
        if let name = binding.name { scopes[last].names[sort.rawValue].append(name, for: index) }
        return index
    }

    func duplicate(_ sort: ItemSort, _ binding: Binding) -> TextError {
        let spelling = binding.symbol.map { cursor.spelling($0) } ?? ""
        return text.error(
            "duplicate \(sort.text) identifier: \(spelling)", at: Int((binding.token ?? cursor.current).start))
    }

    /// Writes a definition to the innermost scope.
    mutating func define(_ section: SectionSequence.Section, _ item: ByteWriter) throws(TextError) {
        let last = scopes.count - 1
        guard last >= 0 else { throw cursor.unexpected() }
        if scopes[last].kind == .component {
            scopes[last].sections.append(section, item)
            return
        }
        let isModuleType = scopes[last].kind == .moduleType
        let code: UInt8
        switch section {
        case .coreType: code = isModuleType ? 0x01 : 0x00
        case .type: code = 0x01
        case .alias: code = 0x02
        case .import: code = isModuleType ? 0x00 : 0x03
        case .export: code = isModuleType ? 0x03 : 0x04
        default: throw cursor.unexpected("a declaration of a type")
        }
        scopes[last].declarations.append { writer in
            writer.write(code)
            writer.write(item)
        }
    }

    // MARK: - Names

    /// What a definition is called.
    struct Binding {
        var symbol: UInt32?
        var name: String?
        /// Of the identifier.
        var token: Token?
    }

    /// Takes an identifier, and the name that an annotation gives.
    mutating func takeBinding() throws(TextError) -> Binding {
        let token = cursor.current
        let symbol = cursor.takeIdentifierIf()
        return Binding(symbol: symbol, name: try takeName(symbol), token: token)
    }

    /// The name of what an identifier was just taken for.
    func takeName(_ symbol: UInt32?) throws(TextError) -> String? {
        for index in text.annotations(from: cursor.position, through: cursor.position)
        where text.annotations[index].name == .name {
            let annotation = text.annotations[index]
            let contents = text.annotationTokens[annotation.contents]
            guard contents.count == 1, let token = contents.first else { throw text.error(annotation, "string expected") }
            return try text.name(token, of: annotation)
        }
        guard names == .keep, let symbol else { return nil }
        return text.symbolText(symbol)
    }

    /// Writes the custom sections whose annotations stand before the current token.
    mutating func takeCustomAnnotations() throws(TextError) {
        guard !text.annotations.isEmpty, isInComponent else { return }
        for index in text.annotations(from: cursor.position, through: cursor.position) {
            let annotation = text.annotations[index]
            switch annotation.name {
            case .custom:
                var contents = text.annotationTokens[annotation.contents]
                guard let first = contents.popFirst() else { throw text.error(annotation, "missing section name") }
                let name = try text.name(first, of: annotation)
                var bytes: [UInt8] = []
                while let token = contents.popFirst() {
                    guard token.kind == .string else { throw text.error(annotation, "unexpected token") }
                    text.appendString(token, to: &bytes)
                }
                scopes[scopes.count - 1].sections.appendCustom(name, bytes)
            case .producers:
                let bytes = try text.producersSection(annotation)
                scopes[scopes.count - 1].sections.appendCustom("producers", bytes)
            case .name, .branchHint: break
            }
        }
    }
}
