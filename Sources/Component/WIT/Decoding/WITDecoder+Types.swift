// Types: with a name where they are imported or exported, without one where they are only used.

extension WITDecoder {
    /// Takes in a type that is imported or exported under a name: a definition, or another name of one that is known.
    mutating func exportedType(_ shape: ExternShape, owner: WITOwner) throws(WITError) -> Int {
        guard case .type(let referenced, let created) = shape.entity else { throw WITError("'\(shape.name)' is not a type") }
        let kind: WITTypeKind
        if let known = known(referenced) {
            kind = .alias(.definition(known))
        } else if case .resource = arena[referenced] {
            kind = .resource
        } else {
            kind = try definition(arena[referenced])
        }
        let id = document.types.count
        var definition = WITTypeDefinition(name: shape.name, kind: kind, owner: owner)
        definition.annotations.externalID = shape.externalID
        document.types.append(definition)
        if case .resource = kind { resources[owner, default: [:]][shape.name] = id }
        guard typeMap.updateValue(id, forKey: created) == nil else {
            throw WITError(
                "the type '\(shape.name)' appears more than once, as it does where an imported instance is exported under another name")
        }
        return id
    }

    /// What a type, or one that it is another name of, has become.
    private func known(_ reference: TypeReference) -> Int? {
        var current: TypeReference? = reference
        while let name = current {
            if let known = typeMap[name] { return known }
            current = arena.original(of: name)
        }
        return nil
    }

    mutating func value(_ shape: ValueShape) throws(WITError) -> WITType {
        switch shape {
        case .primitive(let primitive): return .primitive(primitive.rawValue)
        case .type(let reference):
            if let known = typeMap[reference] { return .definition(known) }
            let kind = try definition(arena[reference])
            switch kind {
            case .record, .variant, .enumeration, .flags, .resource:
                throw WITError("a type that must have a name is used without one")
            default: break
            }
            let id = document.types.count
            document.types.append(WITTypeDefinition(name: nil, kind: kind, owner: .none))
            typeMap[reference] = id
            return .definition(id)
        }
    }

    private mutating func optional(_ shape: ValueShape?) throws(WITError) -> WITType? {
        guard let shape else { return nil }
        return try value(shape)
    }

    /// What a definition is in WIT. Recursion ends: `TypeArena` has seen to the depth.
    private mutating func definition(_ definition: TypeDefinition) throws(WITError) -> WITTypeKind {
        switch definition {
        case .primitive(let primitive): return .alias(.primitive(primitive.rawValue))
        case .record(let shapes):
            var fields: [WITField] = []
            for field in shapes { fields.append(WITField(name: field.name, type: try value(field.shape))) }
            return .record(fields)
        case .variant(let shapes):
            var cases: [WITCase] = []
            for item in shapes { cases.append(WITCase(name: item.name, type: try optional(item.shape))) }
            return .variant(cases)
        case .list(let element): return .list(try value(element))
        case .fixedLengthList(let element, let length): return .fixedLengthList(try value(element), length: length)
        case .map(let key, let value):
            let key = try self.value(key)
            return .map(key: key, value: try self.value(value))
        case .tuple(let shapes):
            var elements: [WITType] = []
            for shape in shapes { elements.append(try value(shape)) }
            return .tuple(elements)
        case .flags(let labels): return .flags(labels.map { WITCase(name: $0) })
        case .enumeration(let labels): return .enumeration(labels.map { WITCase(name: $0) })
        case .option(let payload): return .option(try value(payload))
        case .result(let success, let failure):
            let success = try optional(success)
            return .result(success: success, failure: try optional(failure))
        case .own(let resource): return .own(try handled(resource))
        case .borrow(let resource): return .borrow(try handled(resource))
        case .stream(let element): return .stream(try optional(element))
        case .future(let element): return .future(try optional(element))
        case .resource: return .resource
        case .function, .instance, .component: throw WITError("a type of functions, instances or components is used as one of values")
        }
    }

    private func handled(_ resource: TypeReference) throws(WITError) -> Int {
        guard let known = typeMap[resource] else { throw WITError("a handle is of a resource that has no name") }
        return known
    }

    // MARK: - Types that are known

    /// Notes that a type, and the types without a name that it is made of, are those of a known definition.
    func recognised(_ definition: TypeDefinition, as kind: WITTypeKind) -> [(ValueShape, WITType)] {
        switch (definition, kind) {
        case (.list(let a), .list(let b)), (.option(let a), .option(let b)),
            (.fixedLengthList(let a, _), .fixedLengthList(let b, _)):
            [(a, b)]
        case (.map(let a, let x), .map(let b, let y)): [(a, b), (x, y)]
        case (.tuple(let a), .tuple(let b)): Array(zip(a, b))
        case (.record(let a), .record(let b)): zip(a, b).map { ($0.shape, $1.type) }
        case (.variant(let a), .variant(let b)):
            zip(a, b).compactMap { a, b in
                guard let shape = a.shape, let type = b.type else { return nil }
                return (shape, type)
            }
        case (.result(let a, let x), .result(let b, let y)): Self.pair(a, b) + Self.pair(x, y)
        case (.stream(let a), .stream(let b)), (.future(let a), .future(let b)): Self.pair(a, b)
        default: []
        }
    }

    private static func pair(_ shape: ValueShape?, _ type: WITType?) -> [(ValueShape, WITType)] {
        guard let shape, let type else { return [] }
        return [(shape, type)]
    }

    mutating func unify(_ reference: TypeReference, with known: Int) {
        var waiting = [(reference, known)]
        while let (reference, known) = waiting.popLast() {
            for (shape, type) in recognised(arena[reference], as: document.types[known].kind) {
                guard case .type(let part) = shape, case .definition(let id) = type else { continue }
                if typeMap.updateValue(id, forKey: part) == nil { waiting.append((part, id)) }
            }
        }
    }
}
