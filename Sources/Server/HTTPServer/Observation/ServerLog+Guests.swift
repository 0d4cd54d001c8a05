// What is said of a guest that failed: the reason, the request, and the guest's own backtrace.

import Execution
import WASIHTTP

extension ServerLog {
    func guestFailed(_ application: String, _ request: String, _ error: any Error, timedOut: Bool) {
        let trap = (error as? Trap) ?? (error as? HTTPProxyError)?.trap
        var details: [String] = []
        if let trap, !trap.backtrace.isEmpty {
            details.append("guest backtrace, innermost first:")
            for (index, frame) in trap.backtrace.enumerated() { details.append("  \(index): \(frame)") }
        }
        let reason = timedOut ? "stopped at the time limit" : trap.map { "trap: \($0)" } ?? "\(error)"
        self.error("\(application): \(request): \(reason)", details: details)
    }
}
