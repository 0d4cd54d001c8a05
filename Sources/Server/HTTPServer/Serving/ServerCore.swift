// What all event loops of a server share. It does not change: when limits do, each loop gets another, which shares with the one
// before what counts and what is written to.

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
    let tracing: ServerTracing
    private let drains: DrainFlag

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
        tracing = ServerTracing()
        drains = DrainFlag()
    }

    /// The same with the limits and the access log of a configuration.
    init(_ former: ServerCore, _ configuration: ServerConfiguration) {
        limits = configuration.limits
        times = ServerTimes(configuration.limits)
        router = former.router
        log = former.log
        accessLog = AccessLog(configuration.accessLog, behind: former.accessLog)
        metrics = former.metrics
        scheme = former.scheme
        tracing = former.tracing
        drains = former.drains
    }

    /// Whether the server is about to end: connections are closed as soon as they are free.
    var isDraining: Bool { drains.isSet.load(ordering: .relaxed) }

    func beginDraining() { drains.isSet.store(true, ordering: .relaxed) }
}

private final class DrainFlag: Sendable {
    let isSet = Atomic(false)
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
    let silence: TimeAmount
    let ping: TimeAmount

    init(_ limits: ServerLimits) {
        request = limits.requestTime.amount
        idle = limits.idleTime.amount
        header = limits.headerTime.amount
        bodyGrace = limits.bodyGrace.amount
        write = limits.writeTime.amount
        silence = limits.silenceTime.amount
        ping = limits.pingTime.amount
    }
}
