// Where the public suites are.

import Foundation

/// The places that the tests of the suites depend on; the environment can name others.
enum Suites {
    private static let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func environment(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static let root = environment("APUS_SUITES").map { URL(fileURLWithPath: $0) }
        ?? package.deletingLastPathComponent().appendingPathComponent("shared/suites")

    private static func suite(_ name: String) -> URL? {
        let suite = root.appendingPathComponent(name)
        return FileManager.default.fileExists(atPath: suite.path) ? suite : nil
    }

    private static func scripts(of suite: URL) -> [String] {
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: suite.path)) ?? []
        return paths.filter { $0.hasSuffix(".wast") }.sorted()
    }

    /// The core suite; nil where it is absent.
    static let core = suite("core")

    /// The component-model suite; nil where it is absent.
    static let components = suite("component-model")

    /// Why the suite cannot be run; nil if it can.
    static var absence: String? {
        if core == nil { return "the core suite is absent (APUS_SUITES names its folder's parent)" }
        return nil
    }

    /// The scripts of the core suite, by their paths in it. What custom-descriptors adds to the format is not built.
    static let coreScripts: [String] = {
        guard absence == nil, let core else { return [] }
        return scripts(of: core).filter { !$0.hasPrefix("proposals/custom-descriptors/") }
    }()

    /// The scripts of the component-model suite, by their paths in it.
    static let componentScripts: [String] = components.map { scripts(of: $0) } ?? []
}
