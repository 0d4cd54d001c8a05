// Runs the WASI suite's programs for WASI 0.1 with the built command, each in a fresh copy of its folder.
import Foundation
import Testing

@Suite(.serialized)
struct WASISuiteTests {
    @Test("is there", .enabled(if: WASISuite.absence != nil))
    func absence() {
        Issue.record("SKIPPED: \(WASISuite.absence ?? "")", severity: .warning)
    }

    @Test("passes", .enabled(if: WASISuite.absence == nil), arguments: WASISuite.programs)
    func program(_ program: SuiteProgram) throws {
        if let reason = WASISuite.knownFailures[program.name], !Fixtures.isReference {
            withKnownIssue("\(reason)") { try run(program) }
        } else {
            try run(program)
        }
    }

    @Test
    func knownFailuresAreOfTheSuite() {
        if WASISuite.absence != nil { return }
        let names = Set(WASISuite.programs.map(\.name))
        for name in WASISuite.knownFailures.keys {
            #expect(names.contains(name), "a known failure is no program of the suite")
        }
        #expect(names.count >= 70)
    }

    private func run(_ program: SuiteProgram) throws {
        guard let runtime = Fixtures.runtime else { return }
        let specification = program.specification
        let files = FileManager.default
        let folder = files.temporaryDirectory.appending(path: "apus-\(UUID().uuidString)")
        try files.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? files.removeItem(at: folder) }

        var words = ["run"]
        let beside = program.path.deletingLastPathComponent()
        for (name, guest) in specification.dirs.map({ ($0, $0) }) + (specification.root.map { [($0, "/")] } ?? []) {
            let copy = folder.appending(path: name)
            try files.copyItem(at: beside.appending(path: name), to: copy)
            words += ["--dir", "\(copy.path)::\(guest)"]
        }
        for (name, value) in specification.env.sorted(by: { $0.key < $1.key }) { words += ["--env", "\(name)=\(value)"] }
        words.append(program.path.path)

        var environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""]
        if Fixtures.isReference { environment["HOME"] = ProcessInfo.processInfo.environment["HOME"] }
        var input = Input()
        if let text = specification.stdin { input.bytes = Data(text.utf8) }
        let result = try ChildProcess(
            executable: runtime, arguments: words + specification.args, environment: environment, folder: folder,
            input: input, timeLimit: 300
        ).run()

        let output = String(decoding: result.output, as: UTF8.self)
        let errors = String(decoding: result.errors, as: UTF8.self)
        let context = "\nstandard output: \(shown(output))\nstandard error: \(shown(errors))"
        if result.timedOut { Issue.record("still running after a minute\(context)") }
        #expect(
            result.code == specification.exitCode, "exit code \(result.code), not \(specification.exitCode)\(context)")
        if let wanted = specification.stdout { #expect(output == wanted) }
        if let wanted = specification.stderr { #expect(errors == wanted) }
    }
}
