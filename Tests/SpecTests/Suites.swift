// Where the public suites are.

import Foundation

/// The places that the tests of the suites depend on; the environment can name others.
enum Suites {
    private static let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func environment(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The core suite; nil where it is absent.
    static let core: URL? = {
        let root = environment("APUS_SUITES").map { URL(fileURLWithPath: $0) }
            ?? package.deletingLastPathComponent().appendingPathComponent("shared/suites")
        let core = root.appendingPathComponent("core")
        return FileManager.default.fileExists(atPath: core.path) ? core : nil
    }()

    /// Why the suite cannot be run; nil if it can.
    static var absence: String? {
        if core == nil { return "the core suite is absent (APUS_SUITES names its folder's parent)" }
        return nil
    }

    /// The scripts of the core suite, by their paths in it. What custom-descriptors adds to the format is not built.
    static let coreScripts: [String] = {
        guard absence == nil, let core else { return [] }
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: core.path)) ?? []
        return paths.filter { $0.hasSuffix(".wast") && !$0.hasPrefix("proposals/custom-descriptors/") }.sorted()
    }()
}
