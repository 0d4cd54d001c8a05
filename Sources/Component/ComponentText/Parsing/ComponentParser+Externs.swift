// Imports, exports, their names and types (Explainer.md, "Import and Export Definitions").

import WasmBinary
import WasmText

/// What an import or a declared export is, before its references are resolved.
struct ExternSignature {
    enum Form {
        case use(TypeReference)
        case valueType(ValueTypeUse)
        case valueEqual(Token)
        case typeEqual(Token)
        case subResource
    }

    var sort: ItemSort
    var binding: ComponentParser.Binding
    var form: Form
}

extension ComponentParser {
    // MARK: - Names

    /// Takes a name with its attributes, and gives its binary.
    mutating func takeExternName() throws(TextError) -> ByteWriter {
        let name: String
        if cursor.takeGroupIf(.interface) {
            name = try cursor.takeName()
            try cursor.takeRightParenthesis()
        } else {
            name = try cursor.takeName()
        }
        var attributes = VectorSection()
        for (code, keyword): (UInt8, Keyword) in [(0x00, .implements), (0x01, .versionSuffix), (0x02, .externalID)]
        where cursor.takeGroupIf(keyword) {
            let value = try cursor.takeName()
            try cursor.takeRightParenthesis()
            attributes.append { writer in
                writer.write(code)
                writer.writeName(value)
            }
        }
        var writer = ByteWriter()
        writer.write(attributes.count == 0 ? 0x00 : 0x02)
        writer.writeName(name)
        if attributes.count > 0 {
            writer.writeVarUInt32(attributes.count)
            writer.write(attributes.writer)
        }
        return writer
    }

    /// Takes `(export "name")` as often as it stands there.
    mutating func takeInlineExports() throws(TextError) -> [ByteWriter] {
        var names: [ByteWriter] = []
        while isInlineName(.export) {
            cursor.position += 2
            names.append(try takeExternName())
            try cursor.takeRightParenthesis()
        }
        return names
    }

    /// Takes `(import "name")` if it stands there.
    mutating func takeInlineImport() throws(TextError) -> ByteWriter? {
        guard isInlineName(.import) else { return nil }
        cursor.position += 2
        let name = try takeExternName()
        try cursor.takeRightParenthesis()
        return name
    }

    /// Whether a group of just a name and its attributes follows, rather than an export of a synthesised instance.
    private func isInlineName(_ keyword: Keyword) -> Bool {
        guard cursor.isGroup(keyword) else { return false }
        var ahead = cursor
        ahead.position += 2
        if ahead.isGroup(.interface) {
            guard let closing = try? ahead.closing(of: ahead.position) else { return false }
            ahead.position = closing + 1
        } else {
            guard ahead.current.kind == .string else { return false }
            ahead.position += 1
        }
        while ahead.isGroup(.implements) || ahead.isGroup(.versionSuffix) || ahead.isGroup(.externalID) {
            guard let closing = try? ahead.closing(of: ahead.position) else { return false }
            ahead.position = closing + 1
        }
        return ahead.current.kind == .rightParenthesis
    }

    /// Remembers exports that stand behind all fields.
    mutating func export(_ sort: ItemSort, _ index: UInt32, as names: [ByteWriter]) {
        for name in names {
            scopes[scopes.count - 1].pendingExports.append(
                ComponentScope.PendingExport(name: name, sort: sort, index: index))
        }
    }

    // MARK: - Signatures

    /// The sort that a keyword, and the one behind `core`, stand for; the cursor is left behind it.
    mutating func takeSort() throws(TextError) -> ItemSort {
        if cursor.takeIf(.core) {
            try cursor.take(.module)
            return .coreModule
        }
        let token = cursor.take()
        switch text.keyword(of: token) {
        case .func: return .function
        case .value: return .value
        case .type: return .type
        case .component: return .component
        case .instance: return .instance
        default: throw cursor.text.unexpected(token, expected: "core module, func, value, type, component or instance")
        }
    }

    /// Takes `(func $f (param …))`, `(type $t (sub resource))` and so on.
    ///
    /// - Parameter isNamed: whether it may have an identifier.
    mutating func takeSignature(isNamed: Bool = true) throws(TextError) -> ExternSignature {
        try cursor.takeLeftParenthesis()
        let sort = try takeSort()
        let binding = isNamed ? try takeBinding() : Binding()
        let signature = ExternSignature(sort: sort, binding: binding, form: try takeSignatureForm(sort))
        try cursor.takeRightParenthesis()
        return signature
    }

    private mutating func takeSignatureForm(_ sort: ItemSort) throws(TextError) -> ExternSignature.Form {
        switch sort {
        case .value:
            if cursor.takeGroupIf(.eq) {
                let token = try takeIndexToken(.value)
                try cursor.takeRightParenthesis()
                return .valueEqual(token)
            }
            if cursor.takeGroupIf(.type) {
                let token = try takeIndexToken(.type)
                try cursor.takeRightParenthesis()
                return .valueType(.reference(token))
            }
            return .valueType(try takeValueType())
        case .type:
            if cursor.takeGroupIf(.eq) {
                let token = try takeIndexToken(.type)
                try cursor.takeRightParenthesis()
                return .typeEqual(token)
            }
            guard cursor.takeGroupIf(.sub) else { throw cursor.unexpected("(eq or (sub") }
            try cursor.take(.resource)
            try cursor.takeRightParenthesis()
            return .subResource
        default: return .use(try takeTypeUse(sort))
        }
    }

    /// Resolves a signature and writes it as an external type.
    mutating func write(_ signature: ExternSignature, to writer: inout ByteWriter) throws(TextError) {
        writer.write(contentsOf: signature.sort.codes)
        switch signature.form {
        case .use(let type): writer.writeVarUInt32(try resolve(type))
        case .valueType(let type):
            writer.write(0x01)
            try write(type, to: &writer)
        case .valueEqual(let token):
            writer.write(0x00)
            writer.writeVarUInt32(try resolve(token, .value))
        case .typeEqual(let token):
            writer.write(0x00)
            writer.writeVarUInt32(try resolve(token, .type))
        case .subResource: writer.write(0x01)
        }
    }

    // MARK: - Imports and exports

    /// Takes an import whose `(import` is already taken.
    mutating func parseImport() throws(TextError) {
        let name = try takeExternName()
        try defineImport(name, try takeSignature())
    }

    @discardableResult
    mutating func defineImport(_ name: ByteWriter, _ signature: ExternSignature) throws(TextError) -> UInt32 {
        var writer = name
        try write(signature, to: &writer)
        try define(.import, writer)
        return try bind(signature.sort, signature.binding)
    }

    /// Takes an export whose `(export` is already taken.
    mutating func parseExport() throws(TextError) {
        let binding = try takeBinding()
        let name = try takeExternName()
        let item = try takeItem()
        let type = cursor.current.kind == .leftParenthesis ? try takeSignature(isNamed: false) : nil
        var ascription = ByteWriter()
        if let type {
            ascription.write(0x01)
            try write(type, to: &ascription)
        } else {
            ascription.write(0x00)
        }
        var writer = name
        try write(item, to: &writer)
        writer.write(ascription)
        try define(.export, writer)
        try bind(item.sort, binding)
    }

    /// Takes `(SORT $x "export"…)`.
    mutating func takeItem() throws(TextError) -> ItemReference {
        try cursor.takeLeftParenthesis()
        let reference = try takeReference(try takeSort())
        try cursor.takeRightParenthesis()
        return reference
    }

    /// Resolves an item and writes its sort and index.
    mutating func write(_ item: ItemReference, to writer: inout ByteWriter) throws(TextError) {
        let index = try resolve(item)
        writer.write(contentsOf: item.sort.codes)
        writer.writeVarUInt32(index)
    }
}
