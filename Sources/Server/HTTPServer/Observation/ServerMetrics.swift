// What is counted, and its text for Prometheus (exposition format 0.0.4).

import Execution
import HTTPTransport
import NIOCore
import Synchronization

/// Counters of a server. Any thread may use them.
public final class ServerMetrics: Sendable {
    private let connections = Atomic(0)
    private let connectionsTotal = Atomic<UInt64>(0)
    private let connectionsRefused = Atomic<UInt64>(0)
    private let requests = Atomic(0)
    private let requestsRefused = Atomic<UInt64>(0)
    private let malformed = Atomic<UInt64>(0)
    private let cut = Atomic<UInt64>(0)
    private let traps = Atomic<UInt64>(0)
    private let timeouts = Atomic<UInt64>(0)
    private let sentBytes = Atomic<UInt64>(0)
    private let receivedBytes = Atomic<UInt64>(0)
    private let instances = Atomic<UInt64>(0)
    private let instanceNanoseconds = Atomic<UInt64>(0)
    private let reloads = Atomic<UInt64>(0)
    private let isConfigurationCurrent = Atomic(true)
    private let ends = ConnectionEnd.allCases.map { _ in Counter() }
    /// By the first digit of the status; 0 for those that got none.
    private let statuses = (0..<6).map { _ in Counter() }
    private let durations = DurationHistogram()
    /// What others have counted, as text.
    private let others: @Sendable () -> String

    /// - Parameter others: gives metrics that are told beside the server's, in Prometheus's text format.
    public init(alsoTelling others: @escaping @Sendable () -> String = { "" }) {
        self.others = others
    }

    // MARK: - Counting

    /// Answers whether there may be one more.
    func openConnection(limit: Int) -> Bool {
        let count = connections.add(1, ordering: .relaxed).newValue
        guard count <= limit else {
            connections.subtract(1, ordering: .relaxed)
            connectionsRefused.add(1, ordering: .relaxed)
            return false
        }
        connectionsTotal.add(1, ordering: .relaxed)
        return true
    }

    func closeConnection() { connections.subtract(1, ordering: .relaxed) }

    /// Answers whether there may be one more.
    func beginRequest(limit: Int) -> Bool {
        let count = requests.add(1, ordering: .relaxed).newValue
        guard count <= limit else {
            requests.subtract(1, ordering: .relaxed)
            countRefusedRequest()
            return false
        }
        return true
    }

    func countRefusedRequest() { requestsRefused.add(1, ordering: .relaxed) }

    func endRequest() { requests.subtract(1, ordering: .relaxed) }

    /// Requests that guests are at work on.
    var requestsUnderWay: Int { requests.load(ordering: .relaxed) }

    /// A connection that was ended.
    func count(_ end: ConnectionEnd) {
        guard let index = ConnectionEnd.allCases.firstIndex(of: end) else { return }
        ends[index].value.add(1, ordering: .relaxed)
    }

    func countMalformed() { malformed.add(1, ordering: .relaxed) }

    /// A response that had begun and could not be completed.
    func countCut() { cut.add(1, ordering: .relaxed) }

    func count(_ error: any Error, timedOut: Bool) {
        if timedOut {
            timeouts.add(1, ordering: .relaxed)
        } else {
            traps.add(1, ordering: .relaxed)
        }
    }

    func countInstance(_ duration: TimeAmount) {
        instances.add(1, ordering: .relaxed)
        instanceNanoseconds.add(UInt64(clamping: duration.nanoseconds), ordering: .relaxed)
    }

    func countResponse(status: UInt16, sent: UInt64, received: UInt64, duration: TimeAmount) {
        statuses[min(Int(status) / 100, 5)].value.add(1, ordering: .relaxed)
        sentBytes.add(sent, ordering: .relaxed)
        receivedBytes.add(received, ordering: .relaxed)
        durations.count(UInt64(clamping: duration.nanoseconds))
    }

    public func countReload() { reloads.add(1, ordering: .relaxed) }

    /// The configuration was read again.
    ///
    /// - Parameter isCurrent: whether it is the one that is served by now.
    public func configurationWasRead(isCurrent: Bool) { isConfigurationCurrent.store(isCurrent, ordering: .relaxed) }

    // MARK: - Telling

    /// All of it in Prometheus's text format.
    func exposition(_ gauges: LoopGauges) -> String {
        var text = ExpositionText()
        func add(_ name: String, _ kind: ExpositionText.Kind, _ help: String, _ value: some CustomStringConvertible) {
            text.add("apus_\(name)", kind, help, value)
        }
        func count(_ counter: borrowing Atomic<UInt64>) -> UInt64 { counter.load(ordering: .relaxed) }
        add("connections", .gauge, "Connections that are open.", connections.load(ordering: .relaxed))
        add("connections_total", .counter, "Connections accepted.", count(connectionsTotal))
        add("connections_refused_total", .counter, "Connections closed because there were too many.", count(connectionsRefused))
        text.begin(
            "apus_connections_ended_total", .counter,
            "Connections ended for what their clients did, or did not do in time, by protocol and reason.")
        for (index, end) in ConnectionEnd.allCases.enumerated() {
            text.sample(
                "apus_connections_ended_total", ["protocol": end.speech.rawValue, "reason": end.reason.rawValue],
                count(ends[index].value))
        }
        add("requests_in_progress", .gauge, "Requests that guests are at work on.", requests.load(ordering: .relaxed))
        add("requests_refused_total", .counter, "Requests answered with 503 because there were too many.", count(requestsRefused))
        add("requests_malformed_total", .counter, "Requests that were refused for their form.", count(malformed))
        add("responses_cut_total", .counter, "Responses that began and could not be completed.", count(cut))
        add("guest_failures_total", .counter, "Guests that trapped or could not be started.", count(traps))
        add("guest_timeouts_total", .counter, "Guests stopped at the time limit.", count(timeouts))
        add("request_body_bytes_total", .counter, "Bytes of bodies received.", count(receivedBytes))
        add("response_body_bytes_total", .counter, "Bytes of bodies sent.", count(sentBytes))
        add("instances_total", .counter, "Instances made.", count(instances))
        add("instance_seconds_total", .counter, "Time spent on making instances.", DurationHistogram.seconds(count(instanceNanoseconds)))
        add("reloads_total", .counter, "Components replaced while serving.", count(reloads))
        add(
            "configuration_last_reload_successful", .gauge, "Whether the configuration was valid when it was last read.",
            isConfigurationCurrent.load(ordering: .relaxed) ? 1 : 0)
        text.begin("apus_responses_total", .counter, "Responses by class of status.")
        for index in statuses.indices {
            text.sample("apus_responses_total", ["status": index == 0 ? "none" : "\(index)xx"], count(statuses[index].value))
        }
        durations.write("apus_request_seconds", "Time from a request's head to its response's end.", into: &text)
        gauges.write(into: &text)
        ProcessFigures.write(into: &text)
        return text.text + others()
    }
}
