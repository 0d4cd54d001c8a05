// Writes components byte by byte, for tests that no text could express or that should not need a tool.

struct ComponentBytes {
    var bytes: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 0x0D, 0x00, 0x01, 0x00]

    static func number(_ value: Int) -> [UInt8] {
        var value = value
        var result: [UInt8] = []
        repeat {
            result.append(UInt8(value & 0x7F) | (value > 0x7F ? 0x80 : 0))
            value >>= 7
        } while value > 0
        return result
    }

    /// A type index where a type's code could stand as well: a signed number.
    static func typeIndex(_ value: Int) -> [UInt8] {
        var value = value
        var result: [UInt8] = []
        while value > 0x3F {
            result.append(UInt8(value & 0x7F) | 0x80)
            value >>= 7
        }
        return result + [UInt8(value)]
    }

    static func name(_ text: String) -> [UInt8] { number(text.utf8.count) + text.utf8 }

    /// A section with these contents.
    mutating func section(_ id: UInt8, _ contents: [UInt8]) {
        bytes += [id] + Self.number(contents.count) + contents
    }

    /// A section that is a vector of these items.
    mutating func items(_ id: UInt8, _ items: [[UInt8]]) {
        section(id, Self.number(items.count) + items.flatMap { $0 })
    }

    mutating func types(_ types: [[UInt8]]) { items(7, types) }
}
