// Comments and annotations, which the types of a binary have no place for. Tools that encode packages write them into a
// custom section `package-docs`: a byte for the version, and JSON with the names of what they belong to.

import InternalUtilities
import WasmBinary

enum PackageDocs {
    /// In bytes.
    private static let sizeLimit = 64 << 20

    /// Gives the items of the document's main package the comments that a section has for them. What is not there is
    /// passed over.
    static func apply(_ source: ByteSource, _ section: ByteExtent, to document: inout WITDocument) throws(WITError) {
        guard section.count <= Self.sizeLimit else { throw WITError("the section package-docs is too large") }
        var bytes = [UInt8](repeating: 0, count: section.count)
        unsafe bytes.withUnsafeMutableBytes { unsafe source.copy(section, to: $0) }
        guard let version = bytes.first, version <= 1 else { throw WITError("the section package-docs has an unknown version") }
        let root: JSONValue
        do {
            root = try JSONValue(parsing: bytes.dropFirst())
        } catch {
            throw WITError("the section package-docs is no JSON: \(error.message)")
        }
        document.apply(root)
    }
}

extension JSONValue {
    fileprivate var annotations: WITAnnotations {
        if case .string(let text) = self { return WITAnnotations(documentation: text) }
        return WITAnnotations(documentation: self["docs"]?.stringValue, stability: self["stability"]?.stability ?? .unknown)
    }

    fileprivate var stability: WITStability {
        if let stable = self["stable"], let since = stable["since"]?.stringValue {
            return .stable(since: since, deprecated: stable["deprecated"]?.stringValue)
        }
        if let unstable = self["unstable"], let feature = unstable["feature"]?.stringValue {
            return .unstable(feature: feature, deprecated: unstable["deprecated"]?.stringValue)
        }
        return .unknown
    }
}

extension WITAnnotations {
    fileprivate mutating func take(_ value: JSONValue) {
        let other = value.annotations
        if let documentation = other.documentation { self.documentation = documentation }
        stability = other.stability
    }
}

extension WITDocument {
    fileprivate mutating func apply(_ root: JSONValue) {
        guard packages.indices.contains(main) else { return }
        for world in root["worlds"]?.members ?? [] {
            guard let id = packages[main].worlds[world.name] else { continue }
            apply(world.value, toWorld: id)
        }
        for interface in root["interfaces"]?.members ?? [] {
            guard let id = packages[main].interfaces[interface.name] else { continue }
            apply(interface.value, toInterface: id)
        }
        if let documentation = root["docs"]?.stringValue { packages[main].documentation = documentation }
    }

    private mutating func apply(_ value: JSONValue, toInterface id: Int) {
        for type in value["types"]?.members ?? [] {
            guard let type_ = interfaces[id].types[type.name] else { continue }
            apply(type.value, toType: type_)
        }
        for function in value["funcs"]?.members ?? [] {
            guard var known = interfaces[id].functions[function.name] else { continue }
            known.annotations.take(function.value)
            interfaces[id].functions[function.name] = known
        }
        interfaces[id].annotations.take(value)
    }

    private mutating func apply(_ value: JSONValue, toType id: Int) {
        let items = value["items"]?.members ?? []
        if !items.isEmpty {
            let texts = Dictionary(items.map { ($0.name, $0.value.stringValue) }, uniquingKeysWith: { first, _ in first })
            func document(_ cases: [WITCase]) -> [WITCase] {
                cases.map { WITCase(name: $0.name, type: $0.type, documentation: texts[$0.name] ?? $0.documentation) }
            }
            switch types[id].kind {
            case .record(let fields):
                types[id].kind = .record(
                    fields.map { WITField(name: $0.name, type: $0.type, documentation: texts[$0.name] ?? $0.documentation) })
            case .variant(let cases): types[id].kind = .variant(document(cases))
            case .flags(let cases): types[id].kind = .flags(document(cases))
            case .enumeration(let cases): types[id].kind = .enumeration(document(cases))
            default: break
            }
        }
        types[id].annotations.take(value)
    }

    private mutating func apply(_ value: JSONValue, toWorld id: Int) {
        // Items by plain names: imports come first, exports only where there is no import of the name.
        for (member, onlyExports) in [("interfaces", false), ("interface_exports", true)] {
            for item in value[member]?.members ?? [] {
                guard let place = place(of: .name(item.name), in: id, onlyExports: onlyExports),
                    case .interface(let interface) = worlds[id][place].kind
                else { continue }
                worlds[id][place].annotations.stability = item.value.annotations.stability
                apply(item.value, toInterface: interface)
            }
        }
        for item in value["types"]?.members ?? [] {
            guard let place = place(of: .name(item.name), in: id, onlyExports: false),
                case .type(let type) = worlds[id][place].kind
            else { continue }
            apply(item.value, toType: type)
        }
        for (member, isExport) in [("import", false), ("export", true)] {
            for item in value["interface_\(member)_stability"]?.members ?? [] {
                guard let place = interfacePlace(item.name, in: id, isExport: isExport) else { continue }
                worlds[id][place].annotations.stability = item.value.stability
            }
            for item in value["interface_\(member)_docs"]?.members ?? [] {
                guard let place = interfacePlace(item.name, in: id, isExport: isExport) else { continue }
                worlds[id][place].annotations.documentation = item.value.stringValue
            }
        }
        for (member, onlyExports) in [("funcs", false), ("func_exports", true)] {
            for item in value[member]?.members ?? [] {
                guard let place = place(of: .name(item.name), in: id, onlyExports: onlyExports),
                    case .function(var function) = worlds[id][place].kind
                else { continue }
                function.annotations.take(item.value)
                worlds[id][place].kind = .function(function)
            }
        }
        worlds[id].annotations.take(value)
    }

    private func place(of key: WITWorldItem.Key, in world: Int, onlyExports: Bool) -> WITWorld.Place? {
        if !onlyExports, let position = worlds[world].imports.firstIndex(where: { $0.key == key }) {
            return WITWorld.Place(isExport: false, position: position)
        }
        return worlds[world].exports.firstIndex { $0.key == key }.map { WITWorld.Place(isExport: true, position: $0) }
    }

    private func interfacePlace(_ name: String, in world: Int, isExport: Bool) -> WITWorld.Place? {
        let items = isExport ? worlds[world].exports : worlds[world].imports
        return items.firstIndex { item in
            switch item.key {
            case .name(let plain): plain == name
            case .interface(let id): path(toInterface: id, from: nil) == name
            }
        }.map { WITWorld.Place(isExport: isExport, position: $0) }
    }
}

extension WITWorld {
    fileprivate struct Place {
        var isExport: Bool
        var position: Int
    }

    fileprivate subscript(place: Place) -> WITWorldItem {
        get { place.isExport ? exports[place.position] : imports[place.position] }
        set { if place.isExport { exports[place.position] = newValue } else { imports[place.position] = newValue } }
    }
}

extension WITDocument {
    /// How an interface is spoken of in a package: by its name alone within its own.
    func path(toInterface id: Int, from package: Int?) -> String {
        let interface = interfaces[id]
        let name = interface.name ?? ""
        guard let owner = interface.package, owner != package, packages.indices.contains(owner) else { return name }
        let packageName = packages[owner].name
        return "\(packageName.namespace):\(packageName.name)/\(WITPrinter.escaped(name))"
            + (packageName.version.map { "@\($0)" } ?? "")
    }
}
