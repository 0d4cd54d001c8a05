// Interfaces: those of other packages, of which a component shows the part that it uses, and those defined here.

import ComponentTypes

extension WITDecoder {
    /// Takes in an instance as an interface that stands elsewhere. What earlier uses of the interface have left out is
    /// added, what they have said already is recognised.
    mutating func foreignInterface(_ name: String, _ shape: ExternShape) throws(WITError) -> Int {
        guard case .instance(let type) = shape.entity, case .instance(let instance) = arena[type] else {
            throw WITError("'\(name)' is not an instance")
        }
        let isLocal: Bool
        let interface: Int
        if let known = namedInterfaces[name] {
            (isLocal, interface) = (true, known)
        } else {
            (isLocal, interface) = (false, try placeholder(name, shape))
        }
        let owner = WITOwner.interface(interface)
        for export in instance.exports {
            switch export.entity {
            case .type(let referenced, let created):
                if let known = document.interfaces[interface].types[export.name] {
                    unify(referenced, with: known)
                    typeMap[created] = known
                } else {
                    guard !isLocal else { throw WITError("the type '\(export.name)' is not defined in '\(name)'") }
                    let id = try exportedType(export, owner: owner)
                    document.interfaces[interface].types[export.name] = id
                }
            case .function:
                guard document.interfaces[interface].functions[export.name] == nil else { continue }
                guard !isLocal else { throw WITError("the function '\(export.name)' is not defined in '\(name)'") }
                let function = try function(export, owner: owner)
                document.interfaces[interface].functions[export.name] = function
            default: throw WITError("'\(export.name)' of '\(name)' is neither a type nor a function")
            }
        }
        return interface
    }

    /// The interface of another package by this name, made if there is none yet.
    private mutating func placeholder(_ name: String, _ shape: ExternShape) throws(WITError) -> Int {
        let (packageName, interfaceName) = try packageName(name, shape)
        let package: Int
        if let known = foreignPositions[packageName] {
            package = known
        } else {
            package = foreignPackages.count
            foreignPositions[packageName] = package
            foreignPackages.append(PackageDraft(name: packageName))
        }
        if let known = foreignPackages[package].interfaces[interfaceName] { return known }
        let interface = document.interfaces.count
        document.interfaces.append(WITInterface(name: interfaceName))
        foreignPackages[package].interfaces[interfaceName] = interface
        packageOfInterface[interface] = package
        return interface
    }

    /// Takes in an instance as an interface that is defined here: one of the package's, or one within a world.
    mutating func interface(
        _ shape: ExternShape, _ package: inout PackageDraft
    ) throws(WITError) -> (WITWorldItem.Key, Int) {
        if namedInterfaces[shape.name] != nil {
            let known = try foreignInterface(shape.name, shape)
            return (.interface(known), known)
        }
        guard case .instance(let type) = shape.entity, case .instance(let instance) = arena[type] else {
            throw WITError("'\(shape.name)' is not an instance")
        }
        var name: String?
        switch try externalName(shape.name).kind {
        case .interface(let interface): name = interface.interface
        case .plain: break
        default: throw WITError("'\(shape.name)' is not the name of an interface")
        }
        var interface = WITInterface(name: name)
        // Interfaces that are met while this one is taken in would come first; there are none within interfaces.
        let id = document.interfaces.count
        for export in instance.exports {
            switch export.entity {
            case .type: interface.types[export.name] = try exportedType(export, owner: .interface(id))
            case .function: interface.functions[export.name] = try function(export, owner: .interface(id))
            default: throw WITError("'\(export.name)' of '\(shape.name)' is neither a type nor a function")
            }
        }
        document.interfaces.append(interface)
        guard let name else { return (.name(shape.name), id) }
        guard package.interfaces[name] == nil else { throw WITError("there are two interfaces '\(name)'") }
        package.interfaces[name] = id
        namedInterfaces[shape.name] = id
        return (.interface(id), id)
    }

    // MARK: - Functions

    mutating func function(_ shape: ExternShape, owner: WITOwner) throws(WITError) -> WITFunction {
        guard case .function(let type) = shape.entity, case .function(let function) = arena[type] else {
            throw WITError("'\(shape.name)' is not a function")
        }
        var parameters: [WITField] = []
        for parameter in function.parameters {
            parameters.append(WITField(name: parameter.name, type: try value(parameter.shape)))
        }
        var result: WITType?
        if let shape = function.result { result = try value(shape) }
        var itemName = shape.name
        let kind: WITFunction.Kind
        switch try externalName(shape.name).kind {
        case .plain: kind = .freestanding
        case .constructor(let resource):
            kind = .constructor(try self.resource(resource, of: owner))
            itemName = "constructor"
        case .method(let resource, let name):
            kind = .method(try self.resource(resource, of: owner))
            itemName = name
        case .static(let resource, let name):
            kind = .static(try self.resource(resource, of: owner))
            itemName = name
        case .interface: throw WITError("'\(shape.name)' is a function with the name of an interface")
        }
        var made = WITFunction(
            name: shape.name, itemName: itemName, kind: kind, isAsync: function.isAsync, parameters: parameters,
            result: result)
        made.annotations.externalID = shape.externalID
        return made
    }

    private func resource(_ name: String, of owner: WITOwner) throws(WITError) -> Int {
        guard let resource = resources[owner]?[name] else { throw WITError("there is no resource '\(name)'") }
        return resource
    }
}
