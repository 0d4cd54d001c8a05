// The specification's own suite, as far as it can be told without running a module: what it says is valid, invalid and
// malformed. The suite's text is turned into binaries by `wasm-tools`, found at `APUS_WASM_TOOLS`; the suite is at
// `APUS_SUITES`. Without them the test reports itself as skipped.

import Foundation
import InternalUtilities
import Testing
import WasmBinary
import WasmTypes

@Suite(.enabled(if: SpecificationSuite.isAtHand, "APUS_WASM_TOOLS and APUS_SUITES say where the suite and its converter are"))
struct SpecificationSuiteTests {
    @Test(arguments: SpecificationSuite.scripts) func script(name: String) throws {
        var features = FeatureSet.supported
        features.formUnion([.simd, .relaxedSIMD, .memory64, .functionReferences])
        for check in try SpecificationSuite.checks(of: name) {
            let error = validationError(of: check.bytes, features: features)
            // What needs a feature that is not built says so, whatever the suite expects.
            if error?.kind == .unsupported { continue }
            switch check.expectation {
            case .valid: #expect(error == nil, "line \(check.line)")
            case .invalid, .malformed: #expect(error != nil, "line \(check.line)")
            }
        }
    }
}

enum SpecificationSuite {
    enum Expectation { case valid, invalid, malformed }

    struct Check {
        var line: Int
        var expectation: Expectation
        var bytes: [UInt8]
    }

    private static let environment = ProcessInfo.processInfo.environment
    private static var directory: URL? { environment["APUS_SUITES"].map { URL(fileURLWithPath: $0).appending(path: "core") } }

    static var isAtHand: Bool { environment["APUS_WASM_TOOLS"] != nil && !scripts.isEmpty }

    static let scripts: [String] = {
        guard environment["APUS_WASM_TOOLS"] != nil, let directory,
            let names = try? FileManager.default.contentsOfDirectory(atPath: directory.path)
        else { return [] }
        return names.filter { $0.hasSuffix(".wast") }.sorted()
    }()

    /// Converts a script and gives the checks that need nothing but decoding and validation.
    static func checks(of script: String) throws -> [Check] {
        guard let tools = environment["APUS_WASM_TOOLS"], let directory else { return [] }
        let output = FileManager.default.temporaryDirectory.appending(path: "apus-suite-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: output) }
        let list = output.appending(path: "commands.json")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: tools)
        process.arguments = [
            "json-from-wast", directory.appending(path: script).path, "-o", list.path, "--wasm-dir", output.path,
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        // A script that the converter does not know how to read is not this test's matter.
        guard process.terminationStatus == 0 else { return [] }
        let document = try JSONSerialization.jsonObject(with: Data(contentsOf: list)) as? [String: Any]
        return try (document?["commands"] as? [[String: Any]] ?? []).compactMap { command in
            guard command["module_type"] as? String != "text", let file = command["filename"] as? String,
                let line = command["line"] as? Int
            else { return nil }
            let expectation: Expectation
            switch command["type"] as? String {
            case "module", "module_definition", "assert_unlinkable", "assert_uninstantiable": expectation = .valid
            case "assert_invalid": expectation = .invalid
            case "assert_malformed": expectation = .malformed
            default: return nil
            }
            return Check(line: line, expectation: expectation, bytes: [UInt8](try Data(contentsOf: output.appending(path: file))))
        }
    }
}
