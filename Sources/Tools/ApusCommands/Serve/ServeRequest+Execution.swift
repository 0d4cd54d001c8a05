// Serving, from the first component to the last request: the main thread waits for signals, one thread looks at files,
// and everything else is the server's.
//
//     SIGTERM, SIGINT   end: no new connections, requests under way are answered; a second one ends at once
//     SIGHUP            read the configuration, certificate, key and components again

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
    ///
    /// - Parameter reread: makes the request again, from the file that it was made of; nil if there is none.
    func execute(
        _ context: CommandContext, reread: (() throws(Diagnostic) -> ServeRequest)? = nil
    ) throws(Diagnostic) -> ExitStatus {
        DescriptorLimit.raise(to: 65_536)
        // Before any thread is made, so that none of them takes the signals.
        var signals = Self.block([SIGTERM, SIGINT, SIGHUP])
        if InstrumentationSystem.tracer is NoOpTracer { InstrumentationSystem.bootstrap(TraceContextTracer()) }
        let engine = Engine()
        let log = ServerLog()
        let clientMetrics = HTTPClientMetrics()
        let metrics = ServerMetrics(alsoTelling: { clientMetrics.exposition })
        let served = try ServedApplications(
            applications, engine: engine, log: log, metrics: metrics, clientMetrics: clientMetrics)
        let server: ComponentServer
        do {
            server = try ComponentServer(self.server, router: served.router, log: log, metrics: metrics)
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
        served.watch(watchesFiles)
        let reload = Reload(server: server, served: served, log: log, metrics: metrics)
        var current = self
        while true {
            var signal: CInt = 0
            guard unsafe sigwait(&signals, &signal) == 0 else { continue }
            guard signal == SIGHUP else { break }
            current = reload.run(from: current, reread)
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
}
