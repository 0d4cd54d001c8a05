// The document as JSON, in the form that other tools read: arrays of worlds, interfaces, types and packages that refer to
// each other by position.

public import InternalUtilities

extension WITDocument {
    public var json: JSONValue {
        .object([
            .init("worlds", .array(worlds.map(\.json))),
            .init("interfaces", .array(interfaces.map(\.json))),
            .init("types", .array(types.map(\.json))),
            .init("packages", .array(packages.map(\.json))),
        ])
    }
}

fileprivate typealias Members = [JSONValue.Member]

private func object(_ name: String, _ value: JSONValue) -> JSONValue {
    .object([.init(name, value)])
}

extension WITAnnotations {
    fileprivate var documentationMembers: Members {
        documentation.map { [.init("docs", object("contents", .string($0)))] } ?? []
    }

    fileprivate var stabilityMembers: Members {
        stability.json.map { [.init("stability", $0)] } ?? []
    }

    fileprivate var externalIDMembers: Members {
        externalID.map { [.init("external_id", .string($0))] } ?? []
    }
}

extension WITStability {
    fileprivate var json: JSONValue? {
        func deprecation(_ version: String?) -> Members { version.map { [.init("deprecated", .string($0))] } ?? [] }
        switch self {
        case .unknown: return nil
        case .stable(let since, let deprecated):
            return object("stable", .object([.init("since", .string(since))] + deprecation(deprecated)))
        case .unstable(let feature, let deprecated):
            return object("unstable", .object([.init("feature", .string(feature))] + deprecation(deprecated)))
        }
    }
}

extension WITWorld {
    fileprivate var json: JSONValue {
        .object(
            [
                .init("name", .string(name)),
                .init("imports", .object(imports.map { .init($0.key.text, $0.json) })),
                .init("exports", .object(exports.map { .init($0.key.text, $0.json) })),
                .init("package", package.map { .number($0) } ?? .null),
            ] + annotations.documentationMembers + annotations.stabilityMembers)
    }
}

extension WITWorldItem.Key {
    fileprivate var text: String {
        switch self {
        case .name(let name): name
        case .interface(let id): "interface-\(id)"
        }
    }
}

extension WITWorldItem {
    fileprivate var json: JSONValue {
        switch kind {
        case .interface(let id):
            object(
                "interface",
                .object(
                    [.init("id", .number(id))] + annotations.stabilityMembers + annotations.externalIDMembers
                        + annotations.documentationMembers))
        case .function(let function): object("function", function.json)
        case .type(let id): object("type", .number(id))
        }
    }
}

extension WITInterface {
    fileprivate var json: JSONValue {
        .object(
            [
                .init("name", name.map(JSONValue.string) ?? .null),
                .init("types", .object(types.pairs.map { .init($0.name, .number($0.element)) })),
                .init("functions", .object(functions.pairs.map { .init($0.name, $0.element.json) })),
            ] + annotations.documentationMembers + annotations.stabilityMembers
                + [.init("package", package.map { .number($0) } ?? .null)])
    }
}

extension WITPackage {
    fileprivate var json: JSONValue {
        var members: Members = [.init("name", .string(name.description))]
        if let documentation { members.append(.init("docs", object("contents", .string(documentation)))) }
        members.append(.init("interfaces", .object(interfaces.pairs.map { .init($0.name, .number($0.element)) })))
        members.append(.init("worlds", .object(worlds.pairs.map { .init($0.name, .number($0.element)) })))
        return .object(members)
    }
}

extension WITFunction {
    fileprivate var json: JSONValue {
        var members: Members = [
            .init("name", .string(name)), .init("kind", kindJSON), .init("params", .array(parameters.map(\.json))),
        ]
        if let result { members.append(.init("result", result.json)) }
        return .object(
            members + annotations.documentationMembers + annotations.stabilityMembers + annotations.externalIDMembers)
    }

    private var kindJSON: JSONValue {
        let prefix = isAsync ? "async-" : ""
        switch kind {
        case .freestanding: return .string(prefix + "freestanding")
        case .method(let id): return object(prefix + "method", .number(id))
        case .static(let id): return object(prefix + "static", .number(id))
        case .constructor(let id): return object("constructor", .number(id))
        }
    }
}

extension WITField {
    fileprivate var json: JSONValue {
        .object([.init("name", .string(name)), .init("type", type.json)] + WITAnnotations(documentation: documentation).documentationMembers)
    }
}

extension WITCase {
    fileprivate func json(hasType: Bool) -> JSONValue {
        var members: Members = [.init("name", .string(name))]
        if hasType { members.append(.init("type", type?.json ?? .null)) }
        return .object(members + WITAnnotations(documentation: documentation).documentationMembers)
    }
}

extension WITType {
    fileprivate var json: JSONValue {
        switch self {
        case .primitive(let name): .string(name)
        case .definition(let id): .number(id)
        }
    }
}

extension WITTypeDefinition {
    fileprivate var json: JSONValue {
        let ownerJSON: JSONValue =
            switch owner {
            case .none: .null
            case .world(let id): object("world", .number(id))
            case .interface(let id): object("interface", .number(id))
            }
        return .object(
            [.init("name", name.map(JSONValue.string) ?? .null), .init("kind", kind.json), .init("owner", ownerJSON)]
                + annotations.documentationMembers + annotations.stabilityMembers + annotations.externalIDMembers)
    }
}

extension WITTypeKind {
    fileprivate var json: JSONValue {
        switch self {
        case .record(let fields): object("record", object("fields", .array(fields.map(\.json))))
        case .resource: .string("resource")
        case .own(let id): object("handle", object("own", .number(id)))
        case .borrow(let id): object("handle", object("borrow", .number(id)))
        case .flags(let cases): object("flags", object("flags", .array(cases.map { $0.json(hasType: false) })))
        case .enumeration(let cases): object("enum", object("cases", .array(cases.map { $0.json(hasType: false) })))
        case .variant(let cases): object("variant", object("cases", .array(cases.map { $0.json(hasType: true) })))
        case .tuple(let elements): object("tuple", object("types", .array(elements.map(\.json))))
        case .option(let payload): object("option", payload.json)
        case .result(let success, let failure):
            object(
                "result", .object([.init("ok", success?.json ?? .null), .init("err", failure?.json ?? .null)]))
        case .list(let element): object("list", element.json)
        case .fixedLengthList(let element, let length):
            object("fixed-length-list", .array([element.json, .number(length)]))
        case .map(let key, let value): object("map", .array([key.json, value.json]))
        case .future(let element): object("future", element?.json ?? .null)
        case .stream(let element): object("stream", element?.json ?? .null)
        case .alias(let type): object("type", type.json)
        }
    }
}
