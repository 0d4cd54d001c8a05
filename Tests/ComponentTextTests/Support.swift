import ComponentText
import Foundation
import InternalUtilities
import WasmBinary
import WasmText

/// The public component-model suite.
enum Suite {
    static let root: URL? = {
        let named = ProcessInfo.processInfo.environment["APUS_SUITES"].map { URL(fileURLWithPath: $0) }
        let package = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let root = (named ?? package.deletingLastPathComponent().appendingPathComponent("shared/suites"))
            .appendingPathComponent("component-model")
        return FileManager.default.fileExists(atPath: root.path) ? root : nil
    }()

    /// All scripts, by their paths below the root.
    static let scripts: [String] = {
        guard let root, let paths = try? FileManager.default.subpathsOfDirectory(atPath: root.path) else { return [] }
        return paths.filter { $0.hasSuffix(".wast") }.sorted()
    }()

    /// The binaries of a script's components that are text, with their lines, in order.
    static func components(of script: String) throws -> [(line: Int, bytes: [UInt8])] {
        guard let root else { return [] }
        let text = Array(try Data(contentsOf: root.appendingPathComponent(script)))
        return try Script.parse(text, components: ScriptComponents.self).commands.compactMap { command -> (line: Int, bytes: [UInt8])? in
            switch command.kind {
            case .module(let module, _), .moduleDefinition(let module, _), .assertInvalid(let module, _),
                .assertUninstantiable(let module, _), .assertUnlinkable(let module, _):
                guard case .binary(let bytes) = module.contents else { return nil }
                return (command.line, bytes)
            default: return nil
            }
        }
    }
}

/// A component's text as a binary.
func encode(_ text: String) throws -> [UInt8] {
    try TextComponent.encode(Array(text.utf8))
}

/// The message of the error that a text ends with.
func refusal(_ text: String) -> String {
    do {
        _ = try encode(text)
        return "accepted"
    } catch let error as TextError {
        return error.message
    } catch {
        return "\(error)"
    }
}

func print(_ bytes: [UInt8]) throws -> String {
    String(decoding: try ComponentPrinter.text(of: ByteSource(bytes)), as: UTF8.self)
}

extension [UInt8] {
    var hexadecimal: String { map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined(separator: " ") }
}
