// An inspection as JSON. What is not there is left out or an empty array, so that members keep their types.

import InternalUtilities

extension Inspection {
    var json: JSONValue {
        var members: [JSONValue.Member] = [.init("kind", .string(kind == .component ? "component" : "module"))]
        if let name { members.append(.init("name", .string(name))) }
        members.append(.init("size", .number(size)))
        members.append(.init("imports", .array(imports.map(\.json))))
        members.append(.init("exports", .array(exports.map(\.json))))
        if let module { members += module.members }
        if kind == .component {
            members.append(.init("modules", .array(nested.filter { $0.kind == .coreModule }.map(\.json))))
            members.append(.init("components", .array(nested.filter { $0.kind == .component }.map(\.json))))
        }
        members.append(
            .init(
                "producers",
                .array(
                    producers.map {
                        .object([
                            .init("field", .string($0.field)), .init("name", .string($0.name)),
                            .init("version", .string($0.version)),
                        ])
                    })))
        members.append(
            .init(
                "custom-sections",
                .array(customSections.map { .object([.init("name", .string($0.name)), .init("size", .number($0.size))]) })))
        return .object(members)
    }
}

extension Inspection.Item {
    fileprivate var json: JSONValue {
        var members: [JSONValue.Member] = []
        if let group { members.append(.init("from", .string(group))) }
        return .object(members + [.init("name", .string(name)), .init("type", .string(type))])
    }
}

extension Inspection.ModuleContents {
    fileprivate var members: [JSONValue.Member] {
        var members: [JSONValue.Member] = [
            .init("functions", .number(functions)),
            .init("imported-functions", .number(importedFunctions)),
            .init("code-size", .number(codeSize)),
            .init("memories", .strings(memories)),
            .init("tables", .strings(tables)),
            .init("globals", .number(globals)),
            .init("tags", .number(tags)),
            .init("data-segments", .number(dataSegments)),
            .init("data-size", .number(dataSize)),
            .init("element-segments", .number(elementSegments)),
        ]
        if let start { members.append(.init("start", .string(start))) }
        return members
    }
}
