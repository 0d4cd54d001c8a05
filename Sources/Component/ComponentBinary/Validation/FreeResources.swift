// Resources that a type speaks of without binding them.

import ComponentTypes

/// Collects the free resources of types. Each node is visited once.
struct FreeResources {
    private(set) var found: Set<ResourceTypeID> = []
    private var visited: Set<ObjectIdentifier> = []

    mutating func add(_ type: ComponentValueType) {
        guard !type.summary.traits.isDisjoint(with: .containsResource) else { return }
        switch type {
        case .own(let id), .borrow(let id): found.insert(id)
        default:
            if let node = type.node, !visited.insert(ObjectIdentifier(node)).inserted { return }
            for part in type.parts { add(part) }
        }
    }

    mutating func add(_ type: ComponentFunctionType) {
        guard !type.summary.traits.isDisjoint(with: .containsResource),
            visited.insert(ObjectIdentifier(type)).inserted
        else { return }
        for parameter in type.parameters { add(parameter.type) }
        if let result = type.result { add(result) }
    }

    mutating func add(_ type: ComponentDefinedType) {
        switch type {
        case .value(let type): add(type)
        case .resource(let id): found.insert(id)
        case .function(let type): add(type)
        case .component(let type): add(type)
        case .instance(let type): add(type)
        }
    }

    mutating func add(_ type: ComponentExternType) {
        switch type {
        case .coreModule: break
        case .function(let type): add(type)
        case .type(let type): add(type)
        case .component(let type): add(type)
        case .instance(let type): add(type)
        }
    }

    mutating func add(_ type: ComponentInstanceType) {
        guard visited.insert(ObjectIdentifier(type)).inserted else { return }
        var inner = FreeResources()
        for export in type.exports.declarations { inner.add(export.type) }
        found.formUnion(inner.found.subtracting(type.resources.lazy.map(\.id)))
    }

    mutating func add(_ type: ComponentType) {
        guard visited.insert(ObjectIdentifier(type)).inserted else { return }
        var inner = FreeResources()
        for item in type.imports.declarations { inner.add(item.type) }
        for item in type.exports.declarations { inner.add(item.type) }
        inner.found.subtract(type.importedResources.lazy.map(\.id))
        inner.found.subtract(type.exportedResources.lazy.map(\.id))
        found.formUnion(inner.found)
    }
}
