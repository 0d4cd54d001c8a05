// Parses `.wast` scripts (the reference interpreter's README, "Scripts").
//
// A module in text that is none does not make the script unreadable: the command carries the error, and the others run.

/// A script on its way into commands.
struct ScriptParser {
    var cursor: TokenCursor
    /// The line of the byte at `lineOffset`, from where the next line number is counted.
    private var line = 1
    private var lineOffset = 0

    init(_ text: TokenizedText) {
        cursor = TokenCursor(text)
    }

    mutating func parse() throws(TextError) -> Script {
        var commands: [ScriptCommand] = []
        if isInlineModule {
            let last = cursor.text.tokens.count - 1
            var parser = ModuleParser(cursor.text, from: 0, to: last, names: .keep)
            let module = ScriptModule.binary(try parser.parse())
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
        case .module: return try parseModuleCommand(closing)
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
            if cursor.isGroup(.module) {
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

    private mutating func parseModuleCommand(_ closing: Int) throws(TextError) -> ScriptCommand.Kind {
        if cursor.takeIf(.instance) {
            let first = takeInstanceName()
            guard let second = takeInstanceName() else { return .moduleInstance(name: nil, definition: first) }
            return .moduleInstance(name: first, definition: second)
        }
        let isDefinition = cursor.takeIf(.definition)
        let (module, name) = try parseModule(closing)
        return isDefinition ? .moduleDefinition(module, name: name) : .module(module, name: name)
    }

    /// A whole `(module …)`.
    private mutating func takeModule() throws(TextError) -> ScriptModule {
        let closing = try cursor.closing(of: cursor.position)
        cursor.position += 1
        try cursor.take(.module)
        _ = cursor.takeIf(.definition)
        let module = try parseModule(closing).module
        try cursor.takeRightParenthesis()
        return module
    }

    /// What stands in `(module …)`; the cursor is left at the parenthesis that closes it.
    private mutating func parseModule(_ closing: Int) throws(TextError) -> (module: ScriptModule, name: String?) {
        let start = cursor.position
        let name = takeInstanceName()
        if cursor.takeIf(.binary) { return (.binary(cursor.takeStrings()), name) }
        if cursor.takeIf(.quote) { return (.quoted(cursor.takeStrings()), name) }
        cursor.position = closing
        do throws(TextError) {
            var parser = ModuleParser(cursor.text, from: start, to: closing, names: .keep)
            return (.binary(try parser.parse()), name)
        } catch {
            return (.malformed(error), name)
        }
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
    package static func parse(_ text: [UInt8]) throws(TextError) -> Script {
        var parser = ScriptParser(try TokenizedText(text))
        return try parser.parse()
    }
}
