// What belongs to one event loop and is told in the metrics. Nothing of it is shared while requests are served: whoever asks
// for the metrics asks the loops.

import HTTPTransport

/// What a connection speaks.
enum ConnectionProtocol: String, CaseIterable {
    /// Nothing that could be told yet: its handshake or its first bytes are still to come.
    case none
    case http1 = "http/1"
    case http2 = "h2"
}

/// The state of one event loop, or of several together.
struct LoopGauges: Sendable {
    var connections: [ConnectionProtocol: Int] = [:]
    /// Guests that have begun and not ended.
    var guests = 0
    /// Requests whose guests have not begun, for others come first.
    var waitingRequests = 0
    /// Instances that wait for a request, by the name of the application.
    var idleInstances: [String: Int] = [:]
    var renewals = RenewalCount()

    static func + (first: LoopGauges, second: LoopGauges) -> LoopGauges {
        var sum = first
        sum.connections.merge(second.connections, uniquingKeysWith: +)
        sum.guests += second.guests
        sum.waitingRequests += second.waitingRequests
        sum.idleInstances.merge(second.idleInstances, uniquingKeysWith: +)
        sum.renewals.succeeded &+= second.renewals.succeeded
        sum.renewals.failed &+= second.renewals.failed
        sum.renewals.nanoseconds &+= second.renewals.nanoseconds
        return sum
    }

    func write(into text: inout ExpositionText) {
        text.begin("apus_connections_by_protocol", .gauge, "Connections that are open, by what they speak.")
        for kind in ConnectionProtocol.allCases {
            text.sample("apus_connections_by_protocol", ["protocol": kind.rawValue], connections[kind] ?? 0)
        }
        text.add("apus_guests", .gauge, "Guests that have begun and not ended.", guests)
        text.add("apus_requests_waiting", .gauge, "Requests that wait for their turn to begin.", waitingRequests)
        text.begin("apus_instances_idle", .gauge, "Instances that wait for a request, by application.")
        for (name, count) in idleInstances.sorted(by: { $0.key < $1.key }) {
            text.sample("apus_instances_idle", ["application": name], count)
        }
        text.add(
            "apus_instances_renewed_total", .counter, "Instances made as good as new for another request.", renewals.succeeded)
        text.add(
            "apus_instances_not_renewed_total", .counter, "Instances let go of because they could not be made as good as new.",
            renewals.failed)
        text.add(
            "apus_instance_renewal_seconds_total", .counter, "Time spent on renewing instances.",
            Double(renewals.nanoseconds) / 1e9)
    }
}

/// How often instances were made as good as new.
struct RenewalCount: Sendable {
    var succeeded: UInt64 = 0
    var failed: UInt64 = 0
    var nanoseconds: UInt64 = 0
}
