// All names of the `name` section (core specification, appendix 7.6.1, and the extended-name-section proposal), in a form
// that can be read, changed and written again. `NameSection` is the cheap way to ask for one name.

import WasmTypes

/// Names by index, in ascending order of the indices.
package struct NameMap: Hashable, Sendable {
    package struct Association: Hashable, Sendable {
        package var index: UInt32
        package var name: String
    }

    package private(set) var associations: [Association] = []

    package init() {}

    package var isEmpty: Bool { associations.isEmpty }

    /// Adds a name; the caller adds names in ascending order of their indices.
    package mutating func append(_ name: String, for index: UInt32) {
        associations.append(Association(index: index, name: name))
    }

    /// Looked up in logarithmic time.
    package subscript(index: UInt32) -> String? {
        var low = 0
        var high = associations.count
        while low < high {
            let middle = (low + high) / 2
            if associations[middle].index < index { low = middle + 1 } else { high = middle }
        }
        return low < associations.count && associations[low].index == index ? associations[low].name : nil
    }
}

/// Names of parts, by the index of the whole and then of the part; in ascending order.
package struct IndirectNameMap: Hashable, Sendable {
    package private(set) var maps: [UInt32: NameMap] = [:]

    package init() {}

    package var isEmpty: Bool { maps.isEmpty }

    /// Setting an empty map takes the whole out.
    package subscript(index: UInt32) -> NameMap {
        get { maps[index] ?? NameMap() }
        set { maps[index] = newValue.isEmpty ? nil : newValue }
    }
}

/// The contents of a name section.
package struct NameMaps: Hashable, Sendable {
    package var module: String?
    package var functions = NameMap()
    package var locals = IndirectNameMap()
    package var labels = IndirectNameMap()
    package var types = NameMap()
    package var tables = NameMap()
    package var memories = NameMap()
    package var globals = NameMap()
    package var elements = NameMap()
    package var data = NameMap()
    package var fields = IndirectNameMap()
    package var tags = NameMap()

    package init() {}

    /// Reads a module's last name section. What cannot be read has no name.
    package init(of module: BinaryModule) {
        guard let section = module.customSections.last(where: { $0.name == "name" }) else { return }
        var reader = module.reader(of: section.bytes)
        do throws(BinaryError) {
            while !reader.isAtEnd {
                let id = try reader.readByte()
                let extent = try reader.readBytes(try reader.readLength())
                var contents = reader.reader(of: extent)
                switch id {
                case 0: self.module = try contents.readName()
                case 1: functions = try Self.readMap(&contents)
                case 2: locals = try Self.readIndirectMap(&contents)
                case 3: labels = try Self.readIndirectMap(&contents)
                case 4: types = try Self.readMap(&contents)
                case 5: tables = try Self.readMap(&contents)
                case 6: memories = try Self.readMap(&contents)
                case 7: globals = try Self.readMap(&contents)
                case 8: elements = try Self.readMap(&contents)
                case 9: data = try Self.readMap(&contents)
                case 10: fields = try Self.readIndirectMap(&contents)
                case 11: tags = try Self.readMap(&contents)
                default: break
                }
            }
        } catch {
            // What was read so far holds.
        }
    }

    private static func readMap(_ reader: inout ByteReader) throws(BinaryError) -> NameMap {
        var map = NameMap()
        var next: UInt32 = 0
        for _ in 0..<(try reader.readVarUInt32()) {
            let start = reader.position
            let index = try reader.readVarUInt32()
            // Out of order or twice: no map to look things up in.
            guard index >= next, index < .max else { throw BinaryError(.malformed, "names out of order", at: start) }
            map.append(try reader.readName(), for: index)
            next = index + 1
        }
        return map
    }

    private static func readIndirectMap(_ reader: inout ByteReader) throws(BinaryError) -> IndirectNameMap {
        var map = IndirectNameMap()
        for _ in 0..<(try reader.readVarUInt32()) {
            let index = try reader.readVarUInt32()
            map[index] = try readMap(&reader)
        }
        return map
    }

    // MARK: - Writing

    /// The contents of a name section with these names; empty if there are none.
    package func encode() -> [UInt8] {
        var output = ByteWriter()
        if let module {
            var contents = ByteWriter()
            contents.writeName(module)
            output.write(0)
            output.writeSized(contents)
        }
        Self.write(functions, id: 1, to: &output)
        Self.write(locals, id: 2, to: &output)
        Self.write(labels, id: 3, to: &output)
        Self.write(types, id: 4, to: &output)
        Self.write(tables, id: 5, to: &output)
        Self.write(memories, id: 6, to: &output)
        Self.write(globals, id: 7, to: &output)
        Self.write(elements, id: 8, to: &output)
        Self.write(data, id: 9, to: &output)
        Self.write(fields, id: 10, to: &output)
        Self.write(tags, id: 11, to: &output)
        return output.bytes
    }

    private static func write(_ map: NameMap, id: UInt8, to output: inout ByteWriter) {
        guard !map.isEmpty else { return }
        var contents = ByteWriter()
        write(map, to: &contents)
        output.write(id)
        output.writeSized(contents)
    }

    private static func write(_ map: IndirectNameMap, id: UInt8, to output: inout ByteWriter) {
        guard !map.isEmpty else { return }
        var contents = ByteWriter()
        contents.writeVarUInt32(UInt32(truncatingIfNeeded: map.maps.count))
        for (index, names) in map.maps.sorted(by: { $0.key < $1.key }) {
            contents.writeVarUInt32(index)
            write(names, to: &contents)
        }
        output.write(id)
        output.writeSized(contents)
    }

    private static func write(_ map: NameMap, to output: inout ByteWriter) {
        output.writeVarUInt32(UInt32(truncatingIfNeeded: map.associations.count))
        for association in map.associations {
            output.writeVarUInt32(association.index)
            output.writeName(association.name)
        }
    }
}
