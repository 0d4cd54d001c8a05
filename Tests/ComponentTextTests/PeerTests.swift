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
            var line: Int
            var filename: String?
            var module_type: String?
        }

        var commands: [Command]
    }

    /// The binaries of a script's text components, with their lines.
    static func components(of script: URL, with tool: URL) throws -> [Int: [UInt8]]? {
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
        var components: [Int: [UInt8]] = [:]
        for command in commands where command.module_type != "text" {
            guard let file = command.filename else { continue }
            components[command.line] = Array(try Data(contentsOf: folder.appendingPathComponent(file)))
        }
        return components
    }
}

@Suite("Components beside wasm-tools")
struct PeerTests {
    @Test("binaries are the same, byte for byte", .enabled(if: Peer.tool != nil), arguments: Suite.scripts)
    func binaries(_ script: String) throws {
        guard let root = Suite.root, let tool = Peer.tool,
            let theirs = try Peer.components(of: root.appendingPathComponent(script), with: tool)
        else { return }
        for (line, bytes) in try Suite.components(of: script) {
            guard let other = theirs[line], other.starts(with: [0, 0x61, 0x73, 0x6D, 0x0D]) else { continue }
            if bytes != other { Issue.record("\(script):\(line) differs:\n\(try print(bytes))\n\(try print(other))") }
        }
    }
}
