// Instances, of components and of core modules (Explainer.md, "Instance Definitions").

import WasmBinary
import WasmText

extension ComponentParser {
    // MARK: - Core instances

    /// Takes an instance whose `(core instance` is already taken.
    mutating func parseCoreInstance() throws(TextError) {
        let binding = try takeBinding()
        guard cursor.takeGroupIf(.instantiate) else {
            try defineCoreInstance(of: try takeCoreExports(), binding)
            return
        }
        let module = try takeIndexOrReference(.coreModule, .module)
        var arguments: [(name: String, instance: TypeReference)] = []
        while cursor.takeGroupIf(.with) {
            let name = try cursor.takeName()
            try cursor.takeLeftParenthesis()
            _ = cursor.takeIf(.core)
            try cursor.take(.instance)
            if cursor.isIndex {
                arguments.append((name, .reference(try takeReference(.coreInstance))))
            } else {
                arguments.append((name, .index(try defineCoreInstance(of: try takeCoreExports(), Binding()))))
            }
            try cursor.takeRightParenthesis()
            try cursor.takeRightParenthesis()
        }
        try cursor.takeRightParenthesis()
        var writer = ByteWriter()
        writer.write(0x00)
        writer.writeVarUInt32(try resolve(module))
        writer.writeVarUInt32(UInt32(truncatingIfNeeded: arguments.count))
        for argument in arguments {
            writer.writeName(argument.name)
            writer.write(0x12)
            writer.writeVarUInt32(try resolve(argument.instance))
        }
        try define(.coreInstance, writer)
        try bind(.coreInstance, binding)
    }

    private mutating func takeCoreExports() throws(TextError) -> [(name: String, item: ItemReference)] {
        var exports: [(name: String, item: ItemReference)] = []
        while cursor.takeGroupIf(.export) {
            let name = try cursor.takeName()
            try cursor.takeLeftParenthesis()
            exports.append((name, try takeReference(try takeCoreSort())))
            try cursor.takeRightParenthesis()
            try cursor.takeRightParenthesis()
        }
        return exports
    }

    /// Takes the keyword of what a core instance can export.
    mutating func takeCoreSort() throws(TextError) -> ItemSort {
        let token = cursor.take()
        switch text.keyword(of: token) {
        case .func: return .coreFunction
        case .table: return .coreTable
        case .memory: return .coreMemory
        case .global: return .coreGlobal
        case .tag: return .coreTag
        default: throw cursor.text.unexpected(token, expected: "func, table, memory, global or tag")
        }
    }

    @discardableResult
    private mutating func defineCoreInstance(
        of exports: [(name: String, item: ItemReference)], _ binding: Binding
    ) throws(TextError) -> UInt32 {
        var writer = ByteWriter()
        writer.write(0x01)
        writer.writeVarUInt32(UInt32(truncatingIfNeeded: exports.count))
        for export in exports {
            let index = try resolve(export.item)
            writer.writeName(export.name)
            writer.write(export.item.sort.coreCode ?? 0)
            writer.writeVarUInt32(index)
        }
        try define(.coreInstance, writer)
        return try bind(.coreInstance, binding)
    }

    // MARK: - Instances

    /// Takes an instance whose `(instance` is already taken.
    mutating func parseInstance() throws(TextError) {
        let binding = try takeBinding()
        let exports = try takeInlineExports()
        if let name = try takeInlineImport() {
            let signature = ExternSignature(sort: .instance, binding: binding, form: .use(try takeTypeUse(.instance)))
            export(.instance, try defineImport(name, signature), as: exports)
            return
        }
        if cursor.isGroup(.alias) {
            export(.instance, try parseInlineAlias(.instance, binding), as: exports)
            return
        }
        guard cursor.takeGroupIf(.instantiate) else {
            export(.instance, try defineInstance(of: try takeExports(), binding), as: exports)
            return
        }
        let component = try takeIndexOrReference(.component, .component)
        var arguments: [(name: String, sort: ItemSort, item: TypeReference)] = []
        while cursor.takeGroupIf(.with) {
            let name = try cursor.takeName()
            if cursor.isGroup(.instance), !Self.isIndex(cursor.peek(2)) {
                cursor.position += 2
                let index = try defineInstance(of: try takeExports(), Binding())
                arguments.append((name, .instance, .index(index)))
                try cursor.takeRightParenthesis()
            } else {
                let item = try takeItem()
                arguments.append((name, item.sort, .reference(item)))
            }
            try cursor.takeRightParenthesis()
        }
        try cursor.takeRightParenthesis()
        var writer = ByteWriter()
        writer.write(0x00)
        writer.writeVarUInt32(try resolve(component))
        writer.writeVarUInt32(UInt32(truncatingIfNeeded: arguments.count))
        for argument in arguments {
            writer.writeName(argument.name)
            writer.write(contentsOf: argument.sort.codes)
            writer.writeVarUInt32(try resolve(argument.item))
        }
        try define(.instance, writer)
        export(.instance, try bind(.instance, binding), as: exports)
    }

    private static func isIndex(_ token: Token) -> Bool {
        token.kind == .natural || token.kind == .identifier
    }

    private mutating func takeExports() throws(TextError) -> [(name: ByteWriter, item: ItemReference)] {
        var exports: [(name: ByteWriter, item: ItemReference)] = []
        while cursor.takeGroupIf(.export) {
            let name = try takeExternName()
            exports.append((name, try takeItem()))
            try cursor.takeRightParenthesis()
        }
        return exports
    }

    private mutating func defineInstance(
        of exports: [(name: ByteWriter, item: ItemReference)], _ binding: Binding
    ) throws(TextError) -> UInt32 {
        var writer = ByteWriter()
        writer.write(0x01)
        writer.writeVarUInt32(UInt32(truncatingIfNeeded: exports.count))
        for export in exports {
            writer.write(export.name)
            try write(export.item, to: &writer)
        }
        try define(.instance, writer)
        return try bind(.instance, binding)
    }
}
