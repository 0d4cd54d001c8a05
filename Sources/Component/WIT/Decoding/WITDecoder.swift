// From the types of a component to packages of WIT: `root:component` with the world `root`, and the packages whose
// interfaces it imports and exports. A component that exports nothing but types of components is an encoded package, and
// is shown as what it was made of.

package import InternalUtilities
import ComponentTypes
package import WasmBinary

/// Collects interfaces, worlds and types while a component's types are walked.
struct WITDecoder {
    /// The interfaces and worlds of a package that is being collected.
    struct PackageDraft {
        var name: WITPackageName
        var interfaces = NamedList<Int>()
        var worlds = NamedList<Int>()
    }

    let arena: TypeArena
    var document = WITDocument()
    /// The packages that are spoken of, in the order in which they are.
    var foreignPackages: [PackageDraft] = []
    var foreignPositions: [WITPackageName: Int] = [:]
    /// The foreign package of an interface.
    var packageOfInterface: [Int: Int] = [:]
    /// The interfaces of the package that is decoded, by their full names.
    var namedInterfaces: [String: Int] = [:]
    var resources: [WITOwner: [String: Int]] = [:]
    /// What types of the binary have become.
    var typeMap: [TypeReference: Int] = [:]

    init(arena: TypeArena) {
        self.arena = arena
    }
}

extension WITDocument {
    /// Reads the world of a component, or the package that a binary encodes.
    package init(component source: ByteSource) throws(WITDecodingError) {
        do {
            let outline = try ShapeReader.outline(of: source)
            var decoder = WITDecoder(arena: outline.arena)
            if let exports = outline.exportedComponentTypes, let first = exports.first {
                try decoder.decodePackage(exports, isSinglePackage: first.name.utf8.contains(UInt8(ascii: ":")))
            } else {
                try decoder.decodeComponent(outline.externs)
            }
            self = decoder.document
            for section in outline.packageDocs { try PackageDocs.apply(source, section, to: &self) }
        } catch let error as BinaryError {
            throw .binary(error)
        } catch let error as WITError {
            throw .notRepresentable(error)
        } catch {
            throw .notRepresentable(WITError("\(error)"))
        }
    }
}

package enum WITDecodingError: Error {
    case binary(BinaryError)
    case notRepresentable(WITError)
}

extension ComponentOutline {
    /// The exports of an encoded package: all externs, if they are all exports of component types.
    fileprivate var exportedComponentTypes: [ExternShape]? {
        var exports: [ExternShape] = []
        for item in externs {
            guard case .export(let export) = item, case .type(_, let created) = export.entity,
                case .component = arena[created]
            else { return nil }
            exports.append(export)
        }
        return exports
    }
}

extension WITDecoder {
    // MARK: - Components

    mutating func decodeComponent(_ externs: [ComponentOutline.Extern]) throws(WITError) {
        var package = PackageDraft(name: WITPackageName(namespace: "root", name: "component"))
        document.worlds.append(WITWorld(name: "root"))
        package.worlds["root"] = 0
        for item in externs {
            switch item {
            case .import(let shape):
                if let item = try worldItem(shape, world: 0, &package, isExport: false) { document.worlds[0].imports.append(item) }
            case .export(let shape):
                guard let item = try worldItem(shape, world: 0, &package, isExport: true) else {
                    throw WITError("the export '\(shape.name)' is neither a function nor an instance, and WIT has no other")
                }
                document.worlds[0].exports.append(item)
            }
        }
        try finish(package)
    }

    /// An import or export of a world; nil for what is not part of worlds.
    mutating func worldItem(
        _ shape: ExternShape, world: Int, _ package: inout PackageDraft, isExport: Bool
    ) throws(WITError) -> WITWorldItem? {
        switch shape.entity {
        case .instance: return try worldInstance(shape, &package)
        case .function:
            let function = try function(shape, owner: .world(world))
            return WITWorldItem(key: .name(shape.name), kind: .function(function))
        case .type where !isExport:
            return WITWorldItem(key: .name(shape.name), kind: .type(try exportedType(shape, owner: .world(world))))
        default: return nil
        }
    }

    private mutating func worldInstance(
        _ shape: ExternShape, _ package: inout PackageDraft
    ) throws(WITError) -> WITWorldItem {
        let key: WITWorldItem.Key
        let interface: Int
        if let implemented = shape.implements {
            interface = try foreignInterface(implemented, shape)
            key = .name(shape.name)
        } else if case .interface = try externalName(shape.name).kind {
            interface = try foreignInterface(shape.name, shape)
            key = .interface(interface)
        } else {
            (key, interface) = try self.interface(shape, &package)
        }
        var item = WITWorldItem(key: key, kind: .interface(interface))
        item.annotations.externalID = shape.externalID
        return item
    }

    // MARK: - Encoded packages

    /// - Parameter isSinglePackage: whether the one export is a package with all its worlds and interfaces; otherwise
    ///   each export is one of them.
    mutating func decodePackage(_ exports: [ExternShape], isSinglePackage: Bool) throws(WITError) {
        var package: PackageDraft?
        for export in exports {
            guard case .type(_, let created) = export.entity, case .component(let component) = arena[created] else { continue }
            if isSinglePackage {
                guard package == nil else { throw WITError("it encodes more than one package") }
                var draft = PackageDraft(name: try packageName(export.name, export).package)
                for item in component.imports { _ = try foreignInterface(item.name, item) }
                for item in component.exports { try packageItem(item, &draft) }
                package = draft
            } else {
                guard component.exports.count == 1, let item = component.exports.first else {
                    throw WITError("'\(export.name)' of an encoded package does not have one export")
                }
                var draft: PackageDraft
                if let package { draft = package } else { draft = PackageDraft(name: try packageName(item.name, item).package) }
                if case .instance = item.entity {
                    for item in component.imports { _ = try foreignInterface(item.name, item) }
                }
                try packageItem(item, &draft)
                package = draft
            }
        }
        if let package { try finish(package) }
    }

    private mutating func packageItem(_ shape: ExternShape, _ package: inout PackageDraft) throws(WITError) {
        switch shape.entity {
        case .instance: _ = try interface(shape, &package)
        case .component(let type):
            guard case .component(let component) = arena[type] else { return }
            try world(shape, component, &package)
        default: throw WITError("'\(shape.name)' of an encoded package is neither an interface nor a world")
        }
    }

    private mutating func world(
        _ shape: ExternShape, _ component: ComponentShape, _ package: inout PackageDraft
    ) throws(WITError) {
        let name = try packageName(shape.name, shape).item
        // The world has a place before its items, which name it as their owner.
        let id = document.worlds.count
        document.worlds.append(WITWorld(name: name))
        for item in component.imports {
            guard let item = try worldItem(item, world: id, &package, isExport: false) else {
                throw WITError("the import '\(item.name)' of the world '\(name)' is nothing that worlds have")
            }
            document.worlds[id].imports.append(item)
        }
        for item in component.exports {
            guard let item = try worldItem(item, world: id, &package, isExport: true) else {
                throw WITError("the export '\(item.name)' of the world '\(name)' is nothing that worlds have")
            }
            document.worlds[id].exports.append(item)
        }
        guard package.worlds[name] == nil else { throw WITError("there are two worlds '\(name)'") }
        package.worlds[name] = id
    }

    // MARK: - Names

    func externalName(_ text: String) throws(WITError) -> ExternalName {
        do {
            return try ExternalName(parsing: text)
        } catch {
            throw WITError("'\(text)' is not the name of an import or export: \(error.message)")
        }
    }

    /// The package that a name such as `wasi:io/streams@0.2.0` begins with, and the item.
    func packageName(_ text: String, _ shape: ExternShape) throws(WITError) -> (package: WITPackageName, item: String) {
        guard case .interface(let name) = try externalName(text).kind else {
            throw WITError("'\(text)' is not the name of an interface in a package")
        }
        let version = name.version.map { "\($0)" + (shape.versionSuffix ?? "") }
        return (WITPackageName(namespace: name.namespace, name: name.package, version: version), name.interface)
    }

    // MARK: - The end

    /// Puts the packages into the document, each after those that it needs.
    private mutating func finish(_ package: PackageDraft) throws(WITError) {
        var order: [Int] = []
        var isVisited = [Bool](repeating: false, count: foreignPackages.count)
        // Depth first, on a stack of its own: how far packages lead to others is up to the file.
        for start in foreignPackages.indices where !isVisited[start] {
            isVisited[start] = true
            var stack = [(package: start, needs: needs(of: start), next: 0)]
            while let top = stack.last {
                if top.next == top.needs.count {
                    order.append(top.package)
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].next += 1
                let need = top.needs[top.next]
                guard !isVisited[need] else { continue }
                isVisited[need] = true
                stack.append((need, needs(of: need), 0))
            }
        }
        for position in order { insert(foreignPackages[position]) }
        document.main = insert(package)
    }

    /// The foreign packages whose types a foreign package uses.
    private func needs(of position: Int) -> [Int] {
        var needs: [Int] = []
        for (_, interface) in foreignPackages[position].interfaces.pairs {
            for (_, type) in document.interfaces[interface].types.pairs {
                guard case .alias(.definition(let other)) = document.types[type].kind,
                    case .interface(let owner) = document.types[other].owner, owner != interface,
                    let package = packageOfInterface[owner], package != position
                else { continue }
                needs.append(package)
            }
        }
        return needs
    }

    @discardableResult
    private mutating func insert(_ draft: PackageDraft) -> Int {
        let position: Int
        if let known = document.packages.firstIndex(where: { $0.name == draft.name }) {
            position = known
        } else {
            position = document.packages.count
            document.packages.append(WITPackage(name: draft.name))
        }
        for (name, interface) in draft.interfaces.pairs {
            document.packages[position].interfaces[name] = interface
            document.interfaces[interface].package = position
        }
        for (name, world) in draft.worlds.pairs {
            document.packages[position].worlds[name] = world
            document.worlds[world].package = position
            for item in document.worlds[world].imports + document.worlds[world].exports {
                guard case .interface(let interface) = item.kind, document.interfaces[interface].name == nil else { continue }
                document.interfaces[interface].package = position
            }
        }
        return position
    }
}
