// Where the suites and the tools are, and how a `.wast` script becomes binaries.

import ComponentBinary
import Foundation
import InternalUtilities

enum Suite {
    static let environment = ProcessInfo.processInfo.environment

    /// The folder of the component-model suite; nil if it is not there.
    static let folder: URL? = {
        let root = environment["APUS_SUITES"] ?? "../shared/suites"
        let folder = URL(filePath: root).appending(path: "component-model")
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()

    /// The `wasm-tools` program, which turns text into binaries; nil if it is not installed.
    static let wasmTools: URL? = {
        let candidates =
            [environment["APUS_WASM_TOOLS"]].compactMap { $0 }
            + (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/wasm-tools" }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }.map { URL(filePath: $0) }
    }()

    static var isAvailable: Bool { folder != nil && wasmTools != nil }

    /// The scripts, by their path in the suite. `cancellable.wast` is in a notation that today's `wasm-tools` refuses.
    static let scripts: [String] = {
        guard let folder, let files = FileManager.default.enumerator(atPath: folder.path) else { return [] }
        return files.compactMap { $0 as? String }.filter { $0.hasSuffix(".wast") && $0 != "async/cancellable.wast" }.sorted()
    }()

    struct Command: Decodable {
        var type: String
        var line: Int
        var filename: String?
        var module_type: String?
        var text: String?
    }

    /// The commands of a script, and the binaries that they name.
    static func commands(of script: String) throws -> [(command: Command, bytes: [UInt8]?)] {
        guard let folder, let wasmTools else { return [] }
        let output = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: output) }
        let json = output.appending(path: "script.json")
        let process = Process()
        process.executableURL = wasmTools
        process.arguments = [
            "json-from-wast", folder.appending(path: script).path, "-o", json.path, "--wasm-dir", output.path,
        ]
        try process.run()
        process.waitUntilExit()
        struct Script: Decodable { var commands: [Command] }
        let decoded = try JSONDecoder().decode(Script.self, from: Data(contentsOf: json))
        return try decoded.commands.map { command in
            guard command.module_type == "binary", let name = command.filename else { return (command, nil) }
            return (command, [UInt8](try Data(contentsOf: output.appending(path: name))))
        }
    }
}

extension Suite {
    /// Turns text into bytes and decodes them.
    static func component(_ text: String) throws -> Component {
        guard let wasmTools else { throw CocoaError(.fileNoSuchFile) }
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let input = folder.appending(path: "component.wat")
        let output = folder.appending(path: "component.wasm")
        try Data(text.utf8).write(to: input)
        let process = Process()
        process.executableURL = wasmTools
        process.arguments = ["parse", input.path, "-o", output.path]
        try process.run()
        process.waitUntilExit()
        return try Component.decode(source: ByteSource([UInt8](try Data(contentsOf: output))))
    }
}
