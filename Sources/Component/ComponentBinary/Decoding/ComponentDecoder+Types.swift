// Reads definitions of types: value, function, component, instance and resource types (Binary.md, "Type Definitions").

import ComponentTypes
import WasmBinary
import WasmTypes

extension ComponentDecoder {
    /// `type`: reads a definition and appends it to the types of the scope.
    func decodeTypeDefinition(_ reader: inout ByteReader) throws(BinaryError) {
        let start = reader.position
        try checkLimit(scope.types.count, ComponentLimits.types, "types", start)
        let code = try reader.readByte()
        switch code {
        case 0x40, 0x43: scope.types.append(.function(try functionType(&reader, isAsync: code == 0x43, at: start)))
        case 0x41: scope.types.append(.component(try componentType(&reader, at: start)))
        case 0x42: scope.types.append(.instance(try instanceType(&reader, at: start)))
        case 0x3F: try decodeResourceType(&reader, at: start)
        default: scope.types.append(.value(try definedValueType(code, &reader, at: start)))
        }
    }

    private func decodeResourceType(_ reader: inout ByteReader, at start: Int) throws(BinaryError) {
        let representation = try reader.readValueType()
        let destructor = try optional(&reader, "optional destructor") { reader throws(BinaryError) in
            try reader.readVarUInt32()
        }
        guard scope.kind == .component else {
            throw invalid("resources can only be defined within a concrete component", at: start)
        }
        guard representation == .i32 else {
            if representation == .i64 {
                throw BinaryError(.unsupported, "resources represented by `i64` are not supported yet", at: start)
            }
            throw invalid("resources can only be represented by `i32` or `i64`", at: start)
        }
        if let destructor {
            let type = try coreFunction(destructor, at: start)
            guard type.parameters == [.i32], type.results.isEmpty else {
                throw invalid("core function \(destructor) has wrong signature for a destructor", at: start)
            }
        }
        let id = ResourceTypeID.fresh()
        scope.definedResources.append(id)
        scope.localResources.insert(id)
        scope.types.append(.resource(id))
        scope.steps.append(.defineResource(scope.slot(of: id), destructor: destructor.map(FunctionIndex.init)))
    }

    /// Reads the declarations of a component type or an instance type in a scope of their own.
    private func withTypeScope(
        _ kind: Scope.Kind, _ reader: inout ByteReader, at start: Int
    ) throws(BinaryError) -> Scope {
        guard scopes.count < ComponentLimits.nestingDepth else {
            throw BinaryError(
                .limit, "type nesting is too deep: at most \(ComponentLimits.nestingDepth) levels are allowed",
                at: start)
        }
        let scope = Scope(kind)
        scopes.append(scope)
        for _ in 0..<(try count(&reader, ComponentLimits.typeDeclarations, "type declarations")) {
            let offset = reader.position
            switch try reader.readByte() {
            case 0x00: try decodeCoreTypeDefinition(&reader)
            case 0x01: try decodeTypeDefinition(&reader)
            case 0x02: try decodeAlias(&reader)
            case 0x03 where kind == .componentType: try decodeImport(&reader)
            case 0x04: try decodeExportDeclaration(&reader)
            case let byte: throw unknownByte(byte, "component or instance type declaration", at: offset)
            }
        }
        scopes.removeLast()
        return scope
    }

    private func componentType(_ reader: inout ByteReader, at start: Int) throws(BinaryError) -> ComponentType {
        let scope = try withTypeScope(.componentType, &reader, at: start)
        return try at(start) { () throws(TypeMismatch) in try self.finish(scope) }
    }

    private func instanceType(_ reader: inout ByteReader, at start: Int) throws(BinaryError) -> ComponentInstanceType {
        let scope = try withTypeScope(.instanceType, &reader, at: start)
        return try making(at: start) { () throws(ComponentTypeError) in
            try ComponentInstanceType(exports: scope.exports, resources: Set(scope.definedResources))
        }
    }

    /// The type of a component whose definitions have all been read.
    func finish(_ scope: Scope) throws(TypeMismatch) -> ComponentType {
        let defined = Set(scope.definedResources)
        var imported = FreeResources()
        for item in scope.imports {
            try effort.charge(item.type.summary.nodeCount)
            imported.add(item.type)
        }
        guard imported.found.isDisjoint(with: defined) else {
            throw TypeMismatch("local resource type found in imports")
        }
        var exported = FreeResources()
        for item in scope.exports {
            try effort.charge(item.type.summary.nodeCount)
            exported.add(item.type)
        }
        var resources: [BoundResource] = []
        for id in scope.definedResources where exported.found.contains(id) {
            guard let path = scope.exportPaths[id] else {
                throw TypeMismatch("local resource type found in export but not exported itself")
            }
            resources.append(BoundResource(id: id, path: path))
        }
        do throws(ComponentTypeError) {
            return try ComponentType(
                imports: scope.imports, exports: scope.exports, importedResources: scope.importedResources,
                exportedResources: resources)
        } catch {
            throw TypeMismatch(error)
        }
    }
}
