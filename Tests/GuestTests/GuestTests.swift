// Runs the guests of Tests/Guests with the built command, a test for each case. Timings are no part of them, but for
// the limit that ends a command that hangs.
import Foundation
import Testing

@Suite(.serialized)
struct GuestTests {
    @Test(.enabled(if: Fixtures.runtime != nil, "there is no release build of apus"), arguments: Fixtures.cases(in: "cases"))
    func guest(_ guestCase: GuestCase) throws { try check(guestCase) }

    @Test(
        .enabled(if: Fixtures.runtime != nil, "there is no release build of apus"),
        arguments: Fixtures.cases(in: "command-line"))
    func commandLine(_ guestCase: GuestCase) throws { try check(guestCase) }

    @Test
    func namesAreUnique() {
        let names = (Fixtures.cases(in: "cases") + Fixtures.cases(in: "command-line")).map(\.testDescription)
        #expect(Set(names).count == names.count)
        #expect(names.count > 100)
    }

    /// Says, without failing, which cases were not run.
    @Test
    func skipped() {
        var casesByReason: [String: [String]] = [:]
        for guestCase in Fixtures.cases(in: "cases") + Fixtures.cases(in: "command-line") {
            if let reason = guestCase.reasonToSkip { casesByReason[reason, default: []].append(guestCase.testDescription) }
        }
        for (reason, cases) in casesByReason.sorted(by: { $0.key < $1.key }) {
            Issue.record("\(cases.count) cases skipped, \(reason): \(cases.joined(separator: "; "))", severity: .warning)
        }
    }

    private func check(_ guestCase: GuestCase) throws {
        guard let runtime = Fixtures.runtime else { return }
        if let reason = guestCase.reasonToSkip { try Test.cancel("\(reason)") }
        if let reason = guestCase.knownFailure, !Fixtures.isReference {
            withKnownIssue("\(reason)") { try run(guestCase, with: runtime) }
        } else {
            try run(guestCase, with: runtime)
        }
    }

    private func run(_ guestCase: GuestCase, with runtime: URL) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "apus-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (path, contents) in guestCase.files.sorted(by: { $0.key < $1.key }) {
            try contents.write(to: folder.appending(path: path))
        }
        var environment = guestCase.hostEnvironment
        environment["PATH"] = ProcessInfo.processInfo.environment["PATH"]
        // The reference keeps what it compiled in its home.
        if Fixtures.isReference { environment["HOME"] = ProcessInfo.processInfo.environment["HOME"] }
        let result = try ChildProcess(
            executable: runtime, arguments: guestCase.commandLine, environment: environment, folder: folder,
            input: guestCase.input, timeLimit: guestCase.timeLimit, interruptAfter: guestCase.interruptAfter,
            closeOutputAfter: guestCase.closeOutputAfter
        ).run()

        let errors = String(decoding: result.errors, as: UTF8.self)
        let context = "\nstandard error: \(shown(errors))"
        if result.timedOut { Issue.record("still running after \(guestCase.timeLimit) seconds\(context)") }
        if let limit = guestCase.memoryLimit {
            #expect(result.peakMemory <= limit << 20, "\(result.peakMemory >> 20) MB in memory, at most \(limit) allowed")
        }
        let allowed = guestCase.exit.codes
        #expect(allowed.contains(result.code), "exit code \(result.code), not \(allowed)\(context)")
        let deviations = Fixtures.isReference ? [] : guestCase.deviations
        for complaint in try guestCase.output.complaints(
            about: result.output, input: guestCase.input.bytes, deviations: deviations)
        {
            Issue.record("standard output: \(complaint)\(context)")
        }
        for complaint in try guestCase.errors.complaints(about: result.errors, input: guestCase.input.bytes) {
            Issue.record("standard error: \(complaint)")
        }
        for (path, text) in guestCase.afterwards.sorted(by: { $0.key < $1.key }) {
            let found = try? String(contentsOf: folder.appending(path: path), encoding: .utf8)
            #expect(found == text, "\(path) afterwards\(context)")
        }
    }
}

extension GuestCase {
    /// The fixtures that it needs.
    var guests: [String] {
        var names = guest.map { [$0] } ?? []
        for word in command ?? [] { names += word.matches(of: /\{guest:([^}]+)\}/).map { String($0.1) } }
        for case .guest(let name, _) in files.values { names.append(name) }
        return names
    }

    /// Why it is not run, if it is not.
    var reasonToSkip: String? {
        for guest in guests where !FileManager.default.fileExists(atPath: Fixtures.place(of: guest).path) {
            return "\(guest).wasm is not built (Tests/Guests/build builds it)"
        }
        guard Fixtures.isReference else { return nil }
        if command != nil { return "the reference's command line is another" }
        if directories.contains(where: { $0.readOnly == true }) { return "the reference has no read-only directories" }
        return notForReference.map { "not for the reference: \($0)" }
    }

    var commandLine: [String] {
        if let command {
            return command.map { word in
                word.replacing(/\{guest:([^}]+)\}/) { Fixtures.place(of: String($0.1)).path }
            }
        }
        var words = ["run"] + options
        for directory in directories {
            let mapping = directory.guest.map { "\(directory.host)::\($0)" } ?? directory.host
            words += ["--dir", directory.readOnly == true ? "\(mapping):ro" : mapping]
        }
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
            words += ["--env", value.map { "\(name)=\($0)" } ?? name]
        }
        words.append(Fixtures.place(of: guest ?? "").path)
        return words + arguments
    }
}

extension GuestCase.Exit {
    var codes: [Int32] {
        switch self {
        case .code(let code): [code]
        case .any(let codes): codes
        // The reference ends with 1 where its host, not the guest's code, made the trap.
        case .trap: Fixtures.isReference ? [134, 1] : [134]
        }
    }
}
