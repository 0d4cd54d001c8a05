// What `apus wast` prints: a line for each script, under it what fell short, and totals.
//
//     memory.wast: 78 passed, 1 failed
//       memory.wast:12: returned (i32.const 2), expected (i32.const 1)

import Synchronization
import WASTRunner

/// Prints the outcomes of scripts in the order of the scripts, whichever comes first.
final class ScriptPrinter: Sendable {
    private struct State {
        /// Those that wait for one before them.
        var waiting: [Int: ScriptResult] = [:]
        var next = 0
        var scripts = 0
        var passed = 0
        var failed = 0
        var unsupported = 0
        var unreadable = 0
        var isRead = true
    }

    private let files: [String]
    private let console: Console
    private let state = Mutex(State())

    init(_ files: [String], _ console: Console) {
        self.files = files
        self.console = console
    }

    /// Takes the outcome of a script. Answers false if nobody reads what is printed any more.
    func add(_ outcome: ScriptResult, at index: Int) -> Bool {
        state.withLock { state in
            state.waiting[index] = outcome
            while let outcome = state.waiting.removeValue(forKey: state.next) {
                print(outcome, of: files[state.next], &state)
                state.next += 1
            }
            return state.isRead
        }
    }

    private func print(_ outcome: ScriptResult, of file: String, _ state: inout State) {
        switch outcome {
        case .unreadable(let diagnostic):
            state.unreadable += 1
            console.writeError(diagnostic.rendered(colored: console.colorsErrors))
        case .report(let report):
            state.scripts += 1
            state.passed += report.passed
            state.failed += report.failures.count
            state.unsupported += report.unsupported.count
            let text = "\(file.printable): \(Self.counts(report.passed, report.failures.count, report.unsupported.count))\n"
            if !console.writeOutput(text + Self.notes(report, file)) { state.isRead = false }
        }
    }

    /// Prints the totals, and says how the command ends.
    func finish() -> ExitStatus {
        state.withLock { state in
            var text = "\(state.scripts) script\(state.scripts == 1 ? "" : "s"): "
                + Self.counts(state.passed, state.failed, state.unsupported)
            if state.unreadable > 0 { text += "; \(state.unreadable) not read" }
            if state.scripts > 0, state.isRead, !console.writeOutput(text + "\n") { state.isRead = false }
            if state.unreadable > 0 { return .badFile }
            return state.failed == 0 && state.unsupported == 0 && state.isRead ? .success : .failure
        }
    }

    private static func counts(_ passed: Int, _ failed: Int, _ unsupported: Int) -> String {
        var text = "\(passed) passed"
        if failed > 0 { text += ", \(failed) failed" }
        if unsupported > 0 { text += ", \(unsupported) not supported" }
        return text
    }

    /// A line for each failure, and one for each reason of not being supported.
    private static func notes(_ report: ScriptReport, _ file: String) -> String {
        var text = ""
        func add(_ line: Int, _ note: String) {
            let lines = note.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).printable }
            text += "  \(file.printable):\(line): \(lines.joined(separator: "\n    "))\n"
        }
        for note in report.failures { add(note.line, note.text) }
        var reasons: [String: (line: Int, count: Int)] = [:]
        for note in report.unsupported { reasons[note.text, default: (note.line, 0)].count += 1 }
        for (reason, place) in reasons.sorted(by: { $0.value.line < $1.value.line }) {
            let more = place.count > 1 ? " (and \(place.count - 1) more)" : ""
            add(place.line, "not supported\(more): \(reason)")
        }
        return text
    }
}
