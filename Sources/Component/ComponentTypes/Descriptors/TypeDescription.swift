// Types as short text in the manner of WIT, for errors and listings.
//
// Types share parts and can be as large as a component likes, so the text has a budget; what does not fit is `…`.

/// Writes types as text.
public struct TypeDescription: Sendable {
    /// The names of resources, for handle types.
    private var resources: [ResourceTypeID: String]
    /// The names of records, variants, enumerations and flags, by node.
    private var names: [ObjectIdentifier: String] = [:]
    /// How many parts of a type are written at most.
    public var limit = 200

    /// Knows the names that a component's imports and exports give to types.
    public init(_ declarations: [ComponentExternDeclaration] = []) {
        resources = [:]
        for declaration in declarations { collect(declaration) }
    }

    private mutating func collect(_ declaration: ComponentExternDeclaration) {
        switch declaration.type {
        case .type(.resource(let id)):
            if resources[id] == nil { resources[id] = declaration.name.text }
        case .type(.value(let type)):
            switch type {
            case .record, .variant, .flags, .enumeration:
                if let node = type.node { names[ObjectIdentifier(node)] = declaration.name.text }
            default: break
            }
        case .instance(let type):
            for export in type.exports.declarations { collect(export) }
        default: break
        }
    }

    public func text(of type: ComponentValueType) -> String {
        var left = limit
        return text(type, &left)
    }

    /// Such as `func(a: u32, b: string) -> result<list<u8>, error-code>`.
    public func text(of type: ComponentFunctionType) -> String {
        var left = limit
        return text(type, &left)
    }

    public func text(of type: ComponentExternType) -> String {
        var left = limit
        return text(type, &left)
    }

    private func text(_ type: ComponentExternType, _ left: inout Int) -> String {
        switch type {
        case .coreModule(let type): return "core module (\(type.imports.count) imports, \(type.exports.count) exports)"
        case .function(let type): return text(type, &left)
        case .type(.value(let type)): return "type \(definition(type, &left))"
        case .type(.resource): return "resource"
        case .type(.function(let type)): return "type \(text(type, &left))"
        case .type(.component): return "type component"
        case .type(.instance(let type)): return "type \(text(.instance(type), &left))"
        case .component(let type):
            return "component (\(type.imports.declarations.count) imports, \(type.exports.declarations.count) exports)"
        case .instance(let type):
            let exports = list(type.exports.declarations, &left) { export, left in
                "\(export.name): \(text(export.type, &left))"
            }
            return "instance { \(exports) }"
        }
    }

    private func text(_ type: ComponentFunctionType, _ left: inout Int) -> String {
        let parameters = list(type.parameters, &left) { parameter, left in
            "\(parameter.name): \(text(parameter.type, &left))"
        }
        let keyword = type.isAsync ? "async func" : "func"
        guard let result = type.result else { return "\(keyword)(\(parameters))" }
        return "\(keyword)(\(parameters)) -> \(text(result, &left))"
    }

    private func list<Element>(
        _ elements: [Element], _ left: inout Int, _ text: (Element, inout Int) -> String
    ) -> String {
        var result = ""
        for element in elements {
            if !result.isEmpty { result += ", " }
            guard left > 0 else { return result + "…" }
            left -= 1
            result += text(element, &left)
        }
        return result
    }

    /// A type by its name, where it has one.
    private func text(_ type: ComponentValueType, _ left: inout Int) -> String {
        if let node = type.node, let name = names[ObjectIdentifier(node)] { return name }
        return definition(type, &left)
    }

    private func definition(_ type: ComponentValueType, _ left: inout Int) -> String {
        guard left > 0 else { return "…" }
        left -= 1
        switch type {
        case .bool: return "bool"
        case .s8: return "s8"
        case .u8: return "u8"
        case .s16: return "s16"
        case .u16: return "u16"
        case .s32: return "s32"
        case .u32: return "u32"
        case .s64: return "s64"
        case .u64: return "u64"
        case .f32: return "f32"
        case .f64: return "f64"
        case .char: return "char"
        case .string: return "string"
        case .record(let type):
            return "record { \(list(type.fields, &left) { "\($0.name): \(text($0.type, &$1))" }) }"
        case .variant(let type):
            let cases = list(type.cases, &left) { item, left in
                guard let payload = item.type else { return item.name }
                return "\(item.name)(\(text(payload, &left)))"
            }
            return "variant { \(cases) }"
        case .list(let type):
            if type.isMap, case .tuple(let pair) = type.element {
                return "map<\(list(pair.elements, &left) { text($0, &$1) })>"
            }
            return "list<\(text(type.element, &left))>"
        case .fixedLengthList(let type): return "list<\(text(type.element, &left)), \(type.length)>"
        case .stream(let type): return type.element.map { "stream<\(text($0, &left))>" } ?? "stream"
        case .future(let type): return type.element.map { "future<\(text($0, &left))>" } ?? "future"
        case .errorContext: return "error-context"
        case .tuple(let type): return "tuple<\(list(type.elements, &left) { text($0, &$1) })>"
        case .flags(let type): return "flags { \(list(type.labels, &left) { label, _ in label }) }"
        case .enumeration(let type): return "enum { \(list(type.labels, &left) { label, _ in label }) }"
        case .option(let type): return "option<\(text(type.payload, &left))>"
        case .result(let type):
            switch (type.success, type.failure) {
            case (nil, nil): return "result"
            case (let success?, nil): return "result<\(text(success, &left))>"
            case (nil, let failure?): return "result<_, \(text(failure, &left))>"
            case (let success?, let failure?): return "result<\(text(success, &left)), \(text(failure, &left))>"
            }
        case .own(let id): return resources[id] ?? "own<resource>"
        case .borrow(let id): return "borrow<\(resources[id] ?? "resource")>"
        }
    }
}

extension ComponentValueType: CustomStringConvertible {
    public var description: String { TypeDescription().text(of: self) }
}

extension ComponentFunctionType: CustomStringConvertible {
    public var description: String { TypeDescription().text(of: self) }
}

/// An import or export as a listing shows it.
public struct ExternListing: Hashable, Sendable {
    /// The name of the import or export itself; an interface, or a plain name.
    public var name: String
    /// The name within the interface; nil for the item itself where it is not an interface.
    public var member: String?
    /// The type as text.
    public var type: String

    public init(name: String, member: String?, type: String) {
        self.name = name
        self.member = member
        self.type = type
    }
}

extension ComponentType {
    /// The imports one by one: the items of an imported instance each by themselves, everything else as it is.
    public var importListing: [ExternListing] { Self.listing(imports, imports.declarations + exports.declarations) }

    /// The exports, likewise.
    public var exportListing: [ExternListing] { Self.listing(exports, imports.declarations + exports.declarations) }

    private static func listing(
        _ list: ComponentExternList, _ names: [ComponentExternDeclaration]
    ) -> [ExternListing] {
        let description = TypeDescription(names)
        var result: [ExternListing] = []
        for item in list.declarations {
            if case .instance(let instance) = item.type, !instance.exports.declarations.isEmpty {
                for export in instance.exports.declarations {
                    result.append(
                        ExternListing(
                            name: item.name.text, member: export.name.text, type: description.text(of: export.type)))
                }
            } else {
                result.append(ExternListing(name: item.name.text, member: nil, type: description.text(of: item.type)))
            }
        }
        return result
    }
}
