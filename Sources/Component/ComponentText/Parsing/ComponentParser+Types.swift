// Types of functions, components, instances, modules and resources, core types, and uses of types (Explainer.md, "Type
// Definitions").

import WasmBinary
import WasmText

extension ComponentParser {
    // MARK: - Definitions

    /// Takes a definition whose `(type` is already taken. In a component it may have exports.
    mutating func parseType() throws(TextError) {
        let binding = try takeBinding()
        let exports = isInComponent ? try takeInlineExports() : []
        let writer: ByteWriter
        switch cursor.current.kind == .leftParenthesis ? cursor.keyword(at: 1) : nil {
        case .func:
            cursor.position += 2
            let type = try takeFunctionType()
            try cursor.takeRightParenthesis()
            writer = try encode(type)
        case .component, .instance:
            let kind: ComponentScope.Kind = cursor.keyword(at: 1) == .component ? .componentType : .instanceType
            cursor.position += 2
            writer = try takeDeclarations(kind, symbol: binding.symbol)
            try cursor.takeRightParenthesis()
        case .resource:
            cursor.position += 2
            writer = try takeResourceType()
            try cursor.takeRightParenthesis()
        default: writer = try encode(try takeDefinedType())
        }
        try define(.type, writer)
        export(.type, try bind(.type, binding), as: exports)
    }

    private mutating func takeResourceType() throws(TextError) -> ByteWriter {
        var writer = ByteWriter()
        writer.write(0x3F)
        guard cursor.takeGroupIf(.rep) else { throw cursor.unexpected("(rep") }
        writer.write(try scopes[scopes.count - 1].coreTypes.takeValueType(&cursor))
        try cursor.takeRightParenthesis()
        guard cursor.takeGroupIf(.dtor) else {
            writer.write(0x00)
            return writer
        }
        let destructor = try takeCorePrefixedReference(.coreFunction, .func)
        try cursor.takeRightParenthesis()
        writer.write(0x01)
        writer.writeVarUInt32(try resolve(destructor))
        return writer
    }

    /// Takes what stands behind `(func`.
    mutating func takeFunctionType() throws(TextError) -> FunctionTypeText {
        var type = FunctionTypeText()
        type.isAsync = cursor.takeIf(.async)
        while cursor.takeGroupIf(.param) {
            let name = try cursor.takeName()
            type.parameters.append((name, try takeValueType()))
            try cursor.takeRightParenthesis()
        }
        if cursor.takeGroupIf(.result) {
            type.result = try takeValueType()
            try cursor.takeRightParenthesis()
        }
        return type
    }

    mutating func encode(_ type: FunctionTypeText) throws(TextError) -> ByteWriter {
        var writer = ByteWriter()
        writer.write(type.isAsync ? 0x43 : 0x40)
        writer.writeVarUInt32(UInt32(truncatingIfNeeded: type.parameters.count))
        for parameter in type.parameters {
            writer.writeName(parameter.name)
            try write(parameter.type, to: &writer)
        }
        try write(result: type.result, to: &writer)
        return writer
    }

    // MARK: - Uses

    /// Takes `(type $t)`, or the type of a function, component, instance or core module by what it is.
    mutating func takeTypeUse(_ sort: ItemSort) throws(TextError) -> TypeReference {
        let typeSort: ItemSort = sort == .coreModule ? .coreType : .type
        if cursor.isGroup(.type), [.natural, .identifier].contains(cursor.peek(2).kind),
            [.rightParenthesis, .string].contains(cursor.peek(3).kind)
        {
            cursor.position += 2
            let reference = try takeReference(typeSort)
            try cursor.takeRightParenthesis()
            return .reference(reference)
        }
        switch sort {
        case .function:
            let type = try takeFunctionType()
            return .index(try defineType(try encode(type)))
        case .component: return .index(try defineType(try takeDeclarations(.componentType, symbol: nil)))
        case .instance: return .index(try defineType(try takeDeclarations(.instanceType, symbol: nil)))
        default:
            try define(.coreType, try takeDeclarations(.moduleType, symbol: nil))
            return .index(try bind(.coreType))
        }
    }

    // MARK: - Declarations

    /// Takes the declarations of a type, up to the parenthesis that closes it.
    mutating func takeDeclarations(
        _ kind: ComponentScope.Kind, symbol: UInt32?
    ) throws(TextError) -> ByteWriter {
        let scope = try withScope(kind, symbol: symbol) { (parser) throws(TextError) in
            while parser.cursor.current.kind != .rightParenthesis {
                try parser.cursor.takeLeftParenthesis()
                if kind == .moduleType {
                    try parser.parseModuleDeclaration()
                } else {
                    try parser.parseDeclaration(kind)
                }
                try parser.cursor.takeRightParenthesis()
            }
        }
        var writer = ByteWriter()
        switch kind {
        case .componentType: writer.write(0x41)
        case .instanceType: writer.write(0x42)
        case .moduleType, .component: writer.write(0x50)
        }
        writer.writeVarUInt32(scope.declarations.count)
        writer.write(scope.declarations.writer)
        return writer
    }

    private mutating func parseDeclaration(_ kind: ComponentScope.Kind) throws(TextError) {
        let token = cursor.take()
        switch text.keyword(of: token) {
        case .core:
            if cursor.takeIf(.rec) {
                try parseCoreRecursionGroup()
            } else {
                try cursor.take(.type)
                try parseCoreType()
            }
        case .type: try parseType()
        case .alias: try parseAlias()
        case .import where kind == .componentType: try parseImport()
        case .export:
            let name = try takeExternName()
            let signature = try takeSignature()
            var writer = name
            try write(signature, to: &writer)
            try define(.export, writer)
            try bind(signature.sort, signature.binding)
        default: throw cursor.text.unexpected(token, expected: "a declaration of a type")
        }
    }

    // MARK: - Core types

    /// Takes a definition whose `(core type` is already taken.
    mutating func parseCoreType() throws(TextError) {
        let binding = try takeBinding()
        if cursor.takeGroupIf(.module) {
            let writer = try takeDeclarations(.moduleType, symbol: binding.symbol)
            try cursor.takeRightParenthesis()
            try define(.coreType, writer)
            try bind(.coreType, binding)
            return
        }
        try bindCoreDefinition(binding)
        try parseCoreDefinition()
    }

    private mutating func bindCoreDefinition(_ binding: Binding) throws(TextError) {
        let last = scopes.count - 1
        guard let index = scopes[last].coreTypes.bind(binding.symbol) else { throw duplicate(.coreType, binding) }
        if let name = binding.name { scopes[last].names[ItemSort.coreType.rawValue].append(name, for: index) }
    }

    private mutating func parseCoreDefinition() throws(TextError) {
        var definition = ByteWriter()
        try scopes[scopes.count - 1].coreTypes.takeDefinition(&cursor, isAlone: true, to: &definition)
        var writer = ByteWriter()
        // A subtype that is not final begins with the byte that begins a module's type, so it is marked.
        if definition.bytes.first == 0x50, scopes.last?.kind != .moduleType { writer.write(0x00) }
        writer.write(definition)
        try define(.coreType, writer)
    }

    /// Takes a group whose `(core rec`, or `(rec` in a module's type, is already taken.
    mutating func parseCoreRecursionGroup() throws(TextError) {
        let first = cursor.position
        var count: UInt32 = 0
        while cursor.current.kind == .leftParenthesis {
            let closing = try cursor.closing(of: cursor.position)
            cursor.position += 1
            try cursor.take(.type)
            try bindCoreDefinition(try takeBinding())
            cursor.position = closing + 1
            count += 1
        }
        cursor.position = first
        var writer = ByteWriter()
        writer.write(0x4E)
        writer.writeVarUInt32(count)
        while cursor.takeGroupIf(.type) {
            _ = cursor.takeIdentifierIf()
            try scopes[scopes.count - 1].coreTypes.takeDefinition(&cursor, isAlone: false, to: &writer)
            try cursor.takeRightParenthesis()
        }
        try define(.coreType, writer)
    }

    private mutating func parseModuleDeclaration() throws(TextError) {
        let token = cursor.take()
        switch text.keyword(of: token) {
        case .type:
            try bindCoreDefinition(try takeBinding())
            try parseCoreDefinition()
        case .rec: try parseCoreRecursionGroup()
        case .alias: try parseModuleAlias()
        case .import:
            var writer = ByteWriter()
            writer.writeName(try cursor.takeName())
            writer.writeName(try cursor.takeName())
            try writeCoreExternalType(to: &writer)
            try define(.import, writer)
        case .export:
            var writer = ByteWriter()
            writer.writeName(try cursor.takeName())
            try writeCoreExternalType(to: &writer)
            try define(.export, writer)
        default: throw cursor.text.unexpected(token, expected: "a declaration of a module's type")
        }
    }

    private mutating func writeCoreExternalType(to writer: inout ByteWriter) throws(TextError) {
        let (type, added) = try scopes[scopes.count - 1].coreTypes.takeExternalType(&cursor)
        if let added {
            var definition = ByteWriter()
            definition.write(added)
            try define(.coreType, definition)
        }
        writer.write(type)
    }
}
