// Types and functions as WIT text.

extension WITPrinter {
    /// Writes the types of an interface or world: first the `use` of those that come from elsewhere.
    mutating func write(
        types: [(name: String, id: Int)], of owner: WITOwner, _ members: [Int: [WITFunction]]
    ) throws(WITError) {
        var declared: [Int] = []
        var uses: [(owner: WITOwner, first: WITTypeDefinition, names: [(name: String, original: String)])] = []
        for (name, id) in types {
            let type = document.types[id]
            guard case .alias(.definition(let other)) = type.kind, case let original = document.types[other],
                original.owner != .none, original.owner != owner, let originalName = original.name
            else {
                declared.append(id)
                continue
            }
            if let last = uses.last, last.owner == original.owner, last.first.annotations.stability == type.annotations.stability,
                last.first.annotations.externalID == type.annotations.externalID
            {
                uses[uses.count - 1].names.append((name, originalName))
            } else {
                uses.append((original.owner, type, [(name, originalName)]))
            }
        }
        let package: Int? =
            switch owner {
            case .interface(let id): document.interfaces[id].package
            case .world(let id): document.worlds[id].package
            case .none: nil
            }
        for use in uses {
            guard case .interface(let interface) = use.owner else {
                throw WITError("a type of a world is used in an interface, which WIT cannot say")
            }
            hasItems = true
            write(use.first.annotations.stability)
            let names = use.names.map { name, original in
                name == original ? Self.escaped(name) : "\(Self.escaped(original)) as \(Self.escaped(name))"
            }
            output.write("use \(path(toInterface: interface, from: package)).{\(names.joined(separator: ", "))}")
            output.endStatement()
        }
        for id in declared {
            try beginItem()
            write(document.types[id].annotations)
            if case .resource = document.types[id].kind {
                try write(resource: document.types[id], members[id] ?? [])
            } else {
                try write(declaration: document.types[id])
            }
        }
    }

    // MARK: - Declarations

    private mutating func write(resource: WITTypeDefinition, _ functions: [WITFunction]) throws(WITError) {
        output.write("resource \(Self.escaped(resource.name ?? ""))")
        guard !functions.isEmpty else { return output.endStatement() }
        output.openBlock()
        for function in functions {
            try checkSize()
            write(function.annotations)
            switch function.kind {
            case .constructor, .freestanding: break
            case .method: output.write("\(Self.escaped(function.itemName)): ")
            case .static: output.write("\(Self.escaped(function.itemName)): static ")
            }
            try write(function)
            output.endStatement()
        }
        output.closeBlock()
    }

    mutating func write(_ function: WITFunction) throws(WITError) {
        if function.isAsync { output.write("async ") }
        var parameters = function.parameters[...]
        var result = function.result
        switch function.kind {
        case .constructor(let resource):
            output.write("constructor(")
            // What makes one of its resource says no more.
            if case .definition(let id)? = result, case .own(resource) = document.types[id].kind { result = nil }
        case .method:
            output.write("func(")
            parameters = parameters.dropFirst()
        case .freestanding, .static: output.write("func(")
        }
        for (position, parameter) in parameters.enumerated() {
            if position > 0 { output.write(", ") }
            output.write("\(Self.escaped(parameter.name)): ")
            try write(type: parameter.type)
        }
        output.write(")")
        guard let result else { return }
        output.write(" -> ")
        try write(type: result)
    }

    private mutating func write(declaration type: WITTypeDefinition) throws(WITError) {
        guard let name = type.name.map(Self.escaped) else { throw WITError("a type without a name is declared") }
        switch type.kind {
        case .record(let fields):
            output.write("record \(name)")
            output.openBlock()
            for field in fields {
                write(documentation: field.documentation)
                output.write("\(Self.escaped(field.name)): ")
                try write(type: field.type)
                output.write(",")
                output.endLine()
            }
            output.closeBlock()
        case .flags(let cases): try write(cases: cases, "flags", name)
        case .enumeration(let cases): try write(cases: cases, "enum", name)
        case .variant(let cases): try write(cases: cases, "variant", name)
        case .resource: break
        case .own(let resource):
            // A plain name would be another name of the resource, not a handle of it.
            output.write("type \(name) = own<\(try resourceName(resource))>")
            output.endStatement()
        case .alias(let original):
            output.write("type \(name) = ")
            try write(type: original)
            output.endStatement()
        default:
            output.write("type \(name) = ")
            try write(kind: type.kind)
            output.endStatement()
        }
    }

    private mutating func write(cases: [WITCase], _ keyword: String, _ name: String) throws(WITError) {
        output.write("\(keyword) \(name)")
        output.openBlock()
        for item in cases {
            write(documentation: item.documentation)
            output.write(Self.escaped(item.name))
            if let type = item.type {
                output.write("(")
                try write(type: type)
                output.write(")")
            }
            output.write(",")
            output.endLine()
        }
        output.closeBlock()
    }

    // MARK: - Uses

    /// Writes a type by its name, or spells out one that has none.
    mutating func write(type: WITType) throws(WITError) {
        switch type {
        case .primitive(let name): output.write(name)
        case .definition(let id):
            if let name = document.types[id].name {
                output.write(Self.escaped(name))
            } else {
                try checkSize()
                try write(kind: document.types[id].kind)
            }
        }
    }

    private func resourceName(_ id: Int) throws(WITError) -> String {
        guard let name = document.types[id].name else { throw WITError("a resource has no name") }
        return Self.escaped(name)
    }

    private mutating func write(kind: WITTypeKind) throws(WITError) {
        switch kind {
        case .own(let resource): output.write(try resourceName(resource))
        case .borrow(let resource): output.write("borrow<\(try resourceName(resource))>")
        case .tuple(let elements): try write("tuple", elements)
        case .option(let payload): try write("option", [payload])
        case .list(let element): try write("list", [element])
        case .map(let key, let value): try write("map", [key, value])
        case .result(let success?, let failure?): try write("result", [success, failure])
        case .result(let success?, nil): try write("result", [success])
        case .result(nil, let failure?):
            output.write("result<_, ")
            try write(type: failure)
            output.write(">")
        case .result(nil, nil): output.write("result")
        case .fixedLengthList(let element, let length):
            output.write("list<")
            try write(type: element)
            output.write(", \(length)>")
        case .future(let element): try write("future", element.map { [$0] } ?? [])
        case .stream(let element): try write("stream", element.map { [$0] } ?? [])
        case .alias(let type): try write(type: type)
        case .record, .variant, .flags, .enumeration, .resource:
            throw WITError("a type that must have a name is used without one")
        }
    }

    private mutating func write(_ word: String, _ arguments: [WITType]) throws(WITError) {
        output.write(word)
        guard !arguments.isEmpty else { return }
        output.write("<")
        for (position, argument) in arguments.enumerated() {
            if position > 0 { output.write(", ") }
            try write(type: argument)
        }
        output.write(">")
    }
}
