// Components written as text. `wasm-tools` makes them into binaries; tests that need it say that they were skipped where
// it is absent.

import ComponentRuntime
import Execution
import Foundation
import InternalUtilities
import Testing
import WasmEngine

enum WasmTools {
    private static let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// `APUS_WASM_TOOLS`, or that of the guests' build, or the first on the path; nil where there is none.
    static let executable: URL? = {
        let environment = ProcessInfo.processInfo.environment
        var candidates: [String] = []
        if let named = environment["APUS_WASM_TOOLS"], !named.isEmpty { candidates.append(named) }
        candidates.append(package.appendingPathComponent(".build/guest-tools/bin/wasm-tools").path)
        for folder in (environment["PATH"] ?? "").split(separator: ":") { candidates.append("\(folder)/wasm-tools") }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }.map { URL(fileURLWithPath: $0) }
    }()

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    static func parse(_ text: String) throws -> [UInt8] {
        guard let executable else { throw Failure(description: "wasm-tools is absent") }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("wat-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let input = folder.appendingPathComponent("input.wat")
        let output = folder.appendingPathComponent("output.wasm")
        try Data(text.utf8).write(to: input)
        let process = Process()
        process.executableURL = executable
        process.arguments = ["parse", input.path, "-o", output.path]
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let said = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: String(decoding: said, as: UTF8.self) + "\n" + text)
        }
        return [UInt8](try Data(contentsOf: output))
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips where components cannot be made from text.
    static var needsWasmTools: Self {
        .enabled(if: WasmTools.executable != nil, "wasm-tools is absent (APUS_WASM_TOOLS names it)")
    }
}

/// One engine for all tests.
let engine = Engine()

func compile(_ text: String) throws -> CompiledComponent {
    try engine.compile(component: ByteSource(try WasmTools.parse(text)))
}

/// Instantiates a component written as text in a store of its own.
func instantiate(
    _ text: String, _ linker: ComponentLinker = ComponentLinker(), limits: ComponentInstanceLimits? = nil
) throws -> ComponentInstance {
    let store = try engine.makeStore()
    if let limits { store.setComponentInstanceLimits(limits) }
    return try linker.instantiate(try compile(text), in: store)
}

/// The text of the error that `body` throws; nil if it throws none.
func errorText(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch {
        return "\(error)"
    }
}

/// The trap that a call made by `body` ends with; nil if it ends otherwise.
func trap(_ body: () throws -> Void) -> Trap? {
    do {
        try body()
        return nil
    } catch {
        if case .trap(let trap)? = error as? ComponentCallError { return trap }
        return error as? Trap
    }
}

/// A core module with a memory of one page, an allocator that only counts up, and `body`.
func coreModule(_ body: String, imports: String = "") -> String {
    """
    (core module $M
      \(imports)
      (memory (export "mem") 2)
      (global $next (mut i32) (i32.const 4096))
      (func (export "realloc") (param $old i32) (param $oldSize i32) (param $align i32) (param $size i32) (result i32)
        (local $p i32)
        (global.set $next (i32.and (i32.add (global.get $next) (i32.sub (local.get $align) (i32.const 1)))
                                   (i32.sub (i32.const 0) (local.get $align))))
        (local.set $p (global.get $next))
        (global.set $next (i32.add (local.get $p) (local.get $size)))
        (memory.copy (local.get $p) (local.get $old)
          (select (local.get $oldSize) (local.get $size) (i32.lt_u (local.get $oldSize) (local.get $size))))
        (local.get $p))
      \(body))
    """
}
