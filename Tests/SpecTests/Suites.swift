// Where the public suites and the tool that reads their scripts are.

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

    /// `wasm-tools`, which turns scripts into JSON and binaries; nil where it is absent.
    static let wasmTools: URL? = {
        var candidates: [String] = []
        if let named = environment("APUS_WASM_TOOLS") { candidates.append(named) }
        candidates.append(package.appendingPathComponent(".build/guest-tools/bin/wasm-tools").path)
        for folder in (environment("PATH") ?? "").split(separator: ":") { candidates.append("\(folder)/wasm-tools") }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }.map { URL(fileURLWithPath: $0) }
    }()

    /// Why the suite cannot be run; nil if it can.
    static var absence: String? {
        if core == nil { return "the core suite is absent (APUS_SUITES names its folder's parent)" }
        if wasmTools == nil { return "wasm-tools is absent (APUS_WASM_TOOLS names it)" }
        return nil
    }

    /// The folders of the core suite whose scripts are run: its top level, and what stands outside of WebAssembly 3.0.
    private static let folders = [
        "", "legacy/", "proposals/threads/", "proposals/wide-arithmetic/", "proposals/custom-page-sizes/",
    ]

    /// The scripts of the core suite, by their paths in it.
    static let coreScripts: [String] = {
        guard absence == nil, let core else { return [] }
        return folders.flatMap { folder in
            let path = core.appendingPathComponent(folder).path
            let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
            return names.filter { $0.hasSuffix(".wast") }.sorted().map { folder + $0 }
        }
    }()
}
