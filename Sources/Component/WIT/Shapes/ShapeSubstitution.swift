// Replaces types in types: a component's exports speak of what it imports, and its instance's exports of what was
// supplied (Explainer.md, "Type Checking"). A type in which nothing changes stays the same type.

import WasmBinary

struct ShapeSubstitution {
    /// What stands for a resource, by definition, whatever its name.
    var resources: [Int: Int] = [:]
    /// What stands for a type under one name; and the results so far.
    var types: [TypeReference: TypeReference] = [:]

    var isEmpty: Bool { resources.isEmpty && types.isEmpty }

    mutating func apply(
        _ entity: EntityShape, _ arena: inout TypeArena, at offset: Int
    ) throws(BinaryError) -> EntityShape {
        switch entity {
        case .other: return .other
        case .function(let type): return .function(try apply(type, &arena, at: offset))
        case .component(let type): return .component(try apply(type, &arena, at: offset))
        case .instance(let type): return .instance(try apply(type, &arena, at: offset))
        case .type(let referenced, let created):
            let new = try apply(referenced, &arena, at: offset)
            return .type(
                referenced: new, created: referenced == created ? new : try apply(created, &arena, at: offset))
        }
    }

    mutating func apply(
        _ externs: [ExternShape], _ arena: inout TypeArena, at offset: Int
    ) throws(BinaryError) -> [ExternShape] {
        var result = externs
        for position in result.indices {
            result[position].entity = try apply(result[position].entity, &arena, at: offset)
        }
        return result
    }

    mutating func apply(
        _ reference: TypeReference, _ arena: inout TypeArena, at offset: Int
    ) throws(BinaryError) -> TypeReference {
        if let known = types[reference] { return known }
        try arena.charge(1, at: offset)
        if case .resource = arena[reference] {
            guard let new = resources[reference.index] else { return reference }
            return TypeReference(index: new, name: reference.name)
        }
        var isChanged = false
        let definition = try apply(arena[reference], &isChanged, &arena, at: offset)
        let new = isChanged ? try arena.add(definition, at: offset) : reference
        types[reference] = new
        return new
    }

    private mutating func apply(
        _ value: ValueShape, _ isChanged: inout Bool, _ arena: inout TypeArena, at offset: Int
    ) throws(BinaryError) -> ValueShape {
        guard case .type(let reference) = value else { return value }
        return .type(try changed(reference, &isChanged, &arena, at: offset))
    }

    private mutating func applyToOptional(
        _ value: ValueShape?, _ isChanged: inout Bool, _ arena: inout TypeArena, at offset: Int
    ) throws(BinaryError) -> ValueShape? {
        guard let value else { return nil }
        return try apply(value, &isChanged, &arena, at: offset)
    }

    private mutating func changed(
        _ reference: TypeReference, _ isChanged: inout Bool, _ arena: inout TypeArena, at offset: Int
    ) throws(BinaryError) -> TypeReference {
        let new = try apply(reference, &arena, at: offset)
        if new != reference { isChanged = true }
        return new
    }

    private mutating func apply(
        _ fields: [NamedShape<ValueShape>], _ isChanged: inout Bool, _ arena: inout TypeArena, at offset: Int
    ) throws(BinaryError) -> [NamedShape<ValueShape>] {
        var result = fields
        for position in result.indices {
            result[position].shape = try apply(result[position].shape, &isChanged, &arena, at: offset)
        }
        return result
    }

    private mutating func apply(
        _ externs: [ExternShape], _ isChanged: inout Bool, _ arena: inout TypeArena, at offset: Int
    ) throws(BinaryError) -> [ExternShape] {
        let result = try apply(externs, &arena, at: offset)
        for (old, new) in zip(externs, result) where !old.entity.isSame(as: new.entity) { isChanged = true }
        return result
    }

    private mutating func apply(
        _ definition: TypeDefinition, _ isChanged: inout Bool, _ arena: inout TypeArena, at offset: Int
    ) throws(BinaryError) -> TypeDefinition {
        switch definition {
        case .primitive, .flags, .enumeration, .resource: return definition
        case .record(let fields): return .record(try apply(fields, &isChanged, &arena, at: offset))
        case .variant(var cases):
            for position in cases.indices {
                cases[position].shape = try applyToOptional(cases[position].shape, &isChanged, &arena, at: offset)
            }
            return .variant(cases)
        case .list(let element): return .list(try apply(element, &isChanged, &arena, at: offset))
        case .fixedLengthList(let element, let length):
            return .fixedLengthList(try apply(element, &isChanged, &arena, at: offset), length: length)
        case .map(let key, let value):
            return .map(
                key: try apply(key, &isChanged, &arena, at: offset),
                value: try apply(value, &isChanged, &arena, at: offset))
        case .tuple(var elements):
            for position in elements.indices {
                elements[position] = try apply(elements[position], &isChanged, &arena, at: offset)
            }
            return .tuple(elements)
        case .option(let payload): return .option(try apply(payload, &isChanged, &arena, at: offset))
        case .result(let success, let failure):
            return .result(
                success: try applyToOptional(success, &isChanged, &arena, at: offset),
                failure: try applyToOptional(failure, &isChanged, &arena, at: offset))
        case .stream(let element): return .stream(try applyToOptional(element, &isChanged, &arena, at: offset))
        case .future(let element): return .future(try applyToOptional(element, &isChanged, &arena, at: offset))
        case .own(let resource): return .own(try changed(resource, &isChanged, &arena, at: offset))
        case .borrow(let resource): return .borrow(try changed(resource, &isChanged, &arena, at: offset))
        case .function(var function):
            function.parameters = try apply(function.parameters, &isChanged, &arena, at: offset)
            function.result = try applyToOptional(function.result, &isChanged, &arena, at: offset)
            return .function(function)
        case .instance(var instance):
            instance.exports = try apply(instance.exports, &isChanged, &arena, at: offset)
            return .instance(instance)
        case .component(var component):
            component.imports = try apply(component.imports, &isChanged, &arena, at: offset)
            component.exports = try apply(component.exports, &isChanged, &arena, at: offset)
            return .component(component)
        }
    }

    /// Replaces what a component imports by what is supplied for it, as far as both are types.
    mutating func supply(
        _ entity: EntityShape, with actual: EntityShape, _ arena: inout TypeArena, at offset: Int
    ) throws(BinaryError) {
        try arena.charge(1, at: offset)
        switch (entity, actual) {
        case (.type(_, let expected), .type(_, let created)):
            types[expected] = created
            if case .resource = arena[expected], case .resource = arena[created], resources[expected.index] == nil {
                resources[expected.index] = created.index
            }
        case (.instance(let expected), .instance(let found)):
            guard case .instance(let expected) = arena[expected], case .instance(let found) = arena[found] else { return }
            let exports = Dictionary(found.exports.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
            for export in expected.exports {
                guard let other = exports[export.name] else { continue }
                try supply(export.entity, with: other.entity, &arena, at: offset)
            }
        default: break
        }
    }
}

extension EntityShape {
    fileprivate func isSame(as other: EntityShape) -> Bool {
        switch (self, other) {
        case (.other, .other): true
        case (.function(let a), .function(let b)), (.component(let a), .component(let b)),
            (.instance(let a), .instance(let b)):
            a == b
        case (.type(let a, let x), .type(let b, let y)): a == b && x == y
        default: false
        }
    }
}
