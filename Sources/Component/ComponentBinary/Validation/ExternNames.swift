// Names of imports or exports in one scope: strong uniqueness, and what annotated names promise of their functions
// (Binary.md, "Import and Export Definitions"; Explainer.md, "Name Uniqueness").

import ComponentTypes
import WasmBinary

/// The attributes of an import or export that are checked. None takes part in type checking.
struct ExternAttributes {
    var implements: String?
    var versionSuffix: String?
    var externalID: String?
}

/// The names that one scope imports, or those that it exports.
struct ExternNames {
    let kind: ExternKind
    private var keys: [String: String] = [:]
    /// Top-level names of resources, by resource and name of it.
    private var resources: [TypeName: String] = [:]
    private var resourceNames: Set<String> = []

    init(kind: ExternKind) {
        self.kind = kind
    }

    /// Checks a name and takes it in.
    ///
    /// - Parameter named: the names of resources that an annotated name may mention, where they are not this scope's own.
    mutating func add(
        _ text: String, _ attributes: ExternAttributes, _ type: ComponentExternType
    ) throws(TypeMismatch) -> ExternalName {
        let name: ExternalName
        do throws(NameError) { name = try ExternalName(parsing: text) } catch {
            throw TypeMismatch("\(kind.name) name `\(text)` is not a valid extern name: \(error.message)")
        }
        try check(attributes, name, type)
        do throws(TypeMismatch) { try checkAnnotation(of: name, type) } catch {
            throw error.within("\(kind.name) name `\(text)` is not valid")
        }
        if let previous = keys.updateValue(text, forKey: name.uniquenessKey) {
            throw TypeMismatch("\(kind.name) name `\(text)` conflicts with previous name `\(previous)`")
        }
        return name
    }

    /// Makes a resource known under a top-level name, for the annotated names that follow.
    mutating func register(_ name: String, _ resource: ResourceTypeID) {
        resources[TypeName(resource)] = name
        resourceNames.insert(name)
    }

    private func check(
        _ attributes: ExternAttributes, _ name: ExternalName, _ type: ComponentExternType
    ) throws(TypeMismatch) {
        if let implements = attributes.implements {
            guard name.kind == .plain else { throw TypeMismatch("name `\(name)` is not valid with `implements`") }
            guard case .instance = type else { throw TypeMismatch("only instances can have an `implements`") }
            let implemented: ExternalName
            do throws(NameError) { implemented = try ExternalName(parsing: implements) } catch {
                throw TypeMismatch("`\(implements)` is not a valid name: \(error.message)")
            }
            guard case .interface = implemented.kind else {
                throw TypeMismatch("name `\(implements)` must be an interface")
            }
        }
        if let suffix = attributes.versionSuffix {
            guard case .interface(let interface) = name.kind, let version = interface.version else {
                throw TypeMismatch("name `\(name)` is not valid with `versionsuffix`: it has no version")
            }
            do throws(NameError) {
                let whole = try SemanticVersion(parsing: "\(version)\(suffix)")
                guard whole.patch != nil else { throw NameError("it has no patch number") }
            } catch {
                throw TypeMismatch("`\(version)\(suffix)` is not a valid semver: \(error.message)")
            }
        }
    }

    private func checkAnnotation(of name: ExternalName, _ type: ComponentExternType) throws(TypeMismatch) {
        switch name.kind {
        case .plain, .interface: return
        case .constructor(let resource):
            guard let result = try function(type).result else { throw TypeMismatch("function should return one value") }
            switch result {
            case .own(let id): try check(id, isNamed: resource)
            case .result(let result):
                guard case .own(let id)? = result.success else { fallthrough }
                try check(id, isNamed: resource)
            default: throw TypeMismatch("function should return `(own $T)` or `(result (own $T))`")
            }
        case .method(let resource, _):
            guard let first = try function(type).parameters.first else {
                throw TypeMismatch("function should have at least one argument")
            }
            guard first.name == "self" else {
                throw TypeMismatch("function should have a first argument called `self`")
            }
            guard case .borrow(let id) = first.type else {
                throw TypeMismatch("function should take a first argument of `(borrow $T)`")
            }
            try check(id, isNamed: resource)
        case .static(let resource, _):
            _ = try function(type)
            guard resourceNames.contains(resource) else {
                throw TypeMismatch("static resource name is not known in this context")
            }
        }
    }

    private func function(_ type: ComponentExternType) throws(TypeMismatch) -> ComponentFunctionType {
        guard case .function(let type) = type else { throw TypeMismatch("item is not a func") }
        return type
    }

    private func check(_ resource: ResourceTypeID, isNamed name: String) throws(TypeMismatch) {
        guard let expected = resources[TypeName(resource)] else {
            throw TypeMismatch("resource used in function does not have a name in this context")
        }
        guard expected == name else {
            throw TypeMismatch("function does not match expected resource name `\(expected)`")
        }
    }
}
