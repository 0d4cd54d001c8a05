// The public core suite, one case a script.

import Foundation
import Synchronization
import Testing
import WASTRunner
import WasmEngine
import WasmText

/// What came out of all scripts, printed when the process ends.
final class SuiteTotals: Sendable {
    static let shared = SuiteTotals()
    fileprivate let counts = Mutex<[String: Int]>([:])

    func add(_ key: String, _ count: Int) {
        counts.withLock { $0[key, default: 0] += count }
    }

    var text: String {
        counts.withLock { counts in counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ") }
    }
}

@Suite("The core suite")
struct CoreSuiteTests {
    private static let engine = Engine()
    /// A thread of its own: the tests themselves hold all those of the shared queues.
    private static let clock = DispatchQueue(label: "deadlines")

    @Test("is there", .enabled(if: Suites.absence != nil))
    func absence() {
        print("SKIPPED: \(Suites.absence ?? "")")
    }

    @Test("passes", arguments: Suites.coreScripts)
    func script(_ name: String) throws {
        let core = try #require(Suites.core)
        let commands = try Script.parse(Array(try Data(contentsOf: core.appendingPathComponent(name)))).commands
        var runner = try ScriptRunner(engine: Self.engine)
        // A command that never ends is a failure, not a test run that never ends.
        let handle = runner.interruptHandle
        let watch = DispatchWorkItem { handle.interrupt() }
        Self.clock.asyncAfter(deadline: .now() + 600, execute: watch)
        defer { watch.cancel() }

        var passed = 0
        var unsupported: [String: Int] = [:]
        var expectedFailures = KnownFailures.shared.failures[name] ?? [:]
        for command in commands {
            switch runner.run(command) {
            case .passed:
                passed += 1
                if let reason = expectedFailures[command.line] {
                    Issue.record("\(name):\(command.line) passes, but is listed as a known failure: \(reason)")
                    expectedFailures[command.line] = nil
                }
            case .unsupported(let what): unsupported[what, default: 0] += 1
            case .failed(let why):
                if expectedFailures.removeValue(forKey: command.line) == nil {
                    Issue.record("\(name):\(command.line): \(why)")
                    SuiteTotals.shared.add("failed", 1)
                } else {
                    SuiteTotals.shared.add("known failures", 1)
                }
            }
        }
        for (line, _) in expectedFailures {
            Issue.record("\(name):\(line) is listed as a known failure, but nothing fails there")
        }
        let unsupportedCount = unsupported.values.reduce(0, +)
        if let reason = KnownFailures.shared.unsupported[name] {
            if unsupportedCount == 0 { Issue.record("\(name) is listed as unsupported (\(reason)), but everything of it runs") }
        } else {
            for (what, count) in unsupported { Issue.record("\(name): \(count) commands need: \(what)") }
        }
        if unsupportedCount > 0 { print("\(name): \(passed) passed, \(unsupportedCount) unsupported") }
        SuiteTotals.shared.add("scripts", 1)
        if unsupportedCount > 0 { SuiteTotals.shared.add("scripts with unsupported parts", 1) }
        SuiteTotals.shared.add("passed", passed)
        SuiteTotals.shared.add("unsupported", unsupportedCount)
        if SuiteTotals.shared.isComplete { print("core suite: \(SuiteTotals.shared.text)") }
        fflush(nil)
    }
}

extension SuiteTotals {
    /// Whether all scripts have been counted.
    var isComplete: Bool {
        counts.withLock { $0["scripts"] == Suites.coreScripts.count }
    }
}
