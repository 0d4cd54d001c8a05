// Types of a component as its binary spells them.
//
// WIT knows types by name: `type size = u64` and a parameter of type `size` are two things that mean one. The types that
// validation computes (`ComponentTypes`) are equal by structure and have forgotten such names. Here every definition and
// every import or export of a type keeps an identity of its own, and an import or export knows which one it stands for.

/// One way to refer to a type: a definition, and under which of its names.
struct TypeReference: Hashable {
    /// The position of the definition in `TypeArena`.
    var index: Int
    /// The name, a number that `TypeArena.renamed` gave out; -1 for the definition itself.
    var name = -1
}

enum PrimitiveShape: String {
    case bool, s8, u8, s16, u16, s32, u32, s64, u64, f32, f64, char, string
    case errorContext = "error-context"
}

/// The type of a value where it is used.
enum ValueShape {
    case primitive(PrimitiveShape)
    case type(TypeReference)
}

struct NamedShape<Shape> {
    var name: String
    var shape: Shape
}

struct FunctionShape {
    var isAsync = false
    var parameters: [NamedShape<ValueShape>]
    var result: ValueShape?
}

/// What is imported or exported under a name.
enum EntityShape {
    /// Modules and values, of which WIT says nothing.
    case other
    case function(TypeReference)
    /// A type under a new name, which stands for another; the same twice where it is a new resource.
    case type(referenced: TypeReference, created: TypeReference)
    case component(TypeReference)
    case instance(TypeReference)
}

/// An import or export.
struct ExternShape {
    var name: String
    var entity: EntityShape
    /// The interface that an instance with a plain name implements.
    var implements: String?
    /// What stands behind the version in the name.
    var versionSuffix: String?
    var externalID: String?
}

struct InstanceShape {
    var exports: [ExternShape] = []
    /// Resources that each instance of this type brings forth, by definition.
    var resources: [Int] = []

    func export(_ name: String) -> ExternShape? {
        exports.first { $0.name.utf8.elementsEqual(name.utf8) }
    }
}

struct ComponentShape {
    var imports: [ExternShape] = []
    var exports: [ExternShape] = []
    /// Resources that each instance of this component brings forth, by definition.
    var resources: [Int] = []
}

/// What a type is.
enum TypeDefinition {
    case primitive(PrimitiveShape)
    case record([NamedShape<ValueShape>])
    case variant([NamedShape<ValueShape?>])
    case list(ValueShape)
    case fixedLengthList(ValueShape, length: UInt32)
    case map(key: ValueShape, value: ValueShape)
    case tuple([ValueShape])
    case flags([String])
    case enumeration([String])
    case option(ValueShape)
    case result(success: ValueShape?, failure: ValueShape?)
    case own(TypeReference)
    case borrow(TypeReference)
    case stream(ValueShape?)
    case future(ValueShape?)
    case resource
    case function(FunctionShape)
    case instance(InstanceShape)
    case component(ComponentShape)

    /// The values that a value type is made of.
    var parts: [ValueShape] {
        switch self {
        case .record(let fields): fields.map(\.shape)
        case .variant(let cases): cases.compactMap(\.shape)
        case .list(let element), .fixedLengthList(let element, _): [element]
        case .map(let key, let value): [key, value]
        case .tuple(let elements): elements
        case .option(let payload): [payload]
        case .result(let success, let failure): [success, failure].compactMap { $0 }
        case .stream(let element), .future(let element): [element].compactMap { $0 }
        case .function(let function): function.parameters.map(\.shape) + [function.result].compactMap { $0 }
        case .primitive, .flags, .enumeration, .own, .borrow, .resource, .instance, .component: []
        }
    }

    /// The types that the definition speaks of.
    var references: [TypeReference] {
        switch self {
        case .instance(let instance): instance.exports.compactMap(\.entity.reference)
        case .component(let component): (component.imports + component.exports).compactMap(\.entity.reference)
        default:
            parts.compactMap { part in
                guard case .type(let reference) = part else { return nil }
                return reference
            }
        }
    }
}

extension EntityShape {
    fileprivate var reference: TypeReference? {
        switch self {
        case .other: nil
        case .function(let type), .component(let type), .instance(let type): type
        case .type(_, let created): created
        }
    }
}
