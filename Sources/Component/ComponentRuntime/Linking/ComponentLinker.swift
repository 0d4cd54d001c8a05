// Finds what a component imports, by name and version, and compares the types.
//
// A host interface serves a name by the rule of `VersionedNames`: its own, or else the highest version on the same
// track. It needs to have only what the component's import type lists: an older host serves a newer component that uses
// nothing new.

import ComponentBinary
import ComponentTypes
public import Execution

/// What the host offers to components. A value, shared by any number of stores and threads.
public struct ComponentLinker: Sendable {
    private var interfaces: [HostInterface] = []
    private var positions: [String: Int] = [:]
    private var root = HostInterface("")
    private var names = VersionedNames([])

    public init() {}

    /// Offers an interface; a later one of the same name and version takes the place of an earlier one.
    public mutating func define(_ interface: HostInterface) {
        define([interface])
    }

    /// Offers interfaces, in order.
    public mutating func define(_ added: [HostInterface]) {
        for interface in added {
            if let position = positions[interface.name] {
                interfaces[position] = interface
            } else {
                positions[interface.name] = interfaces.count
                interfaces.append(interface)
            }
        }
        names = VersionedNames(interfaces.map(\.name))
    }

    /// Offers a function that components import by itself, not as part of an interface.
    public mutating func define(_ function: HostFunction) {
        root.define(function)
    }

    /// Finds what a component imports, and compares the types: for making many instances of it.
    public func link(_ component: CompiledComponent) throws(ComponentInstantiationError) -> LinkedComponent {
        let resolution = resolve(component, [:])
        var imports: [(name: String, item: SuppliedItem)] = []
        for declaration in component.binary.type.imports.declarations {
            try check(declaration, resolution)
            if let item = supply(declaration, resolution) { imports.append((declaration.name.text, item)) }
        }
        return LinkedComponent(component, imports: imports)
    }

    /// Instantiates a component with what the host offers.
    ///
    /// - Parameter instances: instances that serve imports, by name; the version rule holds for them as well, and they
    ///   go before the host's interfaces. They must live in `store`.
    public func instantiate(
        _ component: CompiledComponent, in store: Store, instances: [String: ComponentExport] = [:]
    ) throws(ComponentInstantiationError) -> ComponentInstance {
        for (name, export) in instances where export.store !== store {
            throw .incompatibleImport(
                interface: name, item: nil, expected: "an instance of the same store", found: "one of another store",
                provider: nil)
        }
        let state = ComponentStoreState.of(store)
        let resolution = resolve(component, instances)
        var arguments: [String: InstanceItem] = [:]
        for declaration in component.binary.type.imports.declarations {
            try check(declaration, resolution)
            let name = declaration.name.text
            if case .item(let item)? = resolution.providers[name] {
                arguments[name] = item
            } else if let item = supply(declaration, resolution) {
                arguments[name] = item.bound(in: state)
            }
        }
        return try ComponentInstance(
            component, arguments: arguments, exportNames: VersionedNames(component.binary.exports.map(\.name.text)),
            in: state)
    }

    /// Checks that a component's imports can be had from the host, without making anything.
    public func check(_ component: CompiledComponent) throws(ComponentInstantiationError) {
        let resolution = resolve(component, [:])
        for declaration in component.binary.type.imports.declarations {
            try check(declaration, resolution)
        }
    }

    // MARK: - Finding

    /// Who serves an import.
    private enum Provider {
        case interface(HostInterface)
        case root
        case item(InstanceItem)
    }

    /// Who serves each import, and which resources that makes of the component's.
    private struct Resolution {
        var providers: [String: Provider] = [:]
        var resources: [ResourceTypeID: ResourceIdentity] = [:]
        var resourceNames: [ResourceTypeID: String] = [:]

        var text: TypeText {
            TypeText { resourceNames[$0] }
        }
    }

    private func resolve(_ component: CompiledComponent, _ instances: [String: ComponentExport]) -> Resolution {
        let type = component.binary.type
        let given = VersionedNames(instances.keys.sorted())
        var resolution = Resolution()
        for declaration in type.imports.declarations {
            let name = declaration.name.text
            if let position = given.match(name), let export = instances[given.names[position]] {
                resolution.providers[name] = .item(export.item)
            } else if case .instance = declaration.type {
                if let position = names.match(name) {
                    resolution.providers[name] = .interface(interfaces[position])
                }
            } else {
                resolution.providers[name] = .root
            }
        }
        for resource in type.importedResources {
            resolution.resourceNames[resource.id] = resource.path.last
            guard let first = resource.path.first, let provider = resolution.providers[first] else { continue }
            switch provider {
            case .interface(let interface):
                if resource.path.count == 2, let host = interface.resources[resource.path[1]] {
                    resolution.resources[resource.id] = .host(host.identity)
                }
            case .root:
                if resource.path.count == 1, let host = root.resources[first] {
                    resolution.resources[resource.id] = .host(host.identity)
                }
            case .item(let item):
                if let type = item.resource(at: resource.path.dropFirst()) {
                    resolution.resources[resource.id] = ResourceIdentity(type)
                }
            }
        }
        return resolution
    }

    // MARK: - Checking

    private func check(
        _ declaration: ComponentExternDeclaration, _ resolution: Resolution
    ) throws(ComponentInstantiationError) {
        let name = declaration.name.text
        switch (declaration.type, resolution.providers[name]) {
        case (.instance(let type), .interface(let interface)):
            for export in type.exports.declarations {
                try check(export, of: interface, importedAs: name, resolution)
            }
        case (_, .root): try check(declaration, of: root, importedAs: nil, resolution)
        case (_, .item(let item)): try check(item, declaration.type, interface: name, item: nil, resolution)
        default:
            throw .missingImport(
                interface: name, item: nil, expected: "an \(declaration.type.sortName)",
                nearest: names.nearest(name).map { interfaces[$0].name })
        }
    }

    /// Checks one item of a host interface, or of the root where `interface` is nil.
    private func check(
        _ declaration: ComponentExternDeclaration, of host: HostInterface, importedAs interface: String?,
        _ resolution: Resolution
    ) throws(ComponentInstantiationError) {
        let name = declaration.name.text
        let isRoot = interface == nil
        func missing(_ expected: String) -> ComponentInstantiationError {
            .missingImport(
                interface: interface ?? name, item: isRoot ? nil : name, expected: expected,
                nearest: isRoot ? nil : host.name)
        }
        switch declaration.type {
        case .function(let type):
            guard let function = host.functions[name] else { throw missing(resolution.text.function(type)) }
            let match = FunctionTypeMatch(
                expected: { resolution.resources[$0] },
                found: { HostResourceTypes.identity(of: $0).map { .host($0) } })
            guard function.defect == nil,
                match.matches(type, parameters: function.parameterTypes, result: function.resultType)
            else {
                throw .incompatibleImport(
                    interface: interface ?? name, item: isRoot ? nil : name, expected: resolution.text.function(type),
                    found: function.text, provider: isRoot ? nil : host.name)
            }
        case .type(.resource(let id)):
            guard host.resources[name] != nil || resolution.resources[id] != nil else { throw missing("a resource") }
        case .type: break
        default: throw missing("a \(declaration.type.sortName)")
        }
    }

    /// Checks an item of another instance.
    private func check(
        _ found: InstanceItem, _ type: ComponentExternType, interface: String, item: String?, _ resolution: Resolution
    ) throws(ComponentInstantiationError) {
        func incompatible(_ expected: String, _ found: String) -> ComponentInstantiationError {
            .incompatibleImport(interface: interface, item: item, expected: expected, found: found, provider: nil)
        }
        switch (type, found) {
        case (.function(let type), .function(.lifted(let function))):
            let match = FunctionTypeMatch(
                expected: { resolution.resources[$0] },
                found: { function.resourceType($0).map { ResourceIdentity($0) } })
            guard match.matches(type, parameters: function.type.parameters.map(\.type), result: function.type.result),
                type.isAsync == function.type.isAsync,
                type.parameters.map(\.name) == function.type.parameters.map(\.name)
            else {
                throw incompatible(resolution.text.function(type), TypeText { _ in nil }.function(function.type))
            }
        case (.function(let type), .function(.host(let function, _))):
            let match = FunctionTypeMatch(
                expected: { resolution.resources[$0] },
                found: { HostResourceTypes.identity(of: $0).map { .host($0) } })
            guard match.matches(type, parameters: function.parameterTypes, result: function.resultType) else {
                throw incompatible(resolution.text.function(type), function.text)
            }
        case (.instance(let type), .instance(let exports)):
            for export in type.exports.declarations {
                let name = export.name.text
                guard let found = exports[name] else {
                    throw .missingImport(
                        interface: interface, item: name, expected: "a \(export.type.sortName)", nearest: interface)
                }
                try check(found, export.type, interface: interface, item: name, resolution)
            }
        case (.type(.resource(let id)), .resource(let type)):
            guard resolution.resources[id] == ResourceIdentity(type) else {
                throw incompatible("another resource", "a resource")
            }
        case (.type, .type): break
        case (.coreModule, .coreModule), (.component, .component):
            // Their types are not compared here, so they cannot be passed from outside.
            throw incompatible("a \(type.sortName) of this component", "one from outside")
        default: throw incompatible("a \(type.sortName)", "a \(found.sortName)")
        }
    }

    // MARK: - Supplying

    /// What the host supplies for an import that was checked; nil for one that an instance serves.
    private func supply(_ declaration: ComponentExternDeclaration, _ resolution: Resolution) -> SuppliedItem? {
        switch (resolution.providers[declaration.name.text], declaration.type) {
        case (.interface(let interface), .instance(let type)):
            .instance(
                type.exports.declarations.compactMap { export in
                    item(export, of: interface, resolution).map { (export.name.text, $0) }
                })
        case (.root, _): item(declaration, of: root, resolution)
        default: nil
        }
    }

    private func item(
        _ declaration: ComponentExternDeclaration, of host: HostInterface, _ resolution: Resolution
    ) -> SuppliedItem? {
        let name = declaration.name.text
        switch declaration.type {
        case .function:
            let qualified = host.name.isEmpty ? name : "\(host.name)#\(name)"
            return host.functions[name].map { .function($0, name: qualified) }
        case .type(.resource(let id)):
            if let resource = host.resources[name] { return .resource(resource) }
            guard case .host(let identity)? = resolution.resources[id], let resource = resource(identity) else {
                return .type
            }
            return .resource(resource)
        default: return .type
        }
    }

    private func resource(_ identity: ObjectIdentifier) -> HostResource? {
        for interface in interfaces + [root] {
            for resource in interface.resources.values where resource.identity == identity { return resource }
        }
        return nil
    }
}

extension HostFunction {
    /// The declared type in words close to WIT, with the names of classes for resources.
    package var text: String {
        TypeText { HostResourceTypes.name(of: $0) }.function(parameterTypes.map { (nil, $0) }, resultType)
    }
}
