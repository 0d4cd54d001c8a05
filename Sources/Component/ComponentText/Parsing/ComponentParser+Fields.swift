// The fields of a component: modules, components, functions, aliases, the start function (Explainer.md, "Component
// Definitions"). Types, instances, imports, exports and canonical definitions stand in files of their own.

import WasmBinary
import WasmText

extension ComponentParser {
    /// The binary of a component whose identifier has been taken; the cursor is left at `end`.
    mutating func parseComponent(symbol: UInt32?, name: String?, to end: Int) throws(TextError) -> [UInt8] {
        var scope = try withScope(.component, symbol: symbol) { (parser) throws(TextError) in
            while parser.cursor.position < end {
                try parser.takeCustomAnnotations()
                try parser.cursor.takeLeftParenthesis()
                try parser.parseField()
                try parser.cursor.takeRightParenthesis()
            }
            let last = parser.scopes.count - 1
            let exports = parser.scopes[last].pendingExports
            for export in exports {
                var writer = export.name
                writer.write(contentsOf: export.sort.codes)
                writer.writeVarUInt32(export.index)
                writer.write(0x00)
                try parser.define(.export, writer)
                try parser.bind(export.sort)
            }
            try parser.takeCustomAnnotations()
        }
        scope.sections.flush()
        var names = ComponentNameSection()
        names.component = name
        names.items = scope.names
        let section = names.encode()
        if !section.isEmpty { scope.sections.appendCustom(ComponentNameSection.name, section) }
        var output = ByteWriter()
        output.write(contentsOf: [0x00, 0x61, 0x73, 0x6D, 0x0D, 0x00, 0x01, 0x00])
        output.write(scope.sections.output)
        return output.bytes
    }

    /// Takes a field whose parenthesis is already taken.
    private mutating func parseField() throws(TextError) {
        let token = cursor.take()
        switch text.keyword(of: token) {
        case .core: try parseCoreField()
        case .component: try parseNestedComponent()
        case .instance: try parseInstance()
        case .alias: try parseAlias()
        case .type: try parseType()
        case .func: try parseFunction()
        case .import: try parseImport()
        case .export: try parseExport()
        case .canon: try parseCanonical()
        case .start: try parseStart()
        default: throw cursor.text.unexpected(token, expected: "a field of a component")
        }
    }

    private mutating func parseCoreField() throws(TextError) {
        let token = cursor.take()
        switch text.keyword(of: token) {
        case .module: try parseCoreModule()
        case .instance: try parseCoreInstance()
        case .type: try parseCoreType()
        case .rec: try parseCoreRecursionGroup()
        case .func: try parseCoreItem(.coreFunction)
        case .table: try parseCoreItem(.coreTable)
        case .memory: try parseCoreItem(.coreMemory)
        case .global: try parseCoreItem(.coreGlobal)
        case .tag: try parseCoreItem(.coreTag)
        default: throw cursor.text.unexpected(token, expected: "module, instance, type, rec or func")
        }
    }

    // MARK: - Modules and components

    private mutating func parseCoreModule() throws(TextError) {
        let binding = try takeBinding()
        let exports = try takeInlineExports()
        if let name = try takeInlineImport() {
            let signature = ExternSignature(sort: .coreModule, binding: binding, form: .use(try takeTypeUse(.coreModule)))
            export(.coreModule, try defineImport(name, signature), as: exports)
            return
        }
        let end = try closingPosition()
        let module = try TextModule.encode(fieldsAt: cursor.position, to: end, of: text, name: binding.name, names: names)
        cursor.position = end
        scopes[scopes.count - 1].sections.appendWhole(.coreModule, module)
        export(.coreModule, try bind(.coreModule, binding), as: exports)
    }

    /// The position of the parenthesis that closes the field which the cursor is in.
    private func closingPosition() throws(TextError) -> Int {
        var ahead = cursor
        while ahead.current.kind != .rightParenthesis {
            guard ahead.current.kind != .end else { throw ahead.unexpected(")") }
            ahead.position = ahead.current.kind == .leftParenthesis ? try ahead.closing(of: ahead.position) + 1 : ahead.position + 1
        }
        return ahead.position
    }

    private mutating func parseNestedComponent() throws(TextError) {
        let binding = try takeBinding()
        let exports = try takeInlineExports()
        if let name = try takeInlineImport() {
            let signature = ExternSignature(sort: .component, binding: binding, form: .use(try takeTypeUse(.component)))
            export(.component, try defineImport(name, signature), as: exports)
            return
        }
        let end = try closingPosition()
        let component = try parseComponent(symbol: binding.symbol, name: binding.name, to: end)
        scopes[scopes.count - 1].sections.appendWhole(.component, component)
        export(.component, try bind(.component, binding), as: exports)
    }

    // MARK: - Functions

    private mutating func parseFunction() throws(TextError) {
        let binding = try takeBinding()
        let exports = try takeInlineExports()
        let index: UInt32
        if let name = try takeInlineImport() {
            let signature = ExternSignature(sort: .function, binding: binding, form: .use(try takeTypeUse(.function)))
            index = try defineImport(name, signature)
        } else if cursor.isGroup(.alias) {
            index = try parseInlineAlias(.function, binding)
        } else {
            let type = try takeTypeUse(.function)
            guard cursor.takeGroupIf(.canon) else { throw cursor.unexpected("(canon") }
            let (function, options) = try takeLift()
            try cursor.takeRightParenthesis()
            index = try defineLifted(function, options, type, binding)
        }
        export(.function, index, as: exports)
    }

    /// Takes `(core func $f (canon …))` or `(core SORT $x (alias core export …))` behind the keywords.
    private mutating func parseCoreItem(_ sort: ItemSort) throws(TextError) {
        let binding = try takeBinding()
        if sort == .coreFunction, cursor.takeGroupIf(.canon) {
            let canonical = try takeCoreCanonical()
            try cursor.takeRightParenthesis()
            try define(canonical, binding)
            return
        }
        guard cursor.takeGroupIf(.alias) else { throw cursor.unexpected("(canon or (alias") }
        try cursor.take(.core)
        try cursor.take(.export)
        let instance = try takeIndexToken(.coreInstance)
        let name = try cursor.takeName()
        try cursor.takeRightParenthesis()
        try defineExportAlias(sort, try resolve(instance, .coreInstance), name, isCore: true, binding)
    }

    // MARK: - Aliases

    /// Takes `(alias export $i "name")`, which stands in the definition of what it is an alias for.
    mutating func parseInlineAlias(_ sort: ItemSort, _ binding: Binding) throws(TextError) -> UInt32 {
        cursor.position += 2
        try cursor.take(.export)
        let instance = try takeIndexToken(.instance)
        let name = try cursor.takeName()
        try cursor.takeRightParenthesis()
        return try defineExportAlias(sort, try resolve(instance, .instance), name, isCore: false, binding)
    }

    /// Takes an alias whose `(alias` is already taken.
    mutating func parseAlias() throws(TextError) {
        let token = cursor.take()
        switch text.keyword(of: token) {
        case .outer:
            let outer = try takeScopeToken()
            let item = cursor.current
            guard cursor.isIndex else { throw cursor.unexpected("an index") }
            cursor.position += 1
            try cursor.takeLeftParenthesis()
            let sort = try takeOuterSort()
            let binding = try takeBinding()
            try cursor.takeRightParenthesis()
            try defineOuterAlias(sort, outer, item, binding)
        case .export:
            let instance = try takeIndexToken(.instance)
            let name = try cursor.takeName()
            try cursor.takeLeftParenthesis()
            let sort = try takeSort()
            let binding = try takeBinding()
            try cursor.takeRightParenthesis()
            try defineExportAlias(sort, try resolve(instance, .instance), name, isCore: false, binding)
        case .core:
            try cursor.take(.export)
            let instance = try takeIndexToken(.coreInstance)
            let name = try cursor.takeName()
            try cursor.takeLeftParenthesis()
            try cursor.take(.core)
            let sort = try takeCoreSort()
            let binding = try takeBinding()
            try cursor.takeRightParenthesis()
            try defineExportAlias(sort, try resolve(instance, .coreInstance), name, isCore: true, binding)
        default: throw cursor.text.unexpected(token, expected: "export, core export or outer")
        }
    }

    /// Takes an alias in the type of a module, whose `(alias` is already taken.
    mutating func parseModuleAlias() throws(TextError) {
        try cursor.take(.outer)
        let outer = try takeScopeToken()
        let item = try takeIndexToken(.coreType)
        try cursor.takeLeftParenthesis()
        try cursor.take(.type)
        let binding = try takeBinding()
        try cursor.takeRightParenthesis()
        try defineOuterAlias(.coreType, outer, item, binding)
    }

    private mutating func takeScopeToken() throws(TextError) -> Token {
        guard cursor.isIndex else { throw cursor.unexpected("a component or a number of them") }
        return cursor.take()
    }

    private mutating func takeOuterSort() throws(TextError) -> ItemSort {
        if cursor.takeIf(.core) {
            if cursor.takeIf(.module) { return .coreModule }
            try cursor.take(.type)
            return .coreType
        }
        if cursor.takeIf(.type) { return .type }
        if cursor.takeIf(.component) { return .component }
        throw cursor.unexpected("core module, core type, type or component")
    }

    private mutating func defineOuterAlias(
        _ sort: ItemSort, _ outer: Token, _ item: Token, _ binding: Binding
    ) throws(TextError) {
        let depth: Int
        if outer.kind == .identifier {
            guard let found = scopes.reversed().firstIndex(where: { $0.symbol == outer.payload }) else {
                throw cursor.error("outer component `\(cursor.spelling(outer.payload).dropFirst())` not found", at: outer)
            }
            depth = scopes.reversed().distance(from: scopes.reversed().startIndex, to: found)
        } else {
            depth = Int(try resolve(outer, .component))
        }
        let index: UInt32
        if item.kind == .identifier {
            guard depth < scopes.count else { throw cursor.error("outer count of \(depth) is too large", at: outer) }
            guard let found = scopes[scopes.count - 1 - depth].index(of: item.payload, sort) else {
                throw cursor.error(
                    "unknown \(sort.text): failed to find name `\(cursor.spelling(item.payload))`", at: item)
            }
            index = found
        } else {
            index = try resolve(item, sort)
        }
        try defineAlias(sort, binding) { writer in
            writer.write(0x02)
            writer.writeVarUInt32(UInt32(truncatingIfNeeded: depth))
            writer.writeVarUInt32(index)
        }
    }

    // MARK: - The start function

    private mutating func parseStart() throws(TextError) {
        let function = try takeIndexToken(.function)
        var arguments: [ItemReference] = []
        while cursor.isGroup(.value) { arguments.append(try takeItem()) }
        var results: [Binding] = []
        while cursor.takeGroupIf(.result) {
            try cursor.takeLeftParenthesis()
            try cursor.take(.value)
            results.append(try takeBinding())
            try cursor.takeRightParenthesis()
            try cursor.takeRightParenthesis()
        }
        var writer = ByteWriter()
        writer.writeVarUInt32(try resolve(function, .function))
        writer.writeVarUInt32(UInt32(truncatingIfNeeded: arguments.count))
        for argument in arguments { writer.writeVarUInt32(try resolve(argument)) }
        writer.writeVarUInt32(UInt32(truncatingIfNeeded: results.count))
        scopes[scopes.count - 1].sections.appendWhole(.start, writer.bytes)
        for result in results { try bind(.value, result) }
    }
}
