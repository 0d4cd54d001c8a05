// A trap as the command line shows it: what happened, and the guest's calls by name, innermost first.

import Execution
import WasmTypes

extension Diagnostic {
    /// A guest trapped.
    static func trap(_ trap: Trap) -> Diagnostic {
        Diagnostic(.trapped, "trap: \(trap.summary)", details: trap.advice + trap.backtraceLines)
    }
}

extension Trap {
    /// One line: the code's message, and what is known beyond it.
    fileprivate var summary: String {
        description.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? code.message
    }

    /// What stands behind the first line of the description, and what can be done about the trap.
    fileprivate var advice: [String] {
        var lines = description.split(separator: "\n").dropFirst().map(String.init)
        switch code {
        case .stackExhausted: lines.append("the guest's calls nest too deeply for its stack; --max-stack sets its size")
        case .resourceLimit: lines.append("--max-memory and --max-stack set limits")
        case .internalError: lines.append("this is a defect of Apus: please report it")
        default: break
        }
        return lines
    }

    /// The guest's frames, numbered; calls of the same function in a row are counted, not repeated.
    var backtraceLines: [String] {
        guard !backtrace.isEmpty else { return [] }
        var lines = ["guest backtrace, innermost first:"]
        let width = String(backtrace.count - 1).count
        func add(_ position: Int) {
            let number = String(position)
            lines.append("  " + String(repeating: " ", count: width - number.count) + "\(number): \(backtrace[position])")
        }
        var position = 0
        while position < backtrace.count {
            let end = backtrace[position...].firstIndex { $0 != backtrace[position] } ?? backtrace.count
            let isRepeated = end - position > 2
            for shown in position..<(isRepeated ? position + 1 : end) { add(shown) }
            if isRepeated { lines.append("  " + String(repeating: " ", count: width) + "  … and \(end - position - 1) more calls of it") }
            position = end
        }
        if backtrace.count >= Self.shownFrames { lines.append("  … and the calls further out") }
        return lines
    }

    /// How many frames a backtrace holds at most.
    private static let shownFrames = 64
}
