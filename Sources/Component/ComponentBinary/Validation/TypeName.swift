// Which types have a name that is visible outside (Explainer.md, "External Visibility of Types").

import ComponentTypes

/// The identity of a type under one of its names.
enum TypeName: Hashable {
    /// The node of a record, variant, enumeration or flags type.
    case node(ObjectIdentifier)
    /// A resource, and which name of it.
    case resource(UInt64, name: UInt64)

    init(_ resource: ResourceTypeID) {
        self = .resource(resource.rawValue, name: resource.name)
    }

    /// nil for types that need no name.
    init?(_ type: ComponentDefinedType) {
        switch type {
        case .resource(let id): self.init(id)
        case .value(let value):
            switch value {
            case .record(let node): self = .node(ObjectIdentifier(node))
            case .variant(let node): self = .node(ObjectIdentifier(node))
            case .flags(let node): self = .node(ObjectIdentifier(node))
            case .enumeration(let node): self = .node(ObjectIdentifier(node))
            default: return nil
            }
        case .function, .component, .instance: return nil
        }
    }
}

extension Set<TypeName> {
    /// Whether a value of this type can be spoken of with these names.
    func covers(_ type: ComponentValueType) -> Bool {
        if type.summary.traits.isDisjoint(with: [.containsResource, .containsNameable]) { return true }
        switch type {
        case .own(let id), .borrow(let id): return contains(TypeName(id))
        case .record, .variant, .flags, .enumeration:
            return TypeName(.value(type)).map(contains) ?? true
        default: return coversParts(of: type)
        }
    }

    /// Whether the parts of this type can be spoken of with these names; the type itself is about to get one.
    func coversParts(of type: ComponentValueType) -> Bool {
        switch type {
        case .own(let id), .borrow(let id): contains(TypeName(id))
        case .record(let type): type.fields.allSatisfy { covers($0.type) }
        case .variant(let type): type.cases.allSatisfy { $0.type.map(covers) ?? true }
        case .list(let type): covers(type.element)
        case .fixedLengthList(let type): covers(type.element)
        case .stream(let type), .future(let type): type.element.map(covers) ?? true
        case .tuple(let type): type.elements.allSatisfy(covers)
        case .option(let type): covers(type.payload)
        case .result(let type): (type.success.map(covers) ?? true) && (type.failure.map(covers) ?? true)
        default: true
        }
    }

    func covers(_ type: ComponentFunctionType) -> Bool {
        type.parameters.allSatisfy { covers($0.type) } && (type.result.map(covers) ?? true)
    }

    /// As `coversParts(of:)`, for any type. A component type is closed, and was checked when it was made.
    func coversParts(of type: ComponentDefinedType) -> Bool {
        switch type {
        case .resource, .component: true
        case .value(let type): coversParts(of: type)
        case .function(let type): covers(type)
        case .instance(let type): coversParts(of: type)
        }
    }

    func coversParts(of type: ComponentInstanceType) -> Bool {
        type.exports.declarations.allSatisfy { export in
            switch export.type {
            case .coreModule, .component: true
            case .function(let type): covers(type)
            case .type(let type): coversParts(of: type)
            case .instance(let type): coversParts(of: type)
            }
        }
    }
}
