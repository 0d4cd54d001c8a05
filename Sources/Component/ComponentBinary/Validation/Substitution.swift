// Replaces resources in types (Explainer.md, "Type Checking": a type that is supplied for an import takes its place in
// everything that follows).
//
// Named types are replaced as well: where an argument was supplied for a type import, the result speaks of the
// argument's type under the argument's name. Nodes in which nothing changes stay the same nodes.

import ComponentTypes

struct Substitution {
    /// What stands for a resource, whatever name it is reached by; the name stays.
    var resources: [ResourceTypeID: ResourceTypeID] = [:]
    /// What stands for a type under one name.
    var names: [TypeName: ComponentDefinedType] = [:]

    // Nodes that were met already. The keys are nodes of types that live as long as the substitution is used.
    private var values: [ObjectIdentifier: ComponentValueType] = [:]
    private var functions: [ObjectIdentifier: ComponentFunctionType] = [:]
    private var components: [ObjectIdentifier: ComponentType] = [:]
    private var instances: [ObjectIdentifier: ComponentInstanceType] = [:]

    init() {}

    var isEmpty: Bool { resources.isEmpty && names.isEmpty }

    /// Must be called when the replacements have changed after a use.
    mutating func forgetResults() {
        values = [:]
        functions = [:]
        components = [:]
        instances = [:]
    }

    private var concerned: TypeSummary.Traits {
        names.isEmpty ? .containsResource : [.containsResource, .containsNameable]
    }

    func apply(_ id: ResourceTypeID) -> ResourceTypeID {
        if !names.isEmpty, case .resource(let other)? = names[TypeName(id)] { return other }
        return resources[id].map(id.replaced) ?? id
    }

    mutating func apply(_ type: ComponentValueType) throws(ComponentTypeError) -> ComponentValueType {
        if type.summary.traits.isDisjoint(with: concerned) { return type }
        switch type {
        case .own(let id): return .own(apply(id))
        case .borrow(let id): return .borrow(apply(id))
        default: break
        }
        if !names.isEmpty, let name = TypeName(.value(type)), case .value(let other)? = names[name] { return other }
        guard let node = type.node else { return type }
        if let known = values[ObjectIdentifier(node)] { return known }
        let result = try rebuild(type)
        values[ObjectIdentifier(node)] = result
        return result
    }

    private mutating func rebuild(_ type: ComponentValueType) throws(ComponentTypeError) -> ComponentValueType {
        var isChanged = false
        func changed(_ old: ComponentValueType, _ new: ComponentValueType) -> ComponentValueType {
            if !old.isIdentical(to: new) { isChanged = true }
            return new
        }
        switch type {
        case .record(let record):
            var fields: [RecordType.Field] = []
            for field in record.fields {
                fields.append(.init(name: field.name, type: changed(field.type, try apply(field.type))))
            }
            return isChanged ? .record(try RecordType(fields: fields)) : type
        case .variant(let variant):
            var cases: [VariantType.Case] = []
            for item in variant.cases {
                guard let payload = item.type else {
                    cases.append(item)
                    continue
                }
                cases.append(.init(name: item.name, type: changed(payload, try apply(payload))))
            }
            return isChanged ? .variant(try VariantType(cases: cases)) : type
        case .list(let list):
            let element = changed(list.element, try apply(list.element))
            return isChanged ? .list(try ListType(element: element, isMap: list.isMap)) : type
        case .fixedLengthList(let list):
            let element = changed(list.element, try apply(list.element))
            return isChanged
                ? .fixedLengthList(try FixedLengthListType(element: element, length: list.length)) : type
        case .stream(let stream): return try rebuilt(stream).map { .stream($0) } ?? type
        case .future(let future): return try rebuilt(future).map { .future($0) } ?? type
        case .tuple(let tuple):
            var elements: [ComponentValueType] = []
            for element in tuple.elements { elements.append(changed(element, try apply(element))) }
            return isChanged ? .tuple(try TupleType(elements: elements)) : type
        case .option(let option):
            let payload = changed(option.payload, try apply(option.payload))
            return isChanged ? .option(try OptionType(payload: payload)) : type
        case .result(let result):
            var success = result.success
            if let old = success { success = changed(old, try apply(old)) }
            var failure = result.failure
            if let old = failure { failure = changed(old, try apply(old)) }
            return isChanged ? .result(try ResultType(success: success, failure: failure)) : type
        default:
            return type
        }
    }

    /// nil if nothing changes.
    private mutating func rebuilt(_ type: StreamType) throws(ComponentTypeError) -> StreamType? {
        guard let old = type.element else { return nil }
        let new = try apply(old)
        return old.isIdentical(to: new) ? nil : try StreamType(element: new)
    }

    mutating func apply(_ type: ComponentFunctionType) throws(ComponentTypeError) -> ComponentFunctionType {
        if type.summary.traits.isDisjoint(with: concerned) { return type }
        if let known = functions[ObjectIdentifier(type)] { return known }
        var parameters: [ComponentFunctionType.Parameter] = []
        for parameter in type.parameters {
            parameters.append(.init(name: parameter.name, type: try apply(parameter.type)))
        }
        var result = type.result
        if let old = result { result = try apply(old) }
        let new = try ComponentFunctionType(parameters: parameters, result: result, isAsync: type.isAsync)
        functions[ObjectIdentifier(type)] = new
        return new
    }

    mutating func apply(_ type: ComponentDefinedType) throws(ComponentTypeError) -> ComponentDefinedType {
        switch type {
        case .value(let type): .value(try apply(type))
        case .resource(let id): .resource(apply(id))
        case .function(let type): .function(try apply(type))
        case .component(let type): .component(try apply(type))
        case .instance(let type): .instance(try apply(type))
        }
    }

    mutating func apply(_ type: ComponentExternType) throws(ComponentTypeError) -> ComponentExternType {
        switch type {
        case .coreModule: type
        case .function(let type): .function(try apply(type))
        case .type(let type): .type(try apply(type))
        case .component(let type): .component(try apply(type))
        case .instance(let type): .instance(try apply(type))
        }
    }

    mutating func apply(_ type: ComponentInstanceType) throws(ComponentTypeError) -> ComponentInstanceType {
        if type.summary.traits.isDisjoint(with: concerned) { return type }
        if let known = instances[ObjectIdentifier(type)] { return known }
        let new = try ComponentInstanceType(
            exports: try apply(type.exports), resources: Set(type.resources.lazy.map(\.id)))
        instances[ObjectIdentifier(type)] = new
        return new
    }

    mutating func apply(_ type: ComponentType) throws(ComponentTypeError) -> ComponentType {
        if type.summary.traits.isDisjoint(with: concerned) { return type }
        if let known = components[ObjectIdentifier(type)] { return known }
        let new = try ComponentType(
            imports: try apply(type.imports), exports: try apply(type.exports),
            importedResources: type.importedResources, exportedResources: type.exportedResources)
        components[ObjectIdentifier(type)] = new
        return new
    }

    private mutating func apply(
        _ list: ComponentExternList
    ) throws(ComponentTypeError) -> [ComponentExternDeclaration] {
        var result: [ComponentExternDeclaration] = []
        result.reserveCapacity(list.declarations.count)
        for item in list.declarations {
            result.append(ComponentExternDeclaration(name: item.name, type: try apply(item.type)))
        }
        return result
    }

    /// Replaces the resources that an instance type binds by new ones.
    ///
    /// - Returns: a type that binds nothing, and the new resources with their paths.
    static func freshening(
        _ type: ComponentInstanceType
    ) throws(ComponentTypeError) -> (type: ComponentInstanceType, resources: [BoundResource]) {
        if type.resources.isEmpty { return (type, []) }
        var substitution = Substitution()
        var fresh: [BoundResource] = []
        for resource in type.resources {
            let id = ResourceTypeID.fresh()
            substitution.resources[resource.id] = id
            fresh.append(BoundResource(id: id, path: resource.path))
        }
        return (try ComponentInstanceType(exports: try substitution.apply(type.exports)), fresh)
    }
}

extension ComponentValueType {
    /// Whether this is the same node, or the same type without a node, under the same name.
    func isIdentical(to other: ComponentValueType) -> Bool {
        switch (self, other) {
        case (.own(let a), .own(let b)), (.borrow(let a), .borrow(let b)): a == b && a.name == b.name
        default: node === other.node
        }
    }
}
