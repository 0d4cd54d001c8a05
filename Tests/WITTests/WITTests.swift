// Packages of WIT drawn from binaries. What the text looks like is tested with whole components, by the command; here are
// the sides of it that a command line does not reach: damage, and files made to cost more than they should.

import Foundation
import InternalUtilities
import Testing
import WIT
import WasmBinary

private func document(_ bytes: [UInt8]) throws(WITDecodingError) -> WITDocument {
    try WITDocument(component: ByteSource(bytes))
}

/// Whether the bytes can be shown; whatever they are, this comes to an end.
private func isShown(_ bytes: [UInt8]) -> Bool {
    guard let document = try? document(bytes), (try? document.text()) != nil else { return false }
    return !document.json.text.isEmpty
}

@Suite struct WITTests {
    @Test func aPackage() throws {
        let text = try document(Binaries.bytes(Binaries.package)).text()
        #expect(text.hasPrefix("package test:again;\n\ninterface a {\n  resource r {\n    constructor();\n"))
        #expect(text.contains("interface b {\n  use a.{r, rec};\n\n  type other = rec;\n"))
        #expect(text.hasSuffix("world nothing {\n}\n"))
    }

    @Test func aComponent() throws {
        let document = try document(Binaries.bytes(Binaries.component))
        let text = try document.text()
        #expect(text.hasPrefix("package root:component;\n\nworld root {\n  import test:again/a;\n\n  export test:again/b;\n}\n"))
        #expect(document.json["worlds"] != nil)
        #expect(try JSONValue(parsing: Array(document.json.text.utf8)) == document.json)
    }

    @Test(arguments: [Binaries.package, Binaries.component])
    func damageIsAnErrorOrShown(_ text: String) {
        let bytes = Binaries.bytes(text)
        #expect(isShown(bytes))
        for length in bytes.indices { _ = isShown(Array(bytes[..<length])) }
        for position in bytes.indices {
            for bit in 0..<8 {
                var copy = bytes
                copy[position] ^= 1 << UInt8(bit)
                _ = isShown(copy)
            }
        }
    }

    // MARK: - Made to cost

    private func component(_ sections: [(UInt8, [[UInt8]])]) -> [UInt8] {
        var bytes: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 0x0D, 0x00, 0x01, 0x00]
        for (id, items) in sections {
            let contents = number(items.count) + items.flatMap { $0 }
            bytes += [id] + number(contents.count) + contents
        }
        return bytes
    }

    private func number(_ value: Int) -> [UInt8] {
        var value = value
        var bytes: [UInt8] = []
        repeat {
            bytes.append(UInt8(value & 0x7F) | (value > 0x7F ? 0x80 : 0))
            value >>= 7
        } while value > 0
        return bytes
    }

    /// A type index, which is a signed number.
    private func index(_ value: Int) -> [UInt8] {
        value < 0x40 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + index(value >> 7)
    }

    private func refusal(_ bytes: [UInt8]) -> BinaryError? {
        do throws(WITDecodingError) {
            _ = try document(bytes)
            return nil
        } catch {
            guard case .binary(let error) = error else { return nil }
            return error
        }
    }

    /// A pair of the previous type, over and over: 2ⁿ parts.
    @Test func doublingTypes() {
        var types: [[UInt8]] = [[0x7D]]
        for position in 0..<60 { types.append([0x6F, 2] + index(position) + index(position)) }
        #expect(refusal(component([(7, types)]))?.kind == .limit)
    }

    @Test func deepTypes() {
        var types: [[UInt8]] = [[0x7D]]
        for position in 0..<1_000 { types.append([0x6B] + index(position)) }
        #expect(refusal(component([(7, types)]))?.kind == .limit)
    }

    /// Instances within instances, each of an instance type that the one before it is exported from.
    @Test func deepInstances() {
        var types: [[UInt8]] = [[0x42, 1, 0x04, 0x00, 1, 0x72, 0x03, 0x01]]
        for position in 0..<1_000 {
            types.append([0x42, 2, 0x02, 0x03, 0x02] + number(1) + number(position) + [0x04, 0x00, 1, 0x61, 0x05, 0x00])
        }
        #expect(refusal(component([(7, types)]))?.kind == .limit)
    }

    @Test func deepComponentTypes() {
        var type: [UInt8] = [0x41, 0]
        for _ in 0..<5_000 { type = [0x41, 1, 0x01] + type }
        #expect(refusal(component([(7, [type])]))?.kind == .limit)
    }

    /// One large record, imported by ten thousand functions that each spell out ten thousand of its like.
    @Test func muchText() throws {
        var types: [[UInt8]] = []
        types.append([0x6F] + number(5_000) + [UInt8](repeating: 0x7D, count: 5_000))
        types.append([0x6F] + number(100) + (0..<100).flatMap { _ in index(0) })
        types.append([0x40, 1, 1, 0x61] + index(1) + [1, 0])
        let imports = (0..<300).map { position -> [UInt8] in
            let name = Array("f\(position)".utf8)
            return [0x00] + number(name.count) + name + [0x01] + number(2)
        }
        let document = try document(component([(7, types), (10, imports)]))
        #expect(throws: WITError.self) { try document.text() }
    }
}
