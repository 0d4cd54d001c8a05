// Decodes a module's frame: the header and the order, sizes and uniqueness of its sections (core specification,
// section 5.5). What stands in the sections is read by the extensions in this folder.
//
// Decoding is linear in the bytes of everything but bodies, data and custom sections, which are stepped over.

package import InternalUtilities
package import WasmTypes

extension BinaryModule {
    /// Decodes the module in `extent` of a file; nothing in it is copied but names and types.
    ///
    /// - Parameter features: what the binary format may contain. Features that are only a matter of validation are not
    ///   looked at here.
    package static func decode(
        source: ByteSource, extent: ByteExtent? = nil, features: FeatureSet = .supported
    ) throws(BinaryError) -> BinaryModule {
        let extent = extent ?? 0..<source.count
        guard extent.count <= DecodingLimits.moduleSize else {
            throw BinaryError(
                .limit, "module too large: \(extent.count) bytes, and at most \(DecodingLimits.moduleSize) are allowed",
                at: extent.lowerBound)
        }
        var decoder = ModuleDecoder(source: source, extent: extent, features: features)
        var reader = ByteReader(source.bytes, extent: extent)
        do throws(BinaryError) {
            try decoder.decode(&reader)
        } catch {
            // What is wrong with a body comes before what is wrong behind it.
            if error.kind == .malformed, let fault = decoder.module.firstBodyFault { throw fault }
            throw error
        }
        return decoder.module
    }
}

/// A module in the making.
struct ModuleDecoder {
    var module: BinaryModule
    let features: FeatureSet
    /// How many functions the function section declared.
    var declaredFunctionCount = 0
    private var lastRank = 0

    init(source: ByteSource, extent: ByteExtent, features: FeatureSet) {
        module = BinaryModule(source: source, extent: extent)
        self.features = features
    }

    mutating func decode(_ reader: inout ByteReader) throws(BinaryError) {
        try decodeHeader(&reader)
        while !reader.isAtEnd {
            let start = reader.position
            let id = try reader.readByte()
            guard let section = Section(rawValue: id) else {
                throw BinaryError(.malformed, "malformed section id \(id)", at: start)
            }
            let size = Int(try reader.readVarUInt32())
            let extent = try reader.readBytes(size)
            if section != .custom {
                guard section.rank > lastRank else {
                    throw BinaryError(
                        .malformed, "unexpected content after last section: section out of order, or a second one: \(section)",
                        at: start)
                }
                lastRank = section.rank
            }
            // What belongs together is read without regard to the section's size, which is compared at the end: an item that
            // does not fit in is called by its own fault.
            var contents = reader.reader(of: section == .custom ? extent : extent.lowerBound..<reader.end)
            contents.endMessage = "unexpected end of section or function"
            try decode(section, &contents)
            guard contents.position == extent.upperBound else {
                let difference = extent.upperBound - contents.position
                throw BinaryError(
                    .malformed,
                    difference > 0
                        ? "section size mismatch: the \(section) section has \(difference) bytes after its contents"
                        : "section size mismatch: the contents of the \(section) section are \(-difference) bytes longer",
                    at: min(contents.position, extent.upperBound))
            }
        }
        guard module.bodies.count == declaredFunctionCount else { throw inconsistentFunctionCount(at: reader.position) }
        if let count = module.dataCount, Int(count) != module.data.count {
            throw BinaryError(
                .malformed,
                "data count and data section have inconsistent lengths: \(count) and \(module.data.count)",
                at: reader.position)
        }
    }

    private func decodeHeader(_ reader: inout ByteReader) throws(BinaryError) {
        let start = reader.position
        guard try reader.readFixed32() == 0x6D73_6100 else {
            throw reader.malformed("magic header not detected", at: start)
        }
        let version = try reader.readFixed32()
        guard version == 1 else {
            let kind = version >> 16 == 1 ? ": expected a version header for a module, found one for a component" : ""
            throw BinaryError(.malformed, "unknown binary version \(version & 0xFFFF)\(kind)", at: start + 4)
        }
    }

    private mutating func decode(_ section: Section, _ reader: inout ByteReader) throws(BinaryError) {
        switch section {
        case .custom: try decodeCustom(&reader)
        case .type: try decodeTypes(&reader)
        case .import: try decodeImports(&reader)
        case .function: try decodeFunctions(&reader)
        case .table: try decodeTables(&reader)
        case .memory: try decodeMemories(&reader)
        case .tag: try decodeTags(&reader)
        case .global: try decodeGlobals(&reader)
        case .export: try decodeExports(&reader)
        case .start: module.start = FunctionIndex(try reader.readVarUInt32())
        case .element: try decodeElements(&reader)
        case .dataCount: module.dataCount = try reader.readVarUInt32()
        case .code: try decodeCode(&reader)
        case .data: try decodeData(&reader)
        }
    }

    func inconsistentFunctionCount(at offset: Int) -> BinaryError {
        BinaryError(
            .malformed,
            "function and code section have inconsistent lengths: \(declaredFunctionCount) and \(module.bodies.count)",
            at: offset)
    }

    func require(_ feature: FeatureSet, for use: String, at offset: Int) throws(BinaryError) {
        guard features.contains(feature) else { throw BinaryError.missing(feature, for: use, at: offset) }
    }

    /// Adds to an index space's size, within its limit.
    func checkTotal(_ count: Int, limit: Int, _ items: String, at offset: Int) throws(BinaryError) {
        guard count <= limit else {
            throw BinaryError(.limit, "too many \(items): \(count), and at most \(limit) are allowed", at: offset)
        }
    }
}

/// The sections, by their ids.
package enum Section: UInt8, Hashable, Sendable, CaseIterable {
    case custom = 0
    case type = 1
    case `import` = 2
    case function = 3
    case table = 4
    case memory = 5
    case global = 6
    case export = 7
    case start = 8
    case element = 9
    case code = 10
    case data = 11
    case dataCount = 12
    case tag = 13

    /// The section's place in the order that the format demands.
    package var rank: Int {
        switch self {
        case .custom: 0
        case .type: 1
        case .import: 2
        case .function: 3
        case .table: 4
        case .memory: 5
        case .tag: 6
        case .global: 7
        case .export: 8
        case .start: 9
        case .element: 10
        case .dataCount: 11
        case .code: 12
        case .data: 13
        }
    }
}
