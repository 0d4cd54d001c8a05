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
        try decoder.decode(&reader)
        return decoder.module
    }
}

/// A module in the making.
struct ModuleDecoder {
    var module: BinaryModule
    let features: FeatureSet
    private let extent: ByteExtent
    /// How many functions the function section declared.
    var declaredFunctionCount = 0
    /// Where the contents of the code section begin.
    var codeOffset: Int?
    private var lastRank = 0

    init(source: ByteSource, extent: ByteExtent, features: FeatureSet) {
        module = BinaryModule(source: source, extent: extent)
        self.features = features
        self.extent = extent
    }

    mutating func decode(_ reader: inout ByteReader) throws(BinaryError) {
        try decodeHeader(&reader)
        while !reader.isAtEnd {
            let start = reader.position
            let id = try reader.readByte()
            guard let section = Section(rawValue: id) else {
                if let error = readingLastBodyPastItsEnd(at: start, reader) { throw error }
                throw BinaryError(.malformed, "malformed section id \(id)", at: start)
            }
            let extent = try reader.readBytes(try reader.readLength())
            if section != .custom {
                guard section.rank > lastRank else {
                    throw BinaryError(
                        .malformed, "unexpected content after last section: section out of order, or a second one: \(section)",
                        at: start)
                }
                lastRank = section.rank
            }
            var contents = reader.reader(of: extent)
            contents.endMessage = "unexpected end of section or function"
            do throws(BinaryError) {
                try decode(section, &contents)
            } catch {
                throw reading(section, at: extent.lowerBound, pastItsEndAfter: error, &reader)
            }
            guard contents.isAtEnd else {
                throw BinaryError(
                    .malformed,
                    "section size mismatch: the \(section) section has \(contents.remaining) bytes after its contents",
                    at: contents.position)
            }
        }
        guard module.bodies.count == declaredFunctionCount else {
            throw inconsistentFunctionCount(at: codeOffset ?? reader.position)
        }
        if let count = module.dataCount, Int(count) != module.data.count {
            throw BinaryError(
                .malformed,
                "data count and data section have inconsistent lengths: \(count) and \(module.data.count)",
                at: reader.position)
        }
    }

    /// What to say where a section's size cuts its contents off: what is wrong with the contents themselves, if they are
    /// read on past it, or otherwise that the size is.
    private func reading(
        _ section: Section, at start: Int, pastItsEndAfter error: BinaryError, _ reader: inout ByteReader
    ) -> BinaryError {
        guard section != .custom, error.kind == .malformed, !reader.isAtEnd,
            error.message.hasPrefix("unexpected end") || error.message == "length out of bounds"
        else { return error }
        var longer = reader.reader(of: start..<extent.upperBound)
        longer.endMessage = "unexpected end of section or function"
        var decoder = ModuleDecoder(source: module.source, extent: extent, features: features)
        do throws(BinaryError) {
            try decoder.decode(section, &longer)
        } catch let beyond {
            return beyond.kind == .malformed ? beyond : error
        }
        return BinaryError(
            .malformed, "section size mismatch: the contents of the \(section) section are longer than its size says",
            at: error.offset)
    }

    /// What is wrong with the last body, if it was cut off by what follows, which is no section; nil if it is whole.
    private func readingLastBodyPastItsEnd(at offset: Int, _ reader: borrowing ByteReader) -> BinaryError? {
        guard let body = module.bodies.last, body.upperBound == offset else { return nil }
        var longer = reader.reader(of: body.lowerBound..<extent.upperBound)
        longer.endMessage = "unexpected end of section or function"
        do throws(BinaryError) {
            for _ in 0..<(try longer.readLength()) {
                _ = try longer.readVarUInt32()
                _ = try longer.readValueType()
            }
            _ = try readConstantExpression(&longer)
        } catch {
            return error.kind == .malformed ? error : nil
        }
        guard longer.position > offset else { return nil }
        return BinaryError(.malformed, "section size mismatch: a function's body is longer than its size says", at: offset)
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
