// What is counted of the requests that guests make, and its text for Prometheus (exposition format 0.0.4).

import HTTPTransport
import NIOCore
import Synchronization
package import WASIHTTP

/// Counters of one client or several. Any thread may use them.
public final class HTTPClientMetrics: Sendable {
    private let underWay = Atomic(0)
    /// By the first digit of the status.
    private let statuses = (0..<10).map { _ in Counter() }
    private let errors = Mutex<[String: UInt64]>([:])
    private let cancelled = Counter()
    private let retries = Counter()
    private let connections = Atomic(0)
    private let connectionsTotal = Counter()
    private let idle = Atomic(0)
    private let durations = DurationHistogram()

    public init() {}

    // MARK: - Counting

    func began() { underWay.add(1, ordering: .relaxed) }

    /// A request is over. With neither a status nor an error it was not wanted any more.
    func ended(status: UInt16?, _ error: HTTPErrorCode?, after duration: TimeAmount) {
        underWay.subtract(1, ordering: .relaxed)
        durations.count(UInt64(clamping: duration.nanoseconds))
        if let error {
            count(error)
        } else if let status {
            statuses[min(Int(status) / 100, 9)].count()
        } else {
            cancelled.count()
        }
    }

    /// A request came to nothing before it was begun.
    package func count(_ error: HTTPErrorCode) { errors.withLock { $0[error.name, default: 0] += 1 } }

    func countRetry() { retries.count() }

    func connectionOpened() {
        connections.add(1, ordering: .relaxed)
        connectionsTotal.count()
    }

    func connectionClosed() { connections.subtract(1, ordering: .relaxed) }

    func changeIdle(by difference: Int) { idle.add(difference, ordering: .relaxed) }

    // MARK: - Telling

    /// All counters in Prometheus's text format. Outcomes that have not occurred are left out, but for the usual ones.
    public var exposition: String {
        var text = ExpositionText()
        func add(_ name: String, _ kind: ExpositionText.Kind, _ help: String, _ value: some CustomStringConvertible) {
            text.add("apus_outgoing_\(name)", kind, help, value)
        }
        add("connections", .gauge, "Connections to other hosts that are open.", connections.load(ordering: .relaxed))
        add("connections_idle", .gauge, "Those of them that wait for a request.", idle.load(ordering: .relaxed))
        add("connections_total", .counter, "Connections made to other hosts.", connectionsTotal.current)
        add("requests_in_progress", .gauge, "Requests of guests that are under way.", underWay.load(ordering: .relaxed))
        add("retries_total", .counter, "Requests made again, on another connection.", retries.current)
        let outcomes = "apus_outgoing_requests_total"
        text.begin(outcomes, .counter, "Requests of guests by their outcome: a class of status, or an error code.")
        for digit in statuses.indices {
            let count = statuses[digit].current
            if (2...5).contains(digit) || count > 0 { text.sample(outcomes, ["outcome": "\(digit)xx"], count) }
        }
        text.sample(outcomes, ["outcome": "cancelled"], cancelled.current)
        let errors = errors.withLock { $0 }
        for (name, count) in errors.sorted(by: { $0.key < $1.key }) { text.sample(outcomes, ["outcome": name], count) }
        durations.write("apus_outgoing_request_seconds", "Time from a guest's request to its response's end.", into: &text)
        return text.text
    }
}
