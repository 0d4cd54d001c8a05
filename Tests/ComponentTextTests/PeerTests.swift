// The binaries of the suite's components beside those that wasm-tools makes of the same text, where it is installed.

import ComponentText
import Foundation
import Testing

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

    /// The binaries of a script's components that are not in quotes, in order.
    static func components(of script: URL, with tool: URL) throws -> [[UInt8]]? {
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
        let types = ["module", "module_definition", "assert_invalid", "assert_unlinkable", "assert_uninstantiable"]
        return try commands.filter { $0.module_type != "text" && types.contains($0.type) }.compactMap { command in
            try command.filename.map { Array(try Data(contentsOf: folder.appendingPathComponent($0))) }
        }
    }
}

@Suite("Components beside wasm-tools")
struct PeerTests {
    /// The table of an element segment, given though it is the first, is not written; the peer writes it.
    private static let exceptions: Set<String> = [
        "async/during-sync-call-may-block-if-other-ready-threads.wast:12",
        "async/during-sync-call-no-exclusive-resume.wast:8", "async/during-sync-call-no-sibling-resume.wast:16",
        "async/during-sync-call-no-sibling-resume.wast:162", "async/trap-if-block-and-sync.wast:5",
        "async/trap-if-sync-and-waitable-set.wast:3", "linking/shared-everything-dynamic-linking.wast:152",
    ]

    @Test("binaries are the same, byte for byte", .enabled(if: Peer.tool != nil), arguments: Suite.scripts)
    func binaries(_ script: String) throws {
        guard let root = Suite.root, let tool = Peer.tool,
            let theirs = try Peer.components(of: root.appendingPathComponent(script), with: tool)
        else { return }
        let ours = try Suite.components(of: script)
        #expect(ours.count == theirs.count)
        for ((line, bytes), other) in zip(ours, theirs) where !Self.exceptions.contains("\(script):\(line)") {
            if bytes != other { Issue.record("\(script):\(line) differs:\n\(try print(bytes))\n\(try print(other))") }
        }
    }
}
