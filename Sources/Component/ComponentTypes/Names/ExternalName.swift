// Names of imports and exports (Explainer.md, "Import and Export Definitions"):
//
//     externname    ::= plainname | interfacename
//     plainname     ::= label | '[constructor]' label | '[method]' label '.' label | '[static]' label '.' label
//     interfacename ::= words ':' words '/' label ('@' version)?
//
// and the stronger uniqueness that validation demands of them ("Name Uniqueness").

/// The name of an import or export of a component or an instance, taken apart.
public struct ExternalName: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case plain
        case constructor(resource: String)
        case method(resource: String, name: String)
        case `static`(resource: String, name: String)
        case interface(InterfaceName)
    }

    /// The name as written.
    public let text: String
    public let kind: Kind

    /// Reads a name; the error says what is wrong with it, without repeating the whole of it.
    public init(parsing text: String) throws(NameError) {
        self.text = text
        if text.utf8.first == UInt8(ascii: "[") {
            if let rest = Self.remainder(of: text, after: "[constructor]") {
                kind = .constructor(resource: try Self.label(rest))
            } else if let rest = Self.remainder(of: text, after: "[method]") {
                let (resource, name) = try Self.member(rest)
                kind = .method(resource: resource, name: name)
            } else if let rest = Self.remainder(of: text, after: "[static]") {
                let (resource, name) = try Self.member(rest)
                kind = .static(resource: resource, name: name)
            } else {
                throw NameError("`\(text)` is not in kebab case")
            }
        } else if text.utf8.contains(UInt8(ascii: ":")) {
            kind = .interface(try InterfaceName(parsing: text))
        } else {
            _ = try Self.label(Substring(text))
            kind = .plain
        }
    }

    /// The form in which names are compared for strong uniqueness.
    public var uniquenessKey: String {
        switch kind {
        case .plain, .interface, .constructor:
            return Label.canonical(text)
        case .method(let resource, let name), .static(let resource, let name):
            let resource = Label.canonical(resource)
            let name = Label.canonical(name)
            return resource == name ? resource : "\(resource).\(name)"
        }
    }

    /// The resource that an annotated name belongs to.
    public var resource: String? {
        switch kind {
        case .plain, .interface: nil
        case .constructor(let resource), .method(let resource, _), .static(let resource, _): resource
        }
    }

    private static func remainder(of text: String, after prefix: String) -> Substring? {
        text.hasPrefix(prefix) ? text.dropFirst(prefix.count) : nil
    }

    private static func label(_ text: Substring) throws(NameError) -> String {
        guard Label.isValid(text) else { throw NameError("`\(text)` is not in kebab case") }
        return String(text)
    }

    private static func member(_ text: Substring) throws(NameError) -> (resource: String, name: String) {
        guard let dot = text.firstIndex(of: ".") else { throw NameError("failed to find `.` character") }
        return (try label(text[..<dot]), try label(text[text.index(after: dot)...]))
    }
}

extension ExternalName: CustomStringConvertible {
    public var description: String { text }
}

/// The name of an interface in a package, such as `wasi:io/streams@0.2.0`.
public struct InterfaceName: Hashable, Sendable {
    public let namespace: String
    public let package: String
    public let interface: String
    public let version: SemanticVersion?

    public init(parsing text: String) throws(NameError) {
        guard let colon = text.firstIndex(of: ":") else { throw NameError("expected `:` after namespace in `\(text)`") }
        namespace = try Self.words(text[..<colon], "namespace")
        let afterColon = text[text.index(after: colon)...]
        let packageEnd = afterColon.firstIndex { $0 == "/" || $0 == ":" || $0 == "@" } ?? afterColon.endIndex
        let package = afterColon[..<packageEnd]
        self.package = try Self.words(package, "package name")
        guard packageEnd != afterColon.endIndex, afterColon[packageEnd] == "/" else {
            throw NameError("expected `/` after package name")
        }
        let projection = afterColon[afterColon.index(after: packageEnd)...]
        let interfaceEnd = projection.firstIndex { $0 == "@" || $0 == "/" } ?? projection.endIndex
        let interface = projection[..<interfaceEnd]
        guard Label.isValid(interface) else { throw NameError("`\(interface)` is not in kebab case") }
        self.interface = String(interface)
        guard interfaceEnd != projection.endIndex else {
            version = nil
            return
        }
        guard projection[interfaceEnd] == "@" else {
            throw NameError("trailing characters found: `\(projection[interfaceEnd...])`")
        }
        let version = projection[projection.index(after: interfaceEnd)...]
        do throws(NameError) {
            self.version = try SemanticVersion(parsing: version)
        } catch {
            throw NameError("`\(version)` is not a valid semver: \(error.message)")
        }
    }

    /// The name without its version.
    public var unversioned: String { "\(namespace):\(package)/\(interface)" }

    private static func words(_ text: Substring, _ part: String) throws(NameError) -> String {
        guard Label.isValid(text) else { throw NameError("`\(text)` is not in kebab case") }
        guard Label.isWords(text) else { throw NameError("\(part) `\(text)` has capital letters") }
        return String(text)
    }
}

extension InterfaceName: CustomStringConvertible {
    public var description: String {
        version.map { "\(unversioned)@\($0)" } ?? unversioned
    }
}
