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

    @Test func takesLittleTimeApartFromModules() throws {
        let source = try ByteSource(mapping: path ?? "")
        // The modules are decoded beforehand, so that the time is the component's own.
        var modules: [Int: BinaryModule] = [:]
        _ = try Component.decode(
            source: source,
            decodeModule: { source, extent throws(BinaryError) in
                let module = try BinaryModule.decode(source: source, extent: extent)
                modules[extent.lowerBound] = module
                return module
            },
            validateModules: { _ throws(BinaryError) in })
        let known = modules
        let clock = ContinuousClock()
        var best = Duration.seconds(100)
        for _ in 0..<5 {
            let time = try clock.measure {
                _ = try Component.decode(
                    source: source,
                    decodeModule: { _, extent throws(BinaryError) in
                        guard let module = known[extent.lowerBound] else {
                            throw BinaryError(.malformed, "unknown module", at: extent.lowerBound)
                        }
                        return module
                    },
                    validateModules: { _ throws(BinaryError) in })
            }
            best = min(best, time)
        }
        print("decoding the component apart from its modules: \(best)")
    }

    /// The file without its large modules, which are left to the tests of modules.
    private func skeleton() throws -> [UInt8] {
        let source = try ByteSource(mapping: path ?? "")
        return source.bytes.withUnsafeBytes { Array($0) }
    }

    @Test func damagedFilesAreErrors() throws {
        let bytes = try Mutations.withoutModuleContents(skeleton())
        var generator = Mutations.Generator(seed: 1)
        var refused = 0
        for _ in 0..<4_000 {
            var copy = bytes
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let position = Int.random(in: 8..<copy.count, using: &generator)
                copy[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            }
            do { _ = try decode(ByteSource(copy)) } catch { refused += 1 }
        }
        #expect(refused > 1_000)
    }

    @Test func truncatedFilesAreErrors() throws {
        let bytes = try Mutations.withoutModuleContents(skeleton())
        for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 2_000)) {
            do { _ = try decode(ByteSource(Array(bytes[..<length]))) } catch {}
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

    /// Copies the sections of a component, leaving code, data and custom sections out of its modules, so that copies of
    /// it are cheap to make and damage hits what is being tested.
    static func withoutModuleContents(_ bytes: [UInt8]) throws -> [UInt8] {
        var result = Array(bytes[..<8])
        for section in sections(bytes, from: 8) {
            switch section.id {
            case 1: append(1, module(Array(bytes[section.contents])), to: &result)
            case 0: continue
            default: append(section.id, Array(bytes[section.contents]), to: &result)
            }
        }
        return result
    }

    private static func module(_ bytes: [UInt8]) -> [UInt8] {
        var result = Array(bytes[..<8])
        for section in sections(bytes, from: 8) where [1, 2, 3, 4, 5, 6, 7, 13].contains(section.id) {
            if section.id == 3 { continue }
            append(section.id, Array(bytes[section.contents]), to: &result)
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
