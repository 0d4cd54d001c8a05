// The WASI suite's programs for WASI 0.1, and what must come of each: a `.json` beside the program says it (the suite's
// `doc/specification.md`), or nothing is said and the program must end with 0.
import Foundation
import Testing

/// One program of the suite.
struct SuiteProgram: Sendable, CustomTestStringConvertible {
    /// Such as `rust/fd_readdir`.
    let name: String
    let path: URL
    let specification: Specification

    struct Specification: Decodable, Sendable {
        var args: [String] = []
        /// The folder beside the program that it finds at `/`.
        var root: String?
        /// Folders beside the program that it finds under their own names.
        var dirs: [String] = []
        var env: [String: String] = [:]
        var exitCode: Int32 = 0
        var stdin: String?
        var stdout: String?
        var stderr: String?

        init() {}

        private enum Keys: String, CodingKey, CaseIterable {
            case args, root, dirs, env, stdin, stdout, stderr
            case exitCode = "exit_code"
        }

        private struct AnyKey: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init?(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            // A field that is not known here might ask for what is not done.
            for key in try decoder.container(keyedBy: AnyKey.self).allKeys where Keys(rawValue: key.stringValue) == nil {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: [key], debugDescription: "the runner does not know the field '\(key.stringValue)'"))
            }
            let fields = try decoder.container(keyedBy: Keys.self)
            args = try fields.decodeIfPresent([String].self, forKey: .args) ?? []
            root = try fields.decodeIfPresent(String.self, forKey: .root)
            dirs = try fields.decodeIfPresent([String].self, forKey: .dirs) ?? []
            env = try fields.decodeIfPresent([String: String].self, forKey: .env) ?? [:]
            exitCode = try fields.decodeIfPresent(Int32.self, forKey: .exitCode) ?? 0
            stdin = try fields.decodeIfPresent(String.self, forKey: .stdin)
            stdout = try fields.decodeIfPresent(String.self, forKey: .stdout)
            stderr = try fields.decodeIfPresent(String.self, forKey: .stderr)
        }
    }

    var testDescription: String { name }
}

enum WASISuite {
    /// Where `Tests/Guests/unpack-wasi-suite` unpacks it.
    static let folder: URL = {
        let given = ProcessInfo.processInfo.environment["APUS_WASI_SUITE"]
        return given.map { URL(filePath: $0) } ?? Fixtures.package.appending(path: ".build/wasi-testsuite")
    }()

    /// Why none of it is run, if none is.
    static var absence: String? {
        if Fixtures.runtime == nil { return "there is no release build of apus" }
        return programs.isEmpty ? "\(folder.path) has no programs (Tests/Guests/unpack-wasi-suite unpacks them)" : nil
    }

    static let programs: [SuiteProgram] = {
        let tests = folder.appending(path: "wasi/tests")
        var programs: [SuiteProgram] = []
        for language in ["assemblyscript", "c", "rust"] {
            let place = tests.appending(path: "\(language)/testsuite/wasm32-wasip1")
            let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
            for name in names.sorted() where name.hasSuffix(".wasm") {
                let stem = name.dropLast(5)
                do {
                    let data = try? Data(contentsOf: place.appending(path: "\(stem).json"))
                    let specification = try data.map {
                        try JSONDecoder().decode(SuiteProgram.Specification.self, from: $0)
                    }
                    programs.append(
                        SuiteProgram(
                            name: "\(language)/\(stem)", path: place.appending(path: name),
                            specification: specification ?? SuiteProgram.Specification()))
                } catch {
                    fatalError("\(language)/\(stem).json: \(error)")
                }
            }
        }
        return programs
    }()

    /// Reasons by the names of programs that are known to fail.
    static let knownFailures: [String: String] = {
        let text = (try? String(contentsOf: Fixtures.sources.appending(path: "wasi-suite.failures"), encoding: .utf8)) ?? ""
        var failures: [String: String] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: ":", maxSplits: 1)
            failures[String(parts[0])] = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        }
        return failures
    }()
}
