// The `component-name` custom section (Binary.md, "Name Section"): names of things for people. It need not be valid; what
// cannot be read is left out.

import InternalUtilities
import WasmBinary

/// The names that a component gives to its definitions.
public struct ComponentNames: Sendable {
    /// The sorts whose items can have names, by the bytes that say so.
    public enum Sort: Hashable, Sendable {
        case coreFunction
        case coreTable
        case coreMemory
        case coreGlobal
        case coreTag
        case coreType
        case coreModule
        case coreInstance
        case function
        case value
        case type
        case component
        case instance
    }

    /// The name of the component itself.
    public private(set) var component: String?
    private var names: [Sort: [UInt32: String]] = [:]

    public func name(of sort: Sort, _ index: UInt32) -> String? {
        names[sort]?[index]
    }
}

extension Component {
    /// Reads the names. They are not kept: call this where something must be named, not on each call of a guest.
    public func readNames() -> ComponentNames {
        var names = ComponentNames()
        for section in customSections where section.name == "component-name" {
            let source = source
            var reader = ByteReader(source.bytes, extent: section.bytes)
            // The first part that cannot be read ends the section.
            try? names.read(&reader)
        }
        return names
    }
}

extension ComponentNames {
    private static let nameLimit = 1_000_000

    fileprivate mutating func read(_ reader: inout ByteReader) throws(BinaryError) {
        while !reader.isAtEnd {
            let id = try reader.readByte()
            let size = try reader.readLength()
            var contents = reader.reader(of: try reader.readBytes(size))
            switch id {
            case 0: component = try contents.readName()
            case 1: try readNames(&contents)
            default: break
            }
        }
    }

    private mutating func readNames(_ reader: inout ByteReader) throws(BinaryError) {
        guard let sort = try Self.readSort(&reader) else { return }
        for _ in 0..<(try reader.readCount(limit: Self.nameLimit, of: "names")) {
            let index = try reader.readVarUInt32()
            names[sort, default: [:]][index] = try reader.readName()
        }
    }

    private static func readSort(_ reader: inout ByteReader) throws(BinaryError) -> Sort? {
        switch try reader.readByte() {
        case 0x00:
            switch try reader.readByte() {
            case 0x00: return .coreFunction
            case 0x01: return .coreTable
            case 0x02: return .coreMemory
            case 0x03: return .coreGlobal
            case 0x04: return .coreTag
            case 0x10: return .coreType
            case 0x11: return .coreModule
            case 0x12: return .coreInstance
            default: return nil
            }
        case 0x01: return .function
        case 0x02: return .value
        case 0x03: return .type
        case 0x04: return .component
        case 0x05: return .instance
        default: return nil
        }
    }
}
