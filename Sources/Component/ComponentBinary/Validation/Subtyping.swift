// When one type may stand where another is expected (Explainer.md, "Type Checking").
//
// Value and function types must be equal. Instances may export more, components may import less and export more; both
// are compared by opening them: the resources that a signature binds are found in what is supplied for it, and put in
// their place before anything is compared.

import ComponentTypes
import InternalUtilities
import WasmTypes

/// The imports or the exports of a component type.
enum ExternKind {
    case `import`
    case export

    var name: String {
        switch self {
        case .import: "import"
        case .export: "export"
        }
    }
}

struct Subtyping {
    let effort: Effort

    /// Throws unless an item of type `actual` may be used where `expected` is asked for.
    func check(_ actual: ComponentExternType, fits expected: ComponentExternType) throws(TypeMismatch) {
        switch (actual, expected) {
        case (.coreModule(let a), .coreModule(let b)): try check(a, fits: b)
        case (.function(let a), .function(let b)):
            try effort.charge(min(a.summary.nodeCount, b.summary.nodeCount))
            try check(a, equals: b)
        case (.type(let a), .type(let b)): try check(a, fits: b)
        case (.component(let a), .component(let b)): try check(a, fits: b)
        case (.instance(let a), .instance(let b)): try check(a, fits: b)
        default: throw TypeMismatch("expected \(expected.sortName), found \(actual.sortName)")
        }
    }

    private func check(_ a: ComponentDefinedType, fits b: ComponentDefinedType) throws(TypeMismatch) {
        switch (a, b) {
        case (.resource(let a), .resource(let b)):
            guard a == b else { throw TypeMismatch("resource types are not the same") }
        case (.value(let a), .value(let b)):
            try effort.charge(min(a.summary.nodeCount, b.summary.nodeCount))
            if b.isPrimitive, !a.isPrimitive { throw TypeMismatch("expected primitive, found \(a.kindName)") }
            try check(a, equals: b)
        case (.function(let a), .function(let b)):
            try effort.charge(min(a.summary.nodeCount, b.summary.nodeCount))
            try check(a, equals: b)
        case (.component(let a), .component(let b)): try check(a, fits: b)
        case (.instance(let a), .instance(let b)): try check(a, fits: b)
        default: throw TypeMismatch("expected \(b.sortName), found \(a.sortName)")
        }
    }

    private func check(_ a: ComponentInstanceType, fits b: ComponentInstanceType) throws(TypeMismatch) {
        if a === b { return }
        try effort.charge(b.exports.declarations.count)
        for expected in b.exports.declarations {
            guard let actual = a.exports[expected.name.text] else {
                throw TypeMismatch("missing expected export `\(expected.name)`")
            }
            do throws(TypeMismatch) {
                try check(actual, fits: expected.type)
            } catch {
                throw error.within("type mismatch in instance export `\(expected.name)`")
            }
        }
    }

    private func check(_ a: ComponentType, fits b: ComponentType) throws(TypeMismatch) {
        if a === b { return }
        // Whoever believes to hold a `b` supplies the imports of `b`, which must do for `a`; what `a` then exports must
        // do for `b`.
        try effort.charge(a.summary.nodeCount + b.summary.nodeCount)
        var supplied = try open(a, .import) { b.imports[$0] }
        var exports: [ExactString: ComponentExternType] = [:]
        do throws(ComponentTypeError) {
            for export in a.exports.declarations {
                exports[ExactString(export.name.text)] = try supplied.apply(export.type)
            }
        } catch {
            throw TypeMismatch(error)
        }
        _ = try open(b, .export) { exports[ExactString($0)] }
    }

    /// Checks that what is supplied satisfies the imports or exports of a component type.
    ///
    /// - Parameter supplied: finds a supplied item by name.
    /// - Returns: what was supplied for the resources and named types that the signature binds.
    func open(
        _ type: ComponentType, _ kind: ExternKind, supplied: (String) -> ComponentExternType?
    ) throws(TypeMismatch) -> Substitution {
        let (expectedItems, resources) =
            switch kind {
            case .import: (type.imports.declarations, type.importedResources)
            case .export: (type.exports.declarations, type.exportedResources)
            }
        try effort.charge(type.summary.nodeCount + resources.count)
        var substitution = Substitution()
        for resource in resources {
            // What is missing or of another sort is reported by the comparison below.
            guard let first = resource.path.first, var item = supplied(first) else { continue }
            for name in resource.path.dropFirst() {
                guard case .instance(let instance) = item, let inner = instance.exports[name] else { break }
                item = inner
            }
            if case .type(.resource(let id)) = item { substitution.resources[resource.id] = id }
        }
        for expected in expectedItems {
            guard let actual = supplied(expected.name.text) else {
                throw TypeMismatch("missing \(kind.name) named `\(expected.name)`")
            }
            let type: ComponentExternType
            do throws(ComponentTypeError) { type = try substitution.apply(expected.type) } catch {
                throw TypeMismatch(error)
            }
            do throws(TypeMismatch) { try check(actual, fits: type) } catch {
                throw error.within("type mismatch for \(kind.name) `\(expected.name)`")
            }
        }
        for expected in expectedItems {
            guard let actual = supplied(expected.name.text) else { continue }
            recordNames(of: expected.type, suppliedBy: actual, in: &substitution)
        }
        substitution.forgetResults()
        return substitution
    }

    private func recordNames(
        of expected: ComponentExternType, suppliedBy actual: ComponentExternType, in substitution: inout Substitution
    ) {
        switch (expected, actual) {
        case (.type(let expected), .type(let actual)):
            if let name = TypeName(expected) { substitution.names[name] = actual }
        case (.instance(let expected), .instance(let actual)):
            for export in expected.exports.declarations {
                guard let actual = actual.exports[export.name.text] else { continue }
                recordNames(of: export.type, suppliedBy: actual, in: &substitution)
            }
        default: break
        }
    }
}

extension ComponentDefinedType {
    var sortName: String {
        switch self {
        case .value: "defined type"
        case .resource: "resource"
        case .function: "func type"
        case .component: "component type"
        case .instance: "instance type"
        }
    }
}
