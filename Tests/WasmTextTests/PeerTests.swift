// The modules of the core suite as wasm-tools makes them: ours mean the same.

import Foundation
import Testing
import WasmBinary
import WasmText

/// `wasm-tools`, where the environment has it.
enum Peer {
    static let tool: URL? = {
        let environment = ProcessInfo.processInfo.environment
        var candidates = [environment["APUS_WASM_TOOLS"] ?? ""]
        for folder in (environment["PATH"] ?? "").split(separator: ":") { candidates.append("\(folder)/wasm-tools") }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }.map { URL(fileURLWithPath: $0) }
    }()

    private struct Conversion: Decodable {
        struct Command: Decodable {
            var type: String
            var filename: String?
            var module_type: String?
        }

        var commands: [Command]
    }

    /// The binaries of a script's text modules that are meant to be instantiated, in order.
    static func modules(of script: URL, with tool: URL) throws -> [[UInt8]]? {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("apus-peer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let process = Process()
        process.executableURL = tool
        let json = folder.appendingPathComponent("script.json")
        process.arguments = ["json-from-wast", script.path, "--wasm-dir", folder.path, "-o", json.path]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        let commands = try JSONDecoder().decode(Conversion.self, from: try Data(contentsOf: json)).commands
        return try commands.compactMap { command in
            guard command.type == "module" || command.type == "module_definition", let file = command.filename else { return nil }
            return Array(try Data(contentsOf: folder.appendingPathComponent(file)))
        }
    }
}

@Suite("Beside wasm-tools")
struct PeerTests {
    /// What a binary says, without its names and custom sections.
    private func meaning(_ bytes: [UInt8]) throws -> [UInt8] {
        let text = try print(bytes).split(separator: "\n").filter { !$0.hasPrefix("  (@custom") }.joined(separator: "\n")
        return try TextModule.encode(Array(text.utf8), names: .drop)
    }

    /// Scripts whose modules the peer reads otherwise, and why.
    private static let exceptions: [String: String] = [
        "type-subtyping.wast": "the peer takes types that are not final for the type uses that say none"
    ]

    private static let scripts = Suite.scripts.filter {
        // What this proposal adds to the format is not read.
        exceptions[$0] == nil && !$0.hasPrefix("proposals/custom-descriptors/")
    }

    @Test("modules mean the same", .enabled(if: Peer.tool != nil), arguments: scripts)
    func modules(_ name: String) throws {
        guard let root = Suite.root, let tool = Peer.tool,
            let theirs = try Peer.modules(of: root.appendingPathComponent(name), with: tool)
        else { return }
        let ours = try Script.parse(try Suite.bytes(name)).commands.compactMap { command -> ScriptModule? in
            switch command.kind {
            case .module(let module, _), .moduleDefinition(let module, _): module
            default: nil
            }
        }
        guard ours.count == theirs.count else { return }
        // The peer leaves text in quotes as text.
        for (number, (mine, other)) in zip(ours, theirs).enumerated() where TextModule.isBinary(other) {
            let bytes: [UInt8]
            switch mine.contents {
            case .binary(let binary): bytes = binary
            case .quoted(let text): bytes = try TextModule.encode(text)
            case .malformed: continue
            }
            do {
                let expected = try meaning(other)
                let found = try meaning(bytes)
                if found != expected {
                    Issue.record("\(name), module \(number) differs:\n\(try print(bytes))\n\(try print(other))")
                }
            } catch let error as BinaryError where error.kind == .unsupported {}
        }
    }
}
