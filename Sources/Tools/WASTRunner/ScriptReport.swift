// What came of a whole script, for whoever prints or counts it.

import ComponentText
import Execution
package import WasmEngine
import WasmText

/// How the commands of a script went.
package struct ScriptReport: Sendable {
    /// What there is to say of one command.
    package struct Note: Hashable, Sendable {
        /// Of the command, counted from 1; 0 where it is the whole script that is spoken of.
        package var line: Int
        package var text: String
    }

    package private(set) var passed = 0
    /// The commands that fell short.
    package private(set) var failures: [Note] = []
    /// The commands that need what the engine does not support.
    package private(set) var unsupported: [Note] = []

    /// Whether every command passed.
    package var isComplete: Bool { failures.isEmpty && unsupported.isEmpty }

    package init() {}

    package mutating func add(_ outcome: ScriptOutcome, line: Int) {
        switch outcome {
        case .passed: passed += 1
        case .unsupported(let what): unsupported.append(Note(line: line, text: what))
        case .failed(let why): failures.append(Note(line: line, text: why))
        }
    }

    package static func + (left: ScriptReport, right: ScriptReport) -> ScriptReport {
        var sum = left
        sum.passed += right.passed
        sum.failures += right.failures
        sum.unsupported += right.unsupported
        return sum
    }
}

extension ScriptRunner {
    /// Runs a script in a store of its own, every command of it, whatever becomes of the others.
    ///
    /// A text that is no script is a report with one failure, which shows the place.
    ///
    /// - Parameter comparesMessages: whether traps and errors must say what the script says that they do.
    package static func run(_ text: [UInt8], on engine: Engine, comparesMessages: Bool = true) -> ScriptReport {
        var report = ScriptReport()
        let script: Script
        do throws(TextError) {
            script = try Script.parse(text, components: ScriptComponents.self)
        } catch {
            report.add(.failed(error.description), line: error.line)
            return report
        }
        do throws(Trap) {
            var runner = try ScriptRunner(engine: engine)
            runner.comparesMessages = comparesMessages
            for command in script.commands { report.add(runner.run(command), line: command.line) }
        } catch {
            report.add(.failed("no store could be made: \(error)"), line: 0)
        }
        return report
    }
}
