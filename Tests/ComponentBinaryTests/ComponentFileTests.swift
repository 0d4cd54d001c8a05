// A component as a toolchain makes it, whole and damaged. `APUS_COMPONENT` names the file.

import ComponentBinary
import ComponentTypes
import Foundation
import InternalUtilities
import Testing
import WasmBinary
import WasmTypes

private let path = Suite.environment["APUS_COMPONENT"]

@Suite(.enabled(if: path != nil, "APUS_COMPONENT names no component"))
struct ComponentFileTests {
    /// Decodes everything but the modules, of which headers are decoded and bodies are not validated.
    private func decode(_ source: ByteSource) throws(BinaryError) -> Component {
        try Component.decode(
            source: source,
            decodeModule: { source, extent throws(BinaryError) in try BinaryModule.decode(source: source, extent: extent) },
            validateModules: { _ throws(BinaryError) in })
    }

    @Test func decodesAndValidates() throws {
        let source = try ByteSource(mapping: path ?? "")
        let component = try Component.decode(source: source, threads: 2)
        #expect(!component.steps.isEmpty)
        #expect(component.exports.contains { $0.name.text.hasPrefix("wasi:cli/run@") })
        let imports = component.type.importListing
        #expect(imports.contains { $0.member != nil && $0.type.hasPrefix("func(") })
    }

    private func isRefused(_ bytes: [UInt8]) -> Bool {
        let component = try? Component.decode(source: ByteSource(bytes), threads: 1)
        return component == nil
    }

    /// Small components of a C toolchain, beside the file: damaged as a whole, code included.
    @Test(arguments: ["values", "streams", "filesystem", "poll"])
    func damagedCodeIsAnError(_ name: String) throws {
        let file = URL(filePath: path ?? "").deletingLastPathComponent().appending(path: "\(name).wasm").path
        guard FileManager.default.fileExists(atPath: file) else { return print("\(file) is absent: skipped") }
        let bytes = Array(try Data(contentsOf: URL(filePath: file)))
        #expect(!isRefused(bytes))
        var generator = Mutations.Generator(seed: 2)
        var refused = 0
        for _ in 0..<Mutations.count {
            var copy = bytes
            copy[Int.random(in: 8..<copy.count, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            if isRefused(copy) { refused += 1 }
            let length = Int.random(in: 0..<bytes.count, using: &generator)
            // Cut between two sections, it may be a component still.
            _ = isRefused(Array(bytes[..<length]))
        }
        print("\(name): \(refused) of \(Mutations.count) copies with one bit changed refused")
        #expect(refused > 0)
    }

    /// The file with a number in place of each module, and the modules: copies of it are cheap to make, and damage hits
    /// what is being tested.
    private func skeleton() throws -> (bytes: [UInt8], modules: [BinaryModule]) {
        let source = try ByteSource(mapping: path ?? "")
        var modules: [BinaryModule] = []
        _ = try Component.decode(
            source: source,
            decodeModule: { source, extent throws(BinaryError) in
                modules.append(try BinaryModule.decode(source: source, extent: extent))
                return modules[modules.count - 1]
            },
            validateModules: { _ throws(BinaryError) in })
        var count = 0
        let bytes = Mutations.withoutModules(source.bytes.withUnsafeBytes { Array($0) }, &count)
        #expect(count == modules.count)
        return (bytes, modules)
    }

    private func decode(_ bytes: [UInt8], _ modules: [BinaryModule]) throws(BinaryError) {
        _ = try Component.decode(
            source: ByteSource(bytes),
            decodeModule: { source, extent throws(BinaryError) in
                guard extent.count == 2, bytes[extent.lowerBound] == 0xFF, bytes[extent.lowerBound + 1] < modules.count
                else { return try BinaryModule.decode(source: source, extent: extent) }
                return modules[Int(bytes[extent.lowerBound + 1])]
            },
            validateModules: { _ throws(BinaryError) in })
    }

    @Test func damagedFilesAreErrors() throws {
        let (bytes, modules) = try skeleton()
        try decode(bytes, modules)
        var generator = Mutations.Generator(seed: 1)
        var refused = 0
        for _ in 0..<Mutations.count {
            var copy = bytes
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let position = Int.random(in: 8..<copy.count, using: &generator)
                copy[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            }
            do { try decode(copy, modules) } catch { refused += 1 }
        }
        print("\(refused) of \(Mutations.count) damaged components refused")
        #expect(refused > Mutations.count / 2)
    }

    @Test func truncatedFilesAreErrors() throws {
        let (bytes, modules) = try skeleton()
        for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / Mutations.count)) {
            do { try decode(Array(bytes[..<length]), modules) } catch {}
        }
    }
}

enum Mutations {
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        init(seed: UInt64) { state = seed }

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    /// How many damaged copies are tried; `APUS_MUTATIONS` asks for more.
    static let count = Suite.environment["APUS_MUTATIONS"].flatMap { Int($0) } ?? 500

    /// Copies a component with the contents of each module, at whatever depth, replaced by its number.
    static func withoutModules(_ bytes: [UInt8], _ count: inout Int) -> [UInt8] {
        var result = Array(bytes[..<8])
        for section in sections(bytes, from: 8) {
            switch section.id {
            case 1:
                append(1, [0xFF, UInt8(count)], to: &result)
                count += 1
            case 4: append(4, withoutModules(Array(bytes[section.contents]), &count), to: &result)
            case 0: continue
            default: append(section.id, Array(bytes[section.contents]), to: &result)
            }
        }
        return result
    }

    private static func sections(_ bytes: [UInt8], from start: Int) -> [(id: UInt8, contents: Range<Int>)] {
        var result: [(UInt8, Range<Int>)] = []
        var position = start
        while position < bytes.count {
            let id = bytes[position]
            position += 1
            var size = 0
            var shift = 0
            while position < bytes.count {
                let byte = bytes[position]
                position += 1
                size |= Int(byte & 0x7F) << shift
                shift += 7
                if byte < 0x80 { break }
            }
            let end = min(bytes.count, position + size)
            result.append((id, position..<end))
            position = end
        }
        return result
    }

    private static func append(_ id: UInt8, _ contents: [UInt8], to result: inout [UInt8]) {
        result.append(id)
        var size = contents.count
        repeat {
            result.append(UInt8(size & 0x7F) | (size > 0x7F ? 0x80 : 0))
            size >>= 7
        } while size > 0
        result += contents
    }
}
