// The first walk: binds the identifiers of everything that a module defines or imports.

import WasmBinary

extension ModuleParser {
    mutating func scanFields() throws(TextError) {
        var start: Token?
        while cursor.position < end {
            let opening = cursor.position
            let closing = try cursor.closing(of: opening)
            cursor.position += 1
            let token = cursor.take()
            switch cursor.text.keyword(of: token) {
            case .type:
                typeFields.append(opening)
                try bind(\.types, \.types)
            case .rec:
                typeFields.append(opening)
                while cursor.position < closing {
                    let next = try cursor.closing(of: cursor.position) + 1
                    cursor.position += 1
                    try cursor.take(.type)
                    try bind(\.types, \.types)
                    cursor.position = next
                }
            case .import:
                if let definedKind { throw cursor.error("import after \(definedKind)", at: token) }
                _ = try cursor.takeName()
                _ = try cursor.takeName()
                try cursor.takeLeftParenthesis()
                try scanImport()
            case .func: try scanDefinition(\.functions, \.functions, token)
            case .table: try scanDefinition(\.tables, \.tables, token)
            case .memory: try scanDefinition(\.memories, \.memories, token)
            case .global: try scanDefinition(\.globals, \.globals, token)
            case .tag: try scanDefinition(\.tags, \.tags, token)
            case .elem: try bind(\.elements, \.elements)
            case .data: try bind(\.data, \.data)
            case .start:
                if start != nil { throw cursor.error("multiple start sections", at: token) }
                start = token
            case .export: break
            default: throw cursor.text.unexpected(token, expected: "a field of a module")
            }
            cursor.position = closing + 1
        }
    }

    /// Binds the identifier at the cursor, or takes an index without one.
    @discardableResult
    private mutating func bind(
        _ space: WritableKeyPath<ModuleParser, IndexSpace>, _ map: WritableKeyPath<NameMaps, NameMap>
    ) throws(TextError) -> UInt32 {
        let token = cursor.current
        let symbol = cursor.takeIdentifierIf()
        guard let index = self[keyPath: space].add(symbol) else {
            throw cursor.error(
                "duplicate \(self[keyPath: space].kind) \(cursor.spelling(token.payload))", at: token)
        }
        if let name = try takeName(symbol) { nameMaps[keyPath: map].append(name, for: index) }
        return index
    }

    private mutating func scanImport() throws(TextError) {
        let token = cursor.take()
        switch cursor.text.keyword(of: token) {
        case .func: try bind(\.functions, \.functions)
        case .table: try bind(\.tables, \.tables)
        case .memory: try bind(\.memories, \.memories)
        case .global: try bind(\.globals, \.globals)
        case .tag: try bind(\.tags, \.tags)
        default: throw cursor.text.unexpected(token, expected: "the type of an import")
        }
    }

    /// Binds a thing that may be defined or imported, and a segment that stands in its definition.
    private mutating func scanDefinition(
        _ space: WritableKeyPath<ModuleParser, IndexSpace>, _ map: WritableKeyPath<NameMaps, NameMap>, _ token: Token
    ) throws(TextError) {
        try bind(space, map)
        while cursor.isGroup(.export) { cursor.position = try cursor.closing(of: cursor.position) + 1 }
        if cursor.isGroup(.import) {
            if let definedKind { throw cursor.error("import after \(definedKind)", at: token) }
            return
        }
        definedKind = self[keyPath: space].kind
        // The abbreviations that define a segment too.
        if cursor.isKeyword(.i32) || cursor.isKeyword(.i64) { cursor.position += 1 }
        switch cursor.text.keyword(of: token) {
        case .memory:
            if cursor.isGroup(.pagesize) { cursor.position = try cursor.closing(of: cursor.position) + 1 }
            if cursor.isGroup(.data) { _ = data.add() }
        case .table:
            cursor.position = cursor.isGroup(.ref) ? try cursor.closing(of: cursor.position) + 1 : cursor.position + 1
            if cursor.isGroup(.elem) { _ = elements.add() }
        default: break
        }
    }
}
