// Parses `.wast` scripts (the reference interpreter's README, "Scripts").
//
// A module in text that is none does not make the script unreadable: the command carries the error, and the others run.

/// Reads components in a script, which are none of this module's business.
package protocol ScriptComponentReader: Sendable {
    /// The binary of a component.
    ///
    /// - Parameters:
    ///   - position: of its identifier or its first field.
    ///   - end: of the token behind its last field.
    static func encode(fieldsAt position: Int, to end: Int, of text: TokenizedText) throws(TextError) -> [UInt8]
}

/// A script on its way into commands.
struct ScriptParser {
    var cursor: TokenCursor
    /// nil where scripts have no components.
    let components: (any ScriptComponentReader.Type)?
    /// The line of the byte at `lineOffset`, from where the next line number is counted.
    private var line = 1
    private var lineOffset = 0

    init(_ text: TokenizedText, components: (any ScriptComponentReader.Type)?) {
        cursor = TokenCursor(text)
        self.components = components
    }

    mutating func parse() throws(TextError) -> Script {
        var commands: [ScriptCommand] = []
        if isInlineModule {
            let last = cursor.text.tokens.count - 1
            var parser = ModuleParser(cursor.text, from: 0, to: last, names: .keep)
            let module = ScriptModule(.binary(try parser.parse()))
            return Script(commands: [ScriptCommand(line: 1, kind: .module(module, name: nil))])
        }
        while cursor.current.kind != .end {
            let line = lineNumber(of: cursor.current)
            let closing = try cursor.closing(of: cursor.position)
            cursor.position += 1
            commands.append(ScriptCommand(line: line, kind: try parseCommand(closing)))
            try cursor.takeRightParenthesis()
        }
        return Script(commands: commands)
    }

    /// Whether the text is the fields of a module, without `(module …)` around them.
    private var isInlineModule: Bool {
        guard cursor.current.kind == .leftParenthesis else { return false }
        switch cursor.keyword(at: 1) {
        case .type, .rec, .import, .export, .func, .table, .memory, .global, .tag, .elem, .data, .start: return true
        default: return false
        }
    }

    /// Counted on from the last one, so that all of them take time linear in the text.
    private mutating func lineNumber(of token: Token) -> Int {
        let bytes = cursor.text.bytes
        while lineOffset < Int(token.start), lineOffset < bytes.count {
            switch bytes[lineOffset] {
            case 0x0A: line += 1
            case 0x0D where lineOffset + 1 >= bytes.count || bytes[lineOffset + 1] != 0x0A: line += 1
            default: break
            }
            lineOffset += 1
        }
        return line
    }

    // MARK: - Commands

    /// - Parameter closing: the position of the parenthesis that closes the command; the cursor is left there.
    private mutating func parseCommand(_ closing: Int) throws(TextError) -> ScriptCommand.Kind {
        let token = cursor.take()
        switch cursor.text.keyword(of: token) {
        case .module: return try parseModuleCommand(closing, isComponent: false)
        case .component where components != nil: return try parseModuleCommand(closing, isComponent: true)
        case .register:
            let alias = try cursor.takeName()
            return .register(name: takeInstanceName(), as: alias)
        case .invoke, .get: return .action(try parseAction(token))
        case .assertReturn:
            let action = try takeAction()
            var expected: [ExpectedValue] = []
            while cursor.current.kind == .leftParenthesis { expected.append(try takeExpected()) }
            return .assertReturn(action, expected)
        case .assertTrap:
            if cursor.isGroup(.module) || (cursor.isGroup(.component) && components != nil) {
                return .assertUninstantiable(try takeModule(), message: try cursor.takeName())
            }
            return .assertTrap(try takeAction(), message: try cursor.takeName())
        case .assertExhaustion: return .assertExhaustion(try takeAction(), message: try cursor.takeName())
        case .assertException: return .assertException(try takeAction())
        case .assertInvalid: return .assertInvalid(try takeModule(), message: try cursor.takeName())
        case .assertMalformed: return .assertMalformed(try takeModule(), message: try cursor.takeName())
        case .assertInvalidCustom, .assertMalformedCustom:
            return .assertCustomRefused(try takeModule(), message: try cursor.takeName())
        case .assertUnlinkable: return .assertUnlinkable(try takeModule(), message: try cursor.takeName())
        case .thread, .wait, .component, .assertSuspension, .script, .input, .output:
            cursor.position = closing
            return .unknown(cursor.text.text(of: token))
        default: throw cursor.text.unexpected(token, expected: "a command")
        }
    }

    private mutating func takeInstanceName() -> String? {
        cursor.takeIdentifierIf().map { cursor.text.symbols.text($0) }
    }

    // MARK: - Modules

    private mutating func parseModuleCommand(
        _ closing: Int, isComponent: Bool
    ) throws(TextError) -> ScriptCommand.Kind {
        if cursor.takeIf(.instance) {
            let first = takeInstanceName()
            guard let second = takeInstanceName() else {
                return .moduleInstance(name: nil, definition: first, isComponent: isComponent)
            }
            return .moduleInstance(name: first, definition: second, isComponent: isComponent)
        }
        let isDefinition = cursor.takeIf(.definition)
        let (module, name) = try parseModule(closing, isComponent: isComponent)
        return isDefinition ? .moduleDefinition(module, name: name) : .module(module, name: name)
    }

    /// A whole `(module …)` or `(component …)`.
    private mutating func takeModule() throws(TextError) -> ScriptModule {
        let closing = try cursor.closing(of: cursor.position)
        cursor.position += 1
        let isComponent = components != nil && cursor.takeIf(.component)
        if !isComponent { try cursor.take(.module) }
        _ = cursor.takeIf(.definition)
        let module = try parseModule(closing, isComponent: isComponent).module
        try cursor.takeRightParenthesis()
        return module
    }

    /// What stands in `(module …)`; the cursor is left at the parenthesis that closes it.
    private mutating func parseModule(
        _ closing: Int, isComponent: Bool
    ) throws(TextError) -> (module: ScriptModule, name: String?) {
        let start = cursor.position
        let name = takeInstanceName()
        let contents: ScriptModule.Contents
        if cursor.takeIf(.binary) {
            contents = .binary(cursor.takeStrings())
        } else if cursor.takeIf(.quote) {
            contents = .quoted(cursor.takeStrings())
        } else {
            cursor.position = closing
            do throws(TextError) {
                if isComponent, let components {
                    contents = .binary(try components.encode(fieldsAt: start, to: closing, of: cursor.text))
                } else {
                    var parser = ModuleParser(cursor.text, from: start, to: closing, names: .keep)
                    contents = .binary(try parser.parse())
                }
            } catch {
                contents = .malformed(error)
            }
        }
        return (ScriptModule(contents, isComponent: isComponent), name)
    }

    // MARK: - Actions

    private mutating func takeAction() throws(TextError) -> ScriptAction {
        try cursor.takeLeftParenthesis()
        let action = try parseAction(cursor.take())
        try cursor.takeRightParenthesis()
        return action
    }

    /// An action whose keyword is already taken.
    private mutating func parseAction(_ token: Token) throws(TextError) -> ScriptAction {
        switch cursor.text.keyword(of: token) {
        case .invoke:
            let module = takeInstanceName()
            let name = try cursor.takeName()
            var arguments: [ScriptValue] = []
            while cursor.current.kind == .leftParenthesis { arguments.append(try takeArgument()) }
            return .invoke(module: module, name: name, arguments: arguments)
        case .get:
            let module = takeInstanceName()
            return .get(module: module, name: try cursor.takeName())
        default: throw cursor.text.unexpected(token, expected: "invoke or get")
        }
    }
}

extension Script {
    /// Parses a script.
    ///
    /// - Parameter components: reads its components; without it, they are commands that are not known.
    package static func parse(
        _ text: [UInt8], components: (any ScriptComponentReader.Type)? = nil
    ) throws(TextError) -> Script {
        var parser = ScriptParser(try TokenizedText(text), components: components)
        return try parser.parse()
    }
}
