import Foundation
import InternalUtilities
import WasmBinary
import WasmText
import WasmTypes
import WasmValidation

/// The public core suite.
enum Suite {
    static let root: URL? = {
        let named = ProcessInfo.processInfo.environment["APUS_SUITES"].map { URL(fileURLWithPath: $0) }
        let package = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let root = (named ?? package.deletingLastPathComponent().appendingPathComponent("shared/suites"))
            .appendingPathComponent("core")
        return FileManager.default.fileExists(atPath: root.path) ? root : nil
    }()

    /// All scripts, by their paths below the root.
    static let scripts: [String] = {
        guard let root, let paths = try? FileManager.default.subpathsOfDirectory(atPath: root.path) else { return [] }
        return paths.filter { $0.hasSuffix(".wast") }.sorted()
    }()

    static func bytes(_ script: String) throws -> [UInt8] {
        guard let root else { return [] }
        return Array(try Data(contentsOf: root.appendingPathComponent(script)))
    }
}

extension FeatureSet {
    /// Everything that the decoder has a name for.
    static let all = FeatureSet(rawValue: (1 << 19) - 1)
}

/// A module's text as a binary.
func encode(_ text: String) throws -> [UInt8] {
    try TextModule.encode(Array(text.utf8))
}

/// The message of the error that a module's text ends with.
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

func decode(_ bytes: [UInt8]) throws -> BinaryModule {
    try BinaryModule.decode(source: ByteSource(bytes), features: .all)
}

func print(_ bytes: [UInt8]) throws -> String {
    String(decoding: try ModulePrinter.text(of: try decode(bytes)), as: UTF8.self)
}
