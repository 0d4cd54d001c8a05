// Serving, from the first component to the last request: the main thread waits for signals, one thread looks at files,
// and everything else is the server's.
//
//     SIGTERM, SIGINT   end: no new connections, requests under way are answered; a second one ends at once
//     SIGHUP            read certificate, key and components again

import HTTPClient
import HTTPServer
import Synchronization
import Tracing
import WasmEngine

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension ServeRequest {
    /// Serves until a signal ends it.
    func execute(_ context: CommandContext) throws(Diagnostic) -> ExitStatus {
        Self.raiseDescriptorLimit()
        // Before any thread is made, so that none of them takes the signals.
        var signals = Self.block([SIGTERM, SIGINT, SIGHUP])
        if InstrumentationSystem.tracer is NoOpTracer { InstrumentationSystem.bootstrap(TraceContextTracer()) }
        let engine = Engine()
        let log = ServerLog()
        let clientMetrics = HTTPClientMetrics()
        let metrics = ServerMetrics(alsoTelling: { clientMetrics.exposition })
        var loaded: [LoadedComponent] = []
        var routes: [(route: Route, application: Application)] = []
        for application in applications {
            let component = try ServedComponent(application, engine: engine, log: log, metrics: clientMetrics)
            let fingerprint = component.fingerprint
            let current = try component.load()
            loaded.append(LoadedComponent(component, current, fingerprint))
            routes += application.routes.map { ($0, current) }
        }
        let router = Router(routes)
        let reloader = ComponentReloader(loaded, router: router, log: log, metrics: metrics)
        let server: ComponentServer
        do {
            server = try ComponentServer(self.server, router: router, log: log, metrics: metrics)
            if let address = try server.listenForAdministration() {
                context.console.writeError("Metrics and health on \(Self.url(address, scheme: "http"))\n")
            }
            let scheme = self.server.tls == nil ? "http" : "https"
            for address in try server.listen() {
                context.console.writeError("Serving HTTP on \(Self.url(address, scheme: scheme))\n")
            }
        } catch {
            throw Diagnostic(.failure, "cannot serve: \(error)")
        }
        if watchesFiles { reloader.watch() }
        while true {
            var signal: CInt = 0
            guard unsafe sigwait(&signals, &signal) == 0 else { continue }
            if signal == SIGHUP {
                do {
                    try server.reloadTLS()
                    if self.server.tls != nil { log.note("certificate and key were read again") }
                } catch {
                    log.error("certificate and key are as before: \(error)")
                }
                reloader.reloadAll()
                continue
            }
            break
        }
        let underWay = server.requestsUnderWay
        if underWay > 0 { context.console.writeError("Ending; \(underWay) requests are under way\n") }
        let waiting = signals
        let cut = server.drain { Self.isPending(waiting) }
        server.shutDown()
        if cut > 0 { context.console.writeError("\(cut) connections were cut\n") }
        return Self.isPending(waiting) ? .interrupted : .success
    }

    private static func url(_ address: ListenAddress, scheme: String) -> String {
        switch address {
        case .internet: "\(scheme)://\(address)/"
        case .unix, .systemd: "\(address)"
        }
    }

    private static func block(_ numbers: [CInt]) -> sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for number in numbers { unsafe sigaddset(&set, number) }
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        return set
    }

    /// Whether somebody has lost patience.
    private static func isPending(_ set: sigset_t) -> Bool {
        var pending = sigset_t()
        unsafe sigpending(&pending)
        return unsafe sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1
    }

    /// A connection takes a descriptor, and the usual limit of 1024 is not many.
    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        #if canImport(Glibc)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        guard unsafe getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = min(limit.rlim_max, 65_536)
        unsafe setrlimit(resource, &limit)
    }
}

/// A component and the application that was made of it last.
struct LoadedComponent: Sendable {
    let component: ServedComponent
    var application: Application
    var fingerprint: FileFingerprint?

    init(_ component: ServedComponent, _ application: Application, _ fingerprint: FileFingerprint?) {
        self.component = component
        self.application = application
        self.fingerprint = fingerprint
    }
}

/// Loads components again. A component that is no good any more stays as it was, with a line in the log.
final class ComponentReloader: Sendable {
    private let loaded: Mutex<[LoadedComponent]>
    private let isReloading = Mutex(())
    private let router: Router
    private let log: ServerLog
    private let metrics: ServerMetrics

    init(_ loaded: [LoadedComponent], router: Router, log: ServerLog, metrics: ServerMetrics) {
        self.loaded = Mutex(loaded)
        self.router = router
        self.log = log
        self.metrics = metrics
    }

    /// Loads the components whose files have changed.
    func reloadAll() {
        for index in loaded.withLock({ $0.indices }) {
            let current = loaded.withLock { $0[index] }
            let fingerprint = current.component.fingerprint
            if fingerprint != current.fingerprint { reload(index, fingerprint) }
        }
    }

    /// One at a time: what a signal asks for, the thread that watches may be about to do.
    private func reload(_ index: Int, _ fingerprint: FileFingerprint?) {
        isReloading.withLock { _ in reloadAlone(index, fingerprint) }
    }

    private func reloadAlone(_ index: Int, _ fingerprint: FileFingerprint?) {
        let current = loaded.withLock { $0[index] }
        if fingerprint == current.fingerprint { return }
        let name = current.component.request.name
        do throws(Diagnostic) {
            let application = try current.component.load()
            router.replace(current.application, with: application)
            loaded.withLock { $0[index].application = application }
            metrics.countReload()
            log.note("\(name) was loaded again")
        } catch {
            log.error("\(name) is as before: \(error.message)", details: error.details)
        }
        loaded.withLock { $0[index].fingerprint = fingerprint }
    }

    /// Looks at the files twice a second, for ever. A file is loaded when it has stopped changing.
    func watch() {
        let count = loaded.withLock { $0.count }
        try? GuestThread.start { [self] in
            var last = [FileFingerprint?](repeating: nil, count: count)
            while true {
                usleep(500_000)
                for index in 0..<count {
                    let current = loaded.withLock { $0[index] }
                    let now = current.component.fingerprint
                    if let now, now != current.fingerprint, now == last[index] { reload(index, now) }
                    last[index] = now
                }
            }
        }
    }
}
