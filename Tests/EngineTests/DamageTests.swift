// Damaged modules that still validate are run: whatever they do, the host must survive it.
//
// `APUS_DAMAGE_FILES` names further modules, separated by colons, for a longer run by hand; `APUS_DAMAGE_ROUNDS` says how
// many damaged copies are made of each.

import Execution
import Foundation
import InternalUtilities
import Testing
import WasmBinary
import WasmEngine
import WasmTypes

/// Numbers that are the same in every run (SplitMix64).
private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

@Suite("Damaged modules")
struct DamageTests {
    private static let environment = ProcessInfo.processInfo.environment
    static let files: [String] =
        ["recursion", "endless", "grow", "host", "exceptions", "values", "tail", "two_memories", "objects"]
        + (environment["APUS_DAMAGE_FILES"] ?? "").split(separator: ":").map(String.init)
    static let rounds = environment["APUS_DAMAGE_ROUNDS"].flatMap { Int($0) } ?? 300

    private static let limits: StoreLimits = {
        var limits = StoreLimits()
        limits.memoryBytes = 32 << 20
        limits.tableElements = 100_000
        limits.stackBytes = 1 << 20
        limits.exceptions = 1000
        limits.heapBytes = 4 << 20
        return limits
    }()

    /// A value for each import: functions that return zeros, and new memories, tables, globals and tags.
    private static func imports(of module: Module, in store: Store) throws -> [ExternalValue?] {
        try module.imports.map { item in
            switch item.type {
            case .function(let index):
                guard let type = module.binary.functionType(at: index) else { return nil }
                let slots = Int(type.results.slotCount)
                return .function(
                    store.makeFunction(name: item.name, type: type) { call in
                        for slot in 0..<slots { call[slot] = 0 }
                    })
            case .table(let type): return .table(try store.makeTable(type))
            case .memory(let type): return .memory(try store.makeMemory(type))
            case .global(let type): return .global(Execution.Global(type: type, value: 0))
            case .tag(let tag):
                return module.binary.functionType(at: tag.type).map {
                    .tag(Tag(type: $0, typeNumber: module.typeNumber(tag.type)))
                }
            }
        }
    }

    /// Runs what can be run of a module for a bounded time; every error and trap is fine.
    private static func run(_ bytes: [UInt8], _ engine: Engine, _ generator: inout Generator) -> Bool {
        guard let module = try? engine.compile(ByteSource(bytes)), let store = try? engine.makeStore(limits: limits) else {
            return false
        }
        let watch = store.interruptHandle.interrupt(after: 30)
        defer { watch.cancel() }
        guard let imports = try? imports(of: module, in: store), let instance = try? store.instantiate(module, imports: imports)
        else { return true }
        for export in module.exports.prefix(40) {
            guard case .function(let function) = instance.export(export.name) else { continue }
            let arguments = function.type.parameters.flatMap { type -> [UInt64] in
                let bits: UInt64 = generator.next() % 3 == 0 ? generator.next() : generator.next() % 40
                switch type {
                case .i32, .f32: return [bits & 0xFFFF_FFFF]
                case .i64, .f64: return [bits]
                case .v128: return [bits, bits]
                default: return [0]
                }
            }
            _ = try? store.call(function, arguments)
        }
        return true
    }

    @Test("do not harm the host", arguments: files)
    func damaged(_ file: String) throws {
        let original = file.contains("/")
            ? [UInt8](try Data(contentsOf: URL(fileURLWithPath: file))) : try Guests.bytes(file)
        let engine = Engine()
        var generator = Generator(state: UInt64(original.count))
        var valid = 0
        for _ in 0..<Self.rounds {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let position = Int.random(in: 8..<bytes.count, using: &generator)
                bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            }
            if Self.run(bytes, engine, &generator) { valid += 1 }
        }
        print("\(file): \(valid) of \(Self.rounds) damaged copies were valid and were run")
        #expect(valid > 0)
    }
}
