// Reads counts, names and indices, and finds what indices refer to.

import ComponentTypes
import WasmBinary
import WasmTypes

extension ComponentDecoder {
    /// The scope whose definitions are being read.
    var scope: Scope {
        // Definitions are only read inside of a component, so the stack is never empty here.
        scopes.last ?? Scope(.component)
    }

    /// Runs a check and gives its error a place.
    func at<Result>(
        _ offset: Int, _ check: () throws(TypeMismatch) -> Result
    ) throws(BinaryError) -> Result {
        do throws(TypeMismatch) { return try check() } catch {
            throw BinaryError(error.kind, error.message, at: offset)
        }
    }

    /// Makes a type and gives its error a place.
    func making<Result>(
        at offset: Int, _ make: () throws(ComponentTypeError) -> Result
    ) throws(BinaryError) -> Result {
        do throws(ComponentTypeError) { return try make() } catch {
            let mismatch = TypeMismatch(error)
            throw BinaryError(mismatch.kind, mismatch.message, at: offset)
        }
    }

    func invalid(_ message: String, at offset: Int) -> BinaryError {
        BinaryError(.invalid, message, at: offset)
    }

    /// A byte that says what follows has none of the values that are known there.
    func unknownByte(_ byte: UInt8, _ item: String, at offset: Int) -> BinaryError {
        BinaryError(.malformed, "invalid leading byte (0x\(String(byte, radix: 16))) for \(item)", at: offset)
    }

    /// The number of a vector's items.
    func count(_ reader: inout ByteReader, _ limit: Int, _ items: StaticString) throws(BinaryError) -> Int {
        let start = reader.position
        let count = Int(try reader.readVarUInt32())
        guard count <= limit else {
            throw BinaryError(.limit, "too many \(items): \(count), and at most \(limit) are allowed", at: start)
        }
        guard count <= reader.remaining else {
            throw BinaryError(
                .malformed, "unexpected end-of-file: \(count) \(items) in \(reader.remaining) bytes", at: start)
        }
        return count
    }

    func name(_ reader: inout ByteReader) throws(BinaryError) -> String {
        let start = reader.position
        let name = try reader.readName()
        guard name.utf8.count <= ComponentLimits.nameSize else {
            throw BinaryError(
                .limit,
                "name is too long: \(name.utf8.count) bytes, and at most \(ComponentLimits.nameSize) are allowed",
                at: start)
        }
        return name
    }

    /// Refuses one more item in an index space that is full.
    func checkLimit(_ count: Int, _ limit: Int, _ items: String, _ offset: Int) throws(BinaryError) {
        guard count < limit else {
            throw BinaryError(.limit, "too many \(items): at most \(limit) are allowed", at: offset)
        }
    }

    // MARK: - Index spaces

    @inline(__always)
    private func find<Element>(
        _ index: UInt32, in space: [Element], _ item: String, at offset: Int
    ) throws(BinaryError) -> Element {
        guard Int(index) < space.count else {
            throw invalid("unknown \(item) \(index): \(item) index out of bounds", at: offset)
        }
        return space[Int(index)]
    }

    func coreFunction(_ index: UInt32, at offset: Int) throws(BinaryError) -> FunctionType {
        try find(index, in: scope.coreFunctions, "core function", at: offset)
    }

    func coreTable(_ index: UInt32, at offset: Int) throws(BinaryError) -> TableType {
        try find(index, in: scope.coreTables, "table", at: offset)
    }

    func coreMemory(_ index: UInt32, at offset: Int) throws(BinaryError) -> MemoryType {
        try find(index, in: scope.coreMemories, "memory", at: offset)
    }

    func coreGlobal(_ index: UInt32, at offset: Int) throws(BinaryError) -> GlobalType {
        try find(index, in: scope.coreGlobals, "global", at: offset)
    }

    func coreTag(_ index: UInt32, at offset: Int) throws(BinaryError) -> FunctionType {
        try find(index, in: scope.coreTags, "tag", at: offset)
    }

    func coreModule(_ index: UInt32, at offset: Int) throws(BinaryError) -> CoreModuleType {
        try find(index, in: scope.coreModules, "module", at: offset)
    }

    func coreInstance(_ index: UInt32, at offset: Int) throws(BinaryError) -> CoreInstanceExports {
        try find(index, in: scope.coreInstances, "core instance", at: offset)
    }

    func coreType(_ index: UInt32, in scope: Scope, at offset: Int) throws(BinaryError) -> CoreTypeDefinition {
        try find(index, in: scope.coreTypes, "type", at: offset)
    }

    func function(_ index: UInt32, at offset: Int) throws(BinaryError) -> ComponentFunctionType {
        try find(index, in: scope.functions, "function", at: offset)
    }

    func component(_ index: UInt32, at offset: Int) throws(BinaryError) -> ComponentType {
        try find(index, in: scope.components, "component", at: offset)
    }

    func instance(_ index: UInt32, at offset: Int) throws(BinaryError) -> ComponentInstanceType {
        try find(index, in: scope.instances, "instance", at: offset)
    }

    func type(_ index: UInt32, in scope: Scope, at offset: Int) throws(BinaryError) -> ComponentDefinedType {
        try find(index, in: scope.types, "type", at: offset)
    }

    func type(_ index: UInt32, at offset: Int) throws(BinaryError) -> ComponentDefinedType {
        try type(index, in: scope, at: offset)
    }

    func functionType(_ index: UInt32, at offset: Int) throws(BinaryError) -> ComponentFunctionType {
        guard case .function(let type) = try type(index, at: offset) else {
            throw invalid("type index \(index) is not a function type", at: offset)
        }
        return type
    }

    /// A resource type; `local` demands that this component defines it.
    func resource(_ index: UInt32, local: Bool = false, at offset: Int) throws(BinaryError) -> ResourceTypeID {
        guard case .resource(let id) = try type(index, at: offset) else {
            throw invalid("type index \(index) is not a resource type", at: offset)
        }
        guard !local || scope.localResources.contains(id) else {
            throw invalid("type index \(index) is not a local resource", at: offset)
        }
        return id
    }
}
