// Puts a module's sections together (core specification, section 5.5): each with its size, in the order that the format
// demands, custom sections where they were asked to be.

/// The contents of a section that is a vector: items are written one after the other, and counted.
package struct VectorSection: Sendable {
    package private(set) var count: UInt32 = 0
    package var writer = ByteWriter()

    package init() {}

    /// Writes one item.
    package mutating func append(_ write: (inout ByteWriter) -> Void) {
        count &+= 1
        write(&writer)
    }
}

/// A module in the making.
package struct ModuleEncoder: Sendable {
    /// Where a custom section stands among the others.
    package enum Placement: Hashable, Sendable {
        case first
        case before(Section)
        case after(Section)
        case last
    }

    private struct Custom: Sendable {
        var placement: Placement
        var name: String
        var contents: [UInt8]
    }

    package var types = VectorSection()
    package var imports = VectorSection()
    package var functions = VectorSection()
    package var tables = VectorSection()
    package var memories = VectorSection()
    package var tags = VectorSection()
    package var globals = VectorSection()
    package var exports = VectorSection()
    /// The index of the start function.
    package var start: UInt32?
    package var elements = VectorSection()
    /// Whether a body names a data segment, which takes a data count section.
    package var needsDataCount = false
    package var code = VectorSection()
    package var data = VectorSection()
    private var customs: [Custom] = []

    package init() {}

    /// Custom sections of the same placement keep their order.
    package mutating func appendCustom(_ name: String, _ contents: [UInt8], at placement: Placement = .last) {
        customs.append(Custom(placement: placement, name: name, contents: contents))
    }

    /// The whole binary.
    package func encode() -> [UInt8] {
        var output = ByteWriter()
        output.writeFixed32(0x6D73_6100)
        output.writeFixed32(1)
        var waiting = customs.enumerated().sorted {
            ($0.element.placement.order, $0.offset) < ($1.element.placement.order, $1.offset)
        }.map(\.element)[...]
        for section in Section.allCases.sorted(by: { $0.rank < $1.rank }) where section != .custom {
            while let custom = waiting.first, custom.placement.order < section.order {
                Self.write(custom, to: &output)
                waiting.removeFirst()
            }
            write(section, to: &output)
        }
        for custom in waiting { Self.write(custom, to: &output) }
        return output.bytes
    }

    private func write(_ section: Section, to output: inout ByteWriter) {
        var contents = ByteWriter()
        switch section {
        case .custom: return
        case .start:
            guard let start else { return }
            contents.writeVarUInt32(start)
        case .dataCount:
            guard needsDataCount else { return }
            contents.writeVarUInt32(data.count)
        default:
            let vector = vector(section)
            guard vector.count > 0 else { return }
            contents.writeVarUInt32(vector.count)
            contents.write(vector.writer)
        }
        output.write(section.rawValue)
        output.writeSized(contents)
    }

    private func vector(_ section: Section) -> VectorSection {
        switch section {
        case .type: types
        case .import: imports
        case .function: functions
        case .table: tables
        case .memory: memories
        case .tag: tags
        case .global: globals
        case .export: exports
        case .element: elements
        case .code: code
        case .data: data
        case .custom, .start, .dataCount: VectorSection()
        }
    }

    private static func write(_ custom: Custom, to output: inout ByteWriter) {
        var contents = ByteWriter()
        contents.writeName(custom.name)
        contents.write(contentsOf: custom.contents)
        output.write(Section.custom.rawValue)
        output.writeSized(contents)
    }
}

extension Section {
    /// Its place on the scale that `ModuleEncoder.Placement.order` is on.
    fileprivate var order: Int { rank * 3 + 1 }
}

extension ModuleEncoder.Placement {
    fileprivate var order: Int {
        switch self {
        case .first: 0
        case .before(let section): section.order - 1
        case .after(let section): section.order + 1
        case .last: Int.max
        }
    }
}
