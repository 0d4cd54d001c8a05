// Compares the type that a component expects of a function with the type of what is supplied.
//
// Both are types over resources of their own: static ones of the component, Swift classes, run-time types of another
// instance. Two handles agree if their resources are found to be the same one.

import ComponentTypes

/// Which resource a static type stands for, when all is linked.
enum ResourceIdentity: Hashable {
    case host(ObjectIdentifier)
    /// The number of a run-time type in the store.
    case runtime(UInt32)

    init(_ type: ResourceType) {
        self = type.host.map { .host($0.identity) } ?? .runtime(type.number)
    }
}

/// Finds the identity of a static resource type; nil if it is not known.
typealias ResourceResolver = (ResourceTypeID) -> ResourceIdentity?

struct FunctionTypeMatch {
    let expected: ResourceResolver
    let found: ResourceResolver

    /// Whether a function of these parameter and result types does what the type asks for. Names of parameters are not
    /// compared: a Swift closure has none.
    func matches(
        _ type: ComponentFunctionType, parameters: [ComponentValueType], result: ComponentValueType?
    ) -> Bool {
        type.parameters.count == parameters.count
            && zip(type.parameters, parameters).allSatisfy { matches($0.type, $1) }
            && matches(type.result, result)
    }

    private func matches(_ a: ComponentValueType?, _ b: ComponentValueType?) -> Bool {
        switch (a, b) {
        case (nil, nil): true
        case (let a?, let b?):
            // Swift has no type that stands for a map and keeps its order.
            a.matches(b, mapsAreLists: true) { a, b in
                guard let a = expected(a), let b = found(b) else { return false }
                return a == b
            }
        default: false
        }
    }
}

// MARK: - Text

/// Function types in words close to WIT.
struct TypeText {
    /// The name of a resource; nil if it is not known.
    let resourceName: (ResourceTypeID) -> String?

    func function(_ parameters: [(name: String?, type: ComponentValueType)], _ result: ComponentValueType?) -> String {
        let list = parameters.map { ($0.name.map { "\($0): " } ?? "") + value($0.type) }
        return "func(\(list.joined(separator: ", ")))" + (result.map { " -> \(value($0))" } ?? "")
    }

    func function(_ type: ComponentFunctionType) -> String {
        (type.isAsync ? "async " : "") + function(type.parameters.map { ($0.name, $0.type) }, type.result)
    }

    func value(_ type: ComponentValueType) -> String {
        switch type {
        case .bool: "bool"
        case .s8: "s8"
        case .u8: "u8"
        case .s16: "s16"
        case .u16: "u16"
        case .s32: "s32"
        case .u32: "u32"
        case .s64: "s64"
        case .u64: "u64"
        case .f32: "f32"
        case .f64: "f64"
        case .char: "char"
        case .string: "string"
        case .record(let type):
            "record { \(type.fields.map { "\($0.name): \(value($0.type))" }.joined(separator: ", ")) }"
        case .variant(let type):
            "variant { \(type.cases.map { item in item.name + (item.type.map { "(\(value($0)))" } ?? "") }.joined(separator: ", ")) }"
        case .list(let type): "list<\(value(type.element))>"
        case .fixedLengthList(let type): "list<\(value(type.element)), \(type.length)>"
        case .stream(let type): type.element.map { "stream<\(value($0))>" } ?? "stream"
        case .future(let type): type.element.map { "future<\(value($0))>" } ?? "future"
        case .errorContext: "error-context"
        case .tuple(let type): "tuple<\(type.elements.map(value).joined(separator: ", "))>"
        case .flags(let type): "flags { \(type.labels.joined(separator: ", ")) }"
        case .enumeration(let type): "enum { \(type.labels.joined(separator: ", ")) }"
        case .option(let type): "option<\(value(type.payload))>"
        case .result(let type):
            switch (type.success, type.failure) {
            case (nil, nil): "result"
            case (let success?, nil): "result<\(value(success))>"
            case (let success, let failure?): "result<\(success.map(value) ?? "_"), \(value(failure))>"
            }
        case .own(let id): "own<\(resourceName(id) ?? "resource")>"
        case .borrow(let id): "borrow<\(resourceName(id) ?? "resource")>"
        }
    }
}
