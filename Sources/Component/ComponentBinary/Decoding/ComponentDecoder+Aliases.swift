// Reads aliases: of exports of instances, of exports of core instances, and of what enclosing scopes define (Binary.md,
// "Alias Definitions").

import ComponentTypes
import WasmBinary
import WasmTypes

/// Any sort, as an alias names it.
private enum AliasSort {
    case core(CoreSort)
    case coreType
    case coreInstance
    case component(ComponentSort)

    /// The byte of the binary format that tells the sort; of a core sort the second one.
    var code: UInt8 {
        switch self {
        case .core(.function): 0x00
        case .core(.table), .component(.function): 0x01
        case .core(.memory): 0x02
        case .core(.global), .component(.type): 0x03
        case .core(.tag), .component(.component): 0x04
        case .component(.instance): 0x05
        case .coreType: 0x10
        case .component(.coreModule): 0x11
        case .coreInstance: 0x12
        }
    }

    var name: String {
        switch self {
        case .core(.function), .component(.function): "func"
        case .core(.table): "table"
        case .core(.memory): "memory"
        case .core(.global): "global"
        case .core(.tag): "tag"
        case .coreType: "core type"
        case .coreInstance: "core instance"
        case .component(.coreModule): "module"
        case .component(.type): "type"
        case .component(.component): "component"
        case .component(.instance): "instance"
        }
    }
}

extension ComponentDecoder {
    func decodeAlias(_ reader: inout ByteReader) throws(BinaryError) {
        let start = reader.position
        let sort = try aliasSort(&reader)
        switch try reader.readByte() {
        case 0x00:
            let instance = try reader.readVarUInt32()
            let name = try name(&reader)
            guard case .component(let sort) = sort else {
                throw BinaryError(.malformed, "malformed alias: an instance exports no \(sort.name)", at: start)
            }
            guard scope.kind == .component || sort == .type || sort == .instance else {
                throw invalid("aliases in component and instance types may only refer to types or instances", at: start)
            }
            try aliasExport(instance, name, sort, at: start)
        case 0x01:
            let instance = try reader.readVarUInt32()
            let name = try name(&reader)
            guard case .core(let sort) = sort else {
                throw BinaryError(.malformed, "malformed alias: a core instance exports no \(sort.name)", at: start)
            }
            guard scope.kind == .component else {
                throw invalid("aliases in component and instance types may only refer to types or instances", at: start)
            }
            try aliasCoreExport(instance, name, sort, at: start)
        case 0x02:
            let count = try reader.readVarUInt32()
            let index = try reader.readVarUInt32()
            try aliasOuter(sort, count, index, at: start)
        case let byte: throw unknownByte(byte, "alias", at: start)
        }
    }

    private func aliasSort(_ reader: inout ByteReader) throws(BinaryError) -> AliasSort {
        let start = reader.position
        switch try reader.readByte() {
        case 0x00:
            switch try reader.readByte() {
            case 0x00: return .core(.function)
            case 0x01: return .core(.table)
            case 0x02: return .core(.memory)
            case 0x03: return .core(.global)
            case 0x04: return .core(.tag)
            case 0x10: return .coreType
            case 0x11: return .component(.coreModule)
            case 0x12: return .coreInstance
            case let byte: throw unknownByte(byte, isOuter(reader) ? "component outer alias kind" : "core sort", at: start)
            }
        case 0x01: return .component(.function)
        case 0x02: throw BinaryError(.unsupported, "values in components are not supported yet", at: start)
        case 0x03: return .component(.type)
        case 0x04: return .component(.component)
        case 0x05: return .component(.instance)
        case let byte:
            throw unknownByte(byte, isOuter(reader) ? "component outer alias kind" : "component external kind", at: start)
        }
    }

    /// Whether the alias whose sort was just read is one of an outer scope's definition.
    private func isOuter(_ reader: borrowing ByteReader) -> Bool { reader.peekByte() == 0x02 }

    private func aliasExport(
        _ index: UInt32, _ name: String, _ sort: ComponentSort, at start: Int
    ) throws(BinaryError) {
        guard let type = try instance(index, at: start).exports[name] else {
            throw invalid("instance \(index) has no export named `\(name)`", at: start)
        }
        guard type.sort == sort else {
            throw invalid(
                "export `\(name)` for instance \(index) is not a \(AliasSort.component(sort).name)", at: start)
        }
        try at(start) { () throws(TypeMismatch) in try self.append(type, at: start) }
        if scope.kind == .component {
            scope.steps.append(.aliasExport(ComponentInstanceIndex(index), name: name, sort: sort))
        }
    }

    private func aliasCoreExport(
        _ index: UInt32, _ name: String, _ sort: CoreSort, at start: Int
    ) throws(BinaryError) {
        let scope = scope
        guard let type = try coreInstance(index, at: start)[name] else {
            throw invalid("core instance \(index) has no export named `\(name)`", at: start)
        }
        switch (sort, type) {
        case (.function, .function(let type)):
            try checkLimit(scope.coreFunctions.count, ComponentLimits.coreItems, "core functions", start)
            scope.coreFunctions.append(type)
        case (.table, .table(let type)):
            try checkLimit(scope.coreTables.count, ComponentLimits.coreItems, "tables", start)
            scope.coreTables.append(type)
        case (.memory, .memory(let type)):
            try checkLimit(scope.coreMemories.count, ComponentLimits.coreItems, "memories", start)
            scope.coreMemories.append(type)
        case (.global, .global(let type)):
            try checkLimit(scope.coreGlobals.count, ComponentLimits.coreItems, "globals", start)
            scope.coreGlobals.append(type)
        case (.tag, .tag(let type)):
            try checkLimit(scope.coreTags.count, ComponentLimits.coreItems, "tags", start)
            scope.coreTags.append(type)
        default:
            throw invalid(
                "export `\(name)` for core instance \(index) is not a \(AliasSort.core(sort).name)", at: start)
        }
        scope.steps.append(.aliasCoreExport(CoreInstanceIndex(index), name: name, sort: sort))
    }

    // MARK: - Outer aliases

    private func aliasOuter(_ sort: AliasSort, _ count: UInt32, _ index: UInt32, at start: Int) throws(BinaryError) {
        let scope = scope
        switch sort {
        case .coreType, .component(.type): break
        case .component(.coreModule), .component(.component):
            guard scope.kind == .component else {
                throw invalid("aliases in component and instance types may only refer to types or instances", at: start)
            }
        default:
            throw unknownByte(sort.code, "component outer alias kind", at: start)
        }
        guard Int(count) < scopes.count else { throw invalid("invalid outer alias count of \(count)", at: start) }
        let outerPosition = scopes.count - 1 - Int(count)
        let outer = scopes[outerPosition]
        switch sort {
        case .coreType:
            try checkLimit(scope.coreTypes.count, ComponentLimits.types, "core types", start)
            scope.coreTypes.append(try coreType(index, in: outer, at: start))
        case .component(.type):
            let type = try type(index, in: outer, at: start)
            // Scopes of types are only ever inside of those of components, so if a component's border is crossed at
            // all, it is the one next to the outer scope.
            if count > 0, scopes[outerPosition + 1].kind == .component {
                try at(start) { () throws(TypeMismatch) in
                    try self.effort.charge(type.summary.nodeCount)
                    var free = FreeResources()
                    free.add(type)
                    guard free.found.isEmpty else {
                        throw TypeMismatch(
                            "cannot alias outer type which transitively refers to resources not defined in the current component"
                        )
                    }
                }
            }
            try at(start) { () throws(TypeMismatch) in try self.append(.type(type), at: start) }
        case .component(.coreModule):
            guard Int(index) < outer.coreModules.count else {
                throw invalid("unknown module \(index): module index out of bounds", at: start)
            }
            let type = outer.coreModules[Int(index)]
            try at(start) { () throws(TypeMismatch) in try self.append(.coreModule(type), at: start) }
            let module = CoreModuleIndex(index)
            scope.steps.append(
                count == 0 ? .repeatModule(module) : .captureModule(position: capture(module, from: outerPosition)))
        default:
            guard Int(index) < outer.components.count else {
                throw invalid("unknown component \(index): component index out of bounds", at: start)
            }
            let type = outer.components[Int(index)]
            try at(start) { () throws(TypeMismatch) in try self.append(.component(type), at: start) }
            let component = ComponentIndex(index)
            scope.steps.append(
                count == 0
                    ? .repeatComponent(component)
                    : .captureComponent(position: capture(component, from: outerPosition)))
        }
    }

    /// Hands a module of an outer component down to the innermost one, through all that stand between.
    private func capture(_ module: CoreModuleIndex, from outerPosition: Int) -> Int {
        var capture = Component.ModuleCapture.outer(module)
        var position = 0
        for scope in scopes[(outerPosition + 1)...] {
            if let known = scope.modulePositions[capture] {
                position = known
            } else {
                position = scope.capturedModules.count
                scope.capturedModules.append(capture)
                scope.modulePositions[capture] = position
            }
            capture = .captured(position: position)
        }
        return position
    }

    private func capture(_ component: ComponentIndex, from outerPosition: Int) -> Int {
        var capture = Component.ComponentCapture.outer(component)
        var position = 0
        for scope in scopes[(outerPosition + 1)...] {
            if let known = scope.componentPositions[capture] {
                position = known
            } else {
                position = scope.capturedComponents.count
                scope.capturedComponents.append(capture)
                scope.componentPositions[capture] = position
            }
            capture = .captured(position: position)
        }
        return position
    }
}

extension ComponentExternType {
    var sort: ComponentSort {
        switch self {
        case .coreModule: .coreModule
        case .function: .function
        case .type: .type
        case .component: .component
        case .instance: .instance
        }
    }
}
