// What all event loops of a server share.

import HTTPTransport
import NIOCore
import Synchronization

/// The parts of a server that any thread may use.
final class ServerCore: Sendable {
    let limits: ServerLimits
    let times: ServerTimes
    let router: Router
    let metrics: ServerMetrics
    let log: ServerLog
    let accessLog: AccessLog
    let scheme: RequestScheme
    let tracing = ServerTracing()
    private let drains = Atomic(false)

    init(
        _ configuration: ServerConfiguration, router: Router, log: ServerLog, accessLog: AccessLog, metrics: ServerMetrics
    ) {
        limits = configuration.limits
        times = ServerTimes(configuration.limits)
        self.router = router
        self.log = log
        self.accessLog = accessLog
        self.metrics = metrics
        scheme = configuration.tls == nil ? .http : .https
    }

    /// Whether the server is about to end: connections are closed as soon as they are free.
    var isDraining: Bool { drains.load(ordering: .relaxed) }

    func beginDraining() { drains.store(true, ordering: .relaxed) }
}

/// Whether connections are encrypted.
enum RequestScheme: Sendable {
    case http
    case https
}

/// The limits of time, as the event loop counts it.
struct ServerTimes: Sendable {
    let request: TimeAmount
    let idle: TimeAmount
    let header: TimeAmount
    let bodyGrace: TimeAmount
    let write: TimeAmount

    init(_ limits: ServerLimits) {
        request = limits.requestTime.amount
        idle = limits.idleTime.amount
        header = limits.headerTime.amount
        bodyGrace = limits.bodyGrace.amount
        write = limits.writeTime.amount
    }
}
