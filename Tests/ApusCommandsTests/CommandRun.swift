// Runs a command line in this process and keeps what it printed.
import ApusCommands
import Foundation
import Synchronization

struct CommandRun {
    let status: Int32
    let output: String
    let errors: String
    /// What was written as bytes rather than text.
    let bytes: [UInt8]

    /// `%` at the beginning of an argument, or behind `=`, stands for the folder of fixtures.
    init(_ arguments: [String], outputIsTerminal: Bool = false) {
        let texts = Texts()
        let console = Console(
            writeOutput: { text in
                texts.output.withLock { $0 += text }
                return true
            }, writeError: { text in texts.errors.withLock { $0 += text } },
            writeBytes: { bytes in
                texts.bytes.withLock { $0 += bytes }
                return true
            }, outputIsTerminal: outputIsTerminal)
        let expanded = arguments.map { argument in
            argument.hasPrefix("%")
                ? Fixtures.folder + argument.dropFirst() : argument.replacing("=%/", with: "=\(Fixtures.folder)/")
        }
        status = ApusTool.run(expanded, CommandContext(console: console, ownsProcess: false)).rawValue
        output = texts.output.withLock { $0 }
        errors = texts.errors.withLock { $0 }
        bytes = texts.bytes.withLock { $0 }
    }

    private final class Texts: Sendable {
        let output = Mutex("")
        let errors = Mutex("")
        let bytes = Mutex<[UInt8]>([])
    }
}

enum Fixtures {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures").path

    /// A file with this text, in a folder of its own.
    static func file(_ text: String, name: String) throws -> String {
        try file(Array(text.utf8), name: name)
    }

    /// A file with these bytes, in a folder of its own.
    static func file(_ bytes: [UInt8], name: String = "file.wasm") throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "apus-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let place = folder.appending(path: name)
        try Data(bytes).write(to: place)
        return place.path
    }
}
