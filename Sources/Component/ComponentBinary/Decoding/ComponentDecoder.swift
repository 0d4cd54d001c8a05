// Decodes and validates a component (Binary.md), and writes the plan for its instantiation on the way.
//
// Definitions refer only to what stands before them, so one pass does it all: each definition is read, checked against
// the index spaces of its scope, and appended to them. A stack of scopes stands for the nesting of components and types.

import ComponentTypes
package import InternalUtilities
package import WasmBinary
package import WasmTypes

/// What a file holds, by its first eight bytes.
public enum BinaryLayer: Hashable, Sendable {
    case module
    case component
}

extension Component {
    /// Decodes and validates the component that is the whole of `source`, all nested components and modules included.
    ///
    /// - Parameters:
    ///   - decodeModule: reads a core module without its bodies.
    ///   - validateModules: checks all modules of the file, after everything else.
    /// - Throws: the first error, with its offset in `source`.
    package static func decode(
        source: ByteSource, features: FeatureSet = .supported,
        decodeModule: (ByteSource, ByteExtent) throws(BinaryError) -> BinaryModule,
        validateModules: ([BinaryModule]) throws(BinaryError) -> Void
    ) throws(BinaryError) -> Component {
        let decoder = ComponentDecoder(source: source, features: features)
        let component = try decoder.decode(decodeModule)
        try validateModules(decoder.allModules)
        return component
    }

    /// Whether the bytes begin like a module or like a component; nil if like neither.
    package static func layer(of source: ByteSource) -> BinaryLayer? {
        var reader = ByteReader(source.bytes, extent: 0..<source.count)
        guard let magic = try? reader.readFixed32(), magic == 0x6D73_6100, let version = try? reader.readFixed32()
        else {
            return nil
        }
        switch version >> 16 {
        case 0: return .module
        case 1: return .component
        default: return nil
        }
    }
}

final class ComponentDecoder {
    let source: ByteSource
    let features: FeatureSet
    let effort = Effort()
    /// The innermost scope is the last; there is always one while definitions are read.
    var scopes: [Scope] = []
    var allModules: [BinaryModule] = []
    var componentCount = 0

    var subtyping: Subtyping { Subtyping(effort: effort) }

    init(source: ByteSource, features: FeatureSet) {
        self.source = source
        self.features = features
    }

    typealias ModuleDecoding = (ByteSource, ByteExtent) throws(BinaryError) -> BinaryModule

    func decode(_ decodeModule: ModuleDecoding) throws(BinaryError) -> Component {
        let source = source
        var reader = ByteReader(source.bytes, extent: 0..<source.count)
        reader.endMessage = "unexpected end-of-file"
        reader.lengthMessage = "unexpected end-of-file: length out of bounds"
        return try decodeComponent(&reader, decodeModule)
    }

    /// Reads a component that fills the rest of the reader.
    private func decodeComponent(
        _ reader: inout ByteReader, _ decodeModule: ModuleDecoding
    ) throws(BinaryError) -> Component {
        let extent = reader.remainingExtent
        guard scopes.count < ComponentLimits.nestingDepth else {
            throw BinaryError(
                .limit, "components nest too deeply: at most \(ComponentLimits.nestingDepth) levels are allowed",
                at: reader.position)
        }
        componentCount += 1
        guard componentCount <= ComponentLimits.totalComponents else {
            throw BinaryError(
                .limit, "too many components: at most \(ComponentLimits.totalComponents) are allowed in a file",
                at: reader.position)
        }
        try decodePreamble(&reader)
        let scope = Scope(.component)
        scopes.append(scope)
        while !reader.isAtEnd { try decodeSection(&reader, decodeModule) }
        scopes.removeLast()
        let type = try at(reader.position) { () throws(TypeMismatch) in try self.finish(scope) }
        return Component(
            source: source, extent: extent, type: type, steps: scope.steps, exports: scope.plannedExports,
            modules: scope.modules, components: scope.nestedComponents, capturedModules: scope.capturedModules,
            capturedComponents: scope.capturedComponents, resources: scope.resources,
            customSections: scope.customSections)
    }

    private func decodePreamble(_ reader: inout ByteReader) throws(BinaryError) {
        let start = reader.position
        guard reader.remaining >= 8 else {
            throw BinaryError(
                .malformed, "unexpected end-of-file: a component begins with eight bytes of preamble", at: reader.end)
        }
        guard try reader.readFixed32() == 0x6D73_6100 else {
            throw BinaryError(.malformed, "magic header not detected", at: start)
        }
        let word = try reader.readFixed32()
        let (version, layer) = (word & 0xFFFF, word >> 16)
        switch (version, layer) {
        case (0x0D, 1): return
        case (_, 0):
            throw BinaryError(
                .malformed, "unknown binary version: expected a version header for a component, found one for a core module", at: start + 4)
        case (_, 1):
            throw BinaryError(
                .malformed,
                "unknown binary version and encoding combination: 0x\(String(version, radix: 16)) and 0x1, and 0xd is the version of components that is known",
                at: start + 4)
        default:
            throw BinaryError(
                .malformed,
                "unknown binary version and encoding combination: 0x\(String(version, radix: 16)) and 0x\(String(layer, radix: 16))",
                at: start + 4)
        }
    }

    private func decodeSection(_ reader: inout ByteReader, _ decodeModule: ModuleDecoding) throws(BinaryError) {
        let start = reader.position
        let id = try reader.readByte()
        guard id <= 12 else { throw BinaryError(.malformed, "malformed section id: \(id)", at: start) }
        let size = Int(try reader.readVarUInt32())
        guard size <= reader.remaining else {
            throw BinaryError(
                .malformed, "unexpected end-of-file: section of \(size) bytes, and \(reader.remaining) are left",
                at: reader.position)
        }
        let extent = try reader.readBytes(size)
        var section = reader.reader(of: extent)
        switch id {
        case 0: try decodeCustomSection(&section)
        case 1: try decodeCoreModule(extent, decodeModule)
        case 2:
            try decodeItems(&section, ComponentLimits.instances, "core instances") { reader throws(BinaryError) in
                try self.decodeCoreInstance(&reader)
            }
        case 3:
            try decodeItems(&section, ComponentLimits.types, "core types") { reader throws(BinaryError) in
                try self.decodeCoreTypeDefinition(&reader)
            }
        case 4: try decodeNestedComponent(&section, decodeModule)
        case 5:
            try decodeItems(&section, ComponentLimits.instances, "instances") { reader throws(BinaryError) in
                try self.decodeInstance(&reader)
            }
        case 6:
            try decodeItems(&section, ComponentLimits.types, "aliases") { reader throws(BinaryError) in
                try self.decodeAlias(&reader)
            }
        case 7:
            try decodeItems(&section, ComponentLimits.types, "types") { reader throws(BinaryError) in
                try self.decodeTypeDefinition(&reader)
            }
        case 8:
            try decodeItems(&section, ComponentLimits.functions, "canonical functions") { reader throws(BinaryError) in
                try self.decodeCanonicalDefinition(&reader)
            }
        case 9: throw BinaryError(.unsupported, "start functions of components are not supported yet", at: start)
        case 10:
            try decodeItems(&section, ComponentLimits.imports, "imports") { reader throws(BinaryError) in
                try self.decodeImport(&reader)
            }
        case 11:
            try decodeItems(&section, ComponentLimits.exports, "exports") { reader throws(BinaryError) in
                try self.decodeExport(&reader)
            }
        default: throw BinaryError(.unsupported, "value definitions of components are not supported yet", at: start)
        }
        guard section.isAtEnd || id == 0 || id == 1 else {
            throw BinaryError(
                .malformed, "section size mismatch: unexpected content at the end of the section", at: section.position)
        }
    }

    private func decodeItems(
        _ reader: inout ByteReader, _ limit: Int, _ items: StaticString,
        _ decode: (inout ByteReader) throws(BinaryError) -> Void
    ) throws(BinaryError) {
        for _ in 0..<(try count(&reader, limit, items)) { try decode(&reader) }
    }

    private func decodeCustomSection(_ reader: inout ByteReader) throws(BinaryError) {
        let name = try self.name(&reader)
        scope.customSections.append(Component.CustomSection(name: name, bytes: reader.remainingExtent))
    }

    private func decodeCoreModule(_ extent: ByteExtent, _ decode: ModuleDecoding) throws(BinaryError) {
        guard extent.count <= ComponentLimits.moduleSize else {
            throw BinaryError(
                .limit,
                "module is too large: \(extent.count) bytes, and at most \(ComponentLimits.moduleSize) are allowed",
                at: extent.lowerBound)
        }
        try checkLimit(scope.coreModules.count, ComponentLimits.modules, "modules", extent.lowerBound)
        try checkLimit(allModules.count, ComponentLimits.totalModules, "modules", extent.lowerBound)
        let module = try decode(source, extent)
        let type = try CoreModuleType(of: module, at: extent.lowerBound)
        scope.steps.append(.defineModule(position: scope.modules.count))
        scope.modules.append(module)
        scope.coreModules.append(type)
        allModules.append(module)
    }

    private func decodeNestedComponent(_ reader: inout ByteReader, _ decodeModule: ModuleDecoding) throws(BinaryError) {
        try checkLimit(scope.components.count, ComponentLimits.components, "components", reader.position)
        let component = try decodeComponent(&reader, decodeModule)
        scope.steps.append(.defineComponent(position: scope.nestedComponents.count))
        scope.nestedComponents.append(component)
        scope.components.append(component.type)
    }
}
