// References to things of a component: by number, by identifier, or through the exports of an instance. An identifier of an
// outer scope, and an export, become an alias (Explainer.md, "Alias Definitions").

import WasmBinary
import WasmText

/// A reference as it was read: an index, and the exports that lead on from the instance of that index.
struct ItemReference {
    var sort: ItemSort
    /// A number or an identifier.
    var token: Token
    var exports: [String] = []
}

/// A use of a type: a reference, or the index of a type that stood there and has been written already.
enum TypeReference {
    case reference(ItemReference)
    case index(UInt32)
}

extension ComponentParser {
    // MARK: - Reading

    mutating func takeIndexToken(_ sort: ItemSort) throws(TextError) -> Token {
        guard cursor.isIndex else { throw cursor.unexpected("an index of a \(sort.text)") }
        return cursor.take()
    }

    /// Takes an index and the names of exports.
    mutating func takeReference(_ sort: ItemSort) throws(TextError) -> ItemReference {
        var reference = ItemReference(sort: sort, token: try takeIndexToken(sort))
        while cursor.current.kind == .string { reference.exports.append(try cursor.takeName()) }
        if sort.coreCode != nil, sort != .coreModule, reference.exports.count > 1 {
            throw cursor.text.unexpected(cursor.peek(-1), expected: ")")
        }
        return reference
    }

    /// Takes `$x` or `(SORT $x "export"…)`.
    ///
    /// - Parameter keyword: of the sort, without `core`.
    mutating func takeIndexOrReference(_ sort: ItemSort, _ keyword: Keyword) throws(TextError) -> ItemReference {
        if cursor.isIndex { return ItemReference(sort: sort, token: cursor.take()) }
        try cursor.takeLeftParenthesis()
        try cursor.take(keyword)
        let reference = try takeReference(sort)
        try cursor.takeRightParenthesis()
        return reference
    }

    /// Takes `$x` or `(core SORT $x "export")`.
    mutating func takeCorePrefixedReference(_ sort: ItemSort, _ keyword: Keyword) throws(TextError) -> ItemReference {
        if cursor.isIndex { return ItemReference(sort: sort, token: cursor.take()) }
        try cursor.takeLeftParenthesis()
        if acceptsOldReferences {
            _ = cursor.takeIf(.core)
        } else {
            try cursor.take(.core)
        }
        try cursor.take(keyword)
        let reference = try takeReference(sort)
        try cursor.takeRightParenthesis()
        return reference
    }

    // MARK: - Resolving

    /// The index that a token stands for in the innermost scope.
    mutating func resolve(_ token: Token, _ sort: ItemSort) throws(TextError) -> UInt32 {
        guard token.kind == .identifier else {
            guard let number = cursor.natural(token), number <= UInt32.max else {
                throw cursor.error("index out of range", at: token)
            }
            return UInt32(number)
        }
        let symbol = token.payload
        for (depth, scope) in scopes.reversed().enumerated() {
            guard let index = scope.index(of: symbol, sort) else { continue }
            if depth == 0 { return index }
            switch sort {
            case .coreModule, .coreType, .type, .component: break
            default:
                throw cursor.error(
                    "outer item `\(cursor.spelling(symbol).dropFirst())` is not a module, type, or component", at: token)
            }
            // The alias has no identifier, which leaves that of the outer scope free to be defined here.
            return try defineAlias(sort, Binding()) { writer in
                writer.write(0x02)
                writer.writeVarUInt32(UInt32(truncatingIfNeeded: depth))
                writer.writeVarUInt32(index)
            }
        }
        throw cursor.error("unknown \(sort.text): failed to find name `\(cursor.spelling(symbol))`", at: token)
    }

    mutating func resolve(_ reference: ItemReference) throws(TextError) -> UInt32 {
        guard !reference.exports.isEmpty else { return try resolve(reference.token, reference.sort) }
        if reference.sort.coreCode != nil, reference.sort != .coreModule {
            switch reference.sort {
            case .coreFunction, .coreTable, .coreMemory, .coreGlobal, .coreTag: break
            default:
                throw cursor.error("a core instance exports no \(reference.sort.text)", at: reference.token)
            }
            let instance = try resolve(reference.token, .coreInstance)
            return try defineExportAlias(reference.sort, instance, reference.exports[0], isCore: true, Binding())
        }
        var index = try resolve(reference.token, .instance)
        for (position, name) in reference.exports.enumerated() {
            let isLast = position == reference.exports.count - 1
            index = try defineExportAlias(isLast ? reference.sort : .instance, index, name, isCore: false, Binding())
        }
        return index
    }

    mutating func resolve(_ type: TypeReference) throws(TextError) -> UInt32 {
        switch type {
        case .reference(let reference): try resolve(reference)
        case .index(let index): index
        }
    }

    /// Defines an alias of an export.
    @discardableResult
    mutating func defineExportAlias(
        _ sort: ItemSort, _ instance: UInt32, _ name: String, isCore: Bool, _ binding: Binding
    ) throws(TextError) -> UInt32 {
        try defineAlias(sort, binding) { writer in
            writer.write(isCore ? 0x01 : 0x00)
            writer.writeVarUInt32(instance)
            writer.writeName(name)
        }
    }

    /// Defines an alias; `target` writes what follows the sort.
    @discardableResult
    mutating func defineAlias(
        _ sort: ItemSort, _ binding: Binding, target: (inout ByteWriter) -> Void
    ) throws(TextError) -> UInt32 {
        var writer = ByteWriter()
        if scopes.last?.kind == .moduleType {
            // In a module's type all sorts are core sorts.
            writer.write(sort.coreCode ?? 0x10)
            var outer = ByteWriter()
            target(&outer)
            // Nothing but an outer alias gets here; its code is another one.
            writer.write(0x01)
            writer.write(contentsOf: outer.bytes.dropFirst())
        } else {
            writer.write(contentsOf: sort.codes)
            target(&writer)
        }
        try define(.alias, writer)
        return try bind(sort, binding)
    }
}
