// A run of a guest as the command sees it: the guest on a thread of its own, and this thread waiting for its end, for
// the time limit, or for a Ctrl-C, whichever comes first.
//
// A guest is stopped in two steps. First it is asked: its code at the next loop or call, its waits at once; that gives a
// backtrace of where it was. A guest that cannot answer, in a system call that does not end, goes down with the process.

/// Runs guests.
struct GuestSession {
    /// For loading and running together.
    var timeLimit: Duration?
    /// Whether a Ctrl-C ends the guest. Changes how the process takes SIGINT.
    var endsAtInterrupt = false

    /// How long a guest may take to stop once it is asked. Where somebody waits for the prompt that is not long; where its
    /// backtrace is to be told, a machine that is busy is given time for it.
    private static let grace = Duration.milliseconds(200)
    private static let graceForBacktrace = Duration.seconds(2)

    /// Runs `body` on a thread of its own until it reports the guest's end, or something ends the guest.
    func run(_ body: @escaping @Sendable (GuestControl) -> Void) throws(Diagnostic) -> ExitStatus {
        let events: EventPipe
        do {
            events = try EventPipe()
        } catch {
            throw Diagnostic(.failure, "cannot make a pipe: \(systemMessage(error.code))")
        }
        if endsAtInterrupt { events.receiveInterrupts() }
        let control = GuestControl(events: events)
        do {
            try GuestThread.start {
                body(control)
                control.report(.failed(Diagnostic(.failure, "internal error: the guest's end was not reported")))
            }
        } catch {
            throw Diagnostic(.failure, "cannot start a thread for the guest: \(systemMessage(error.code))")
        }
        switch events.next(timeout: timeLimit) {
        case .ended: break
        case .interrupted:
            control.stop()
            _ = events.next(timeout: Self.grace)
            return .interrupted
        case nil:
            control.stop()
            if events.next(timeout: Self.graceForBacktrace) == .interrupted { return .interrupted }
            var details: [String] = []
            if case .failed(let diagnostic) = control.ending, diagnostic.status == .trapped { details = diagnostic.details }
            let limit = timeLimit?.text ?? "its time"
            throw Diagnostic(.timedOut, "timed out: the guest did not end within \(limit)", details: details)
        }
        switch control.ending {
        case .exited(let status): return status
        case .failed(let diagnostic): throw diagnostic
        case nil: throw Diagnostic(.failure, "internal error: the guest's end was not reported")
        }
    }
}
