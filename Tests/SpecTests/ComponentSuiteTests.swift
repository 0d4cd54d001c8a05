// The public component-model suite, one case a script.

import ComponentText
import Foundation
import Testing
import WASTRunner
import WasmEngine
import WasmText

@Suite("The component-model suite")
struct ComponentSuiteTests {
    private static let engine = Engine()
    /// A thread of its own: the tests themselves hold all those of the shared queues.
    private static let clock = DispatchQueue(label: "deadlines of components")

    @Test("is there", .enabled(if: Suites.components == nil))
    func absence() {
        print("SKIPPED: the component-model suite is absent (APUS_SUITES names its folder's parent)")
    }

    @Test("passes", arguments: Suites.componentScripts)
    func script(_ name: String) throws {
        let suite = try #require(Suites.components)
        let text = Array(try Data(contentsOf: suite.appendingPathComponent(name)))
        let commands = try Script.parse(text, components: ScriptComponents.self).commands
        var runner = try ScriptRunner(engine: Self.engine)
        let isLater = KnownFailures.components.unsupported[name] != nil
        // Where async functions do not run, a guest may yield to others for ever.
        let handle = runner.interruptHandle
        let watch = DispatchWorkItem { handle.interrupt() }
        Self.clock.asyncAfter(deadline: .now() + (isLater ? 5 : 600), execute: watch)
        defer { watch.cancel() }

        var expectedFailures = KnownFailures.components.failures[name] ?? [:]
        var shortfalls = 0
        for command in commands {
            let why: String
            switch runner.run(command) {
            case .passed:
                if let reason = expectedFailures.removeValue(forKey: command.line) {
                    Issue.record("\(name):\(command.line) passes, but is listed as a known failure: \(reason)")
                }
                continue
            case .unsupported(let what): why = "needs: \(what)"
            case .failed(let reason): why = reason
            }
            shortfalls += 1
            if expectedFailures.removeValue(forKey: command.line) == nil, !isLater {
                Issue.record("\(name):\(command.line): \(why)")
            }
        }
        for (line, _) in expectedFailures {
            Issue.record("\(name):\(line) is listed as a known failure, but nothing fails there")
        }
        if isLater, shortfalls == 0 { Issue.record("\(name) is listed as failing, but everything of it passes") }
        if shortfalls > 0 { print("\(name): \(commands.count - shortfalls) passed, \(shortfalls) known failures") }
    }
}
