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
        var position = 0
        while position < backtrace.count {
            let frame = backtrace[position]
            let end = backtrace[position...].firstIndex { $0 != frame } ?? backtrace.count
            let number = String(position)
            lines.append("  " + String(repeating: " ", count: width - number.count) + "\(number): \(frame)")
            if end - position == 2 {
                lines.append("  " + String(repeating: " ", count: width - String(position + 1).count) + "\(position + 1): \(frame)")
            } else if end - position > 2 {
                lines.append("  " + String(repeating: " ", count: width) + "  … \(end - position - 1) more calls of it")
            }
            position = end
        }
        return lines
    }
}
