// The `component-name` section (Binary.md, "Name Section"), for writing.

import WasmBinary

/// The names of a component and of what it defines.
struct ComponentNameSection {
    static let name = "component-name"

    var component: String?
    /// Where the section was read, in the file; nil if there was none.
    var offset: Int?
    /// By sort.
    var items: [NameMap] = []

    /// The contents of the section; empty if there are no names.
    func encode() -> [UInt8] {
        var output = ByteWriter()
        if let component {
            var contents = ByteWriter()
            contents.writeName(component)
            output.write(0)
            output.writeSized(contents)
        }
        for (sort, map) in zip(ItemSort.allCases, items) where !map.isEmpty {
            var contents = ByteWriter()
            contents.write(contentsOf: sort.codes)
            contents.writeVarUInt32(UInt32(truncatingIfNeeded: map.associations.count))
            for association in map.associations {
                contents.writeVarUInt32(association.index)
                contents.writeName(association.name)
            }
            output.write(1)
            output.writeSized(contents)
        }
        return output.bytes
    }
}

extension ComponentNameSection {
    /// Reads a section; throws if it is anything but what `encode` writes.
    init(_ reader: inout ByteReader) throws(BinaryError) {
        items = ItemSort.allCases.map { _ in NameMap() }
        while !reader.isAtEnd {
            let start = reader.position
            let id = try reader.readByte()
            let size = Int(try reader.readVarUInt32())
            var contents = reader.reader(of: try reader.readBytes(size))
            switch id {
            case 0: component = try contents.readName()
            case 1:
                let sort = try Self.readSort(&contents)
                guard items[sort.rawValue].isEmpty else { throw BinaryError(.malformed, "names given twice", at: start) }
                var next: UInt32 = 0
                for _ in 0..<(try contents.readVarUInt32()) {
                    let index = try contents.readVarUInt32()
                    guard index >= next, index < .max else {
                        throw BinaryError(.malformed, "names out of order", at: start)
                    }
                    items[sort.rawValue].append(try contents.readName(), for: index)
                    next = index + 1
                }
            default: throw BinaryError(.malformed, "unknown part of a name section", at: start)
            }
            guard contents.isAtEnd else { throw BinaryError(.malformed, "names are followed by something", at: start) }
        }
    }

    static func readSort(_ reader: inout ByteReader) throws(BinaryError) -> ItemSort {
        let start = reader.position
        let code = try reader.readByte()
        let coreCode = code == 0 ? try reader.readByte() : nil
        let found = ItemSort.allCases.first { sort in
            coreCode != nil ? sort.coreCode == coreCode : sort.coreCode == nil && sort.codes == [code]
        }
        guard let found else { throw BinaryError(.malformed, "unknown sort", at: start) }
        return found
    }
}
