// The applications of a server, which change in two ways while requests come: a component's file is written to, or the
// configuration says something else. Requests under way are finished by the application that they began with.

import HTTPClient
import HTTPServer
import Synchronization
import WasmEngine

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Applications and the router that finds them.
final class ServedApplications: Sendable {
    /// A component and the application that was made of it last.
    fileprivate struct Entry: Sendable {
        let component: ServedComponent
        var application: Application
        var fingerprint: FileFingerprint?
        /// Of the files that its grants name.
        let grants: [FileFingerprint?]
        var routes: [Route]
    }

    let router: Router
    private let entries: Mutex<[Entry]>
    /// One change at a time: what a signal asks for, the thread that watches may be about to do.
    private let isChanging = Mutex(())
    private let watches = Mutex((isWanted: false, hasThread: false))
    private let engine: Engine
    private let log: ServerLog
    private let metrics: ServerMetrics
    private let clientMetrics: HTTPClientMetrics

    /// Loads all components.
    init(
        _ requests: [ApplicationRequest], engine: Engine, log: ServerLog, metrics: ServerMetrics,
        clientMetrics: HTTPClientMetrics
    ) throws(Diagnostic) {
        self.engine = engine
        self.log = log
        self.metrics = metrics
        self.clientMetrics = clientMetrics
        var entries: [Entry] = []
        for request in requests { entries.append(try Self.load(request, engine, log, clientMetrics)) }
        router = Router(Self.routes(of: entries))
        self.entries = Mutex(entries)
    }

    private static func load(
        _ request: ApplicationRequest, _ engine: Engine, _ log: ServerLog, _ clientMetrics: HTTPClientMetrics
    ) throws(Diagnostic) -> Entry {
        let grants = request.grants.grantedFiles
        let component = try ServedComponent(request, engine: engine, log: log, metrics: clientMetrics)
        // Before the file is read: who writes to it meanwhile is noticed.
        let fingerprint = component.fingerprint
        return Entry(
            component: component, application: try component.load(), fingerprint: fingerprint, grants: grants,
            routes: request.routes)
    }

    private static func routes(of entries: [Entry]) -> [(route: Route, application: Application)] {
        entries.flatMap { entry in entry.routes.map { (route: $0, application: entry.application) } }
    }

    // MARK: - Another configuration

    /// Serves these applications instead. Those that are the same go on as they are; if any of the others is no good, nothing
    /// has changed.
    ///
    /// - Returns: how many are new or have changed.
    func replace(with requests: [ApplicationRequest]) throws(Diagnostic) -> Int {
        try isChanging.withLock { _ throws(Diagnostic) in
            var rest = entries.withLock { $0 }
            var next: [Entry] = []
            var count = 0
            for request in requests {
                if let index = rest.firstIndex(where: { $0.isMade(of: request) }) {
                    var entry = rest.remove(at: index)
                    if entry.routes != request.routes { count += 1 }
                    entry.routes = request.routes
                    next.append(entry)
                } else {
                    count += 1
                    next.append(try Self.load(request, engine, log, clientMetrics))
                }
            }
            router.replace(Self.routes(of: next))
            entries.withLock { $0 = next }
            return count
        }
    }

    // MARK: - Other files

    /// Loads the components again whose files have changed.
    func reloadChanged() {
        for entry in entries.withLock({ $0 }) {
            let fingerprint = entry.component.fingerprint
            if fingerprint != entry.fingerprint { reload(entry.application, fingerprint) }
        }
    }

    /// A component that is no good any more stays as it was, with a line in the log.
    private func reload(_ application: Application, _ fingerprint: FileFingerprint?) {
        isChanging.withLock { _ in
            let entries = entries.withLock { $0 }
            guard let index = entries.firstIndex(where: { $0.application === application }) else { return }
            var entry = entries[index]
            if fingerprint == entry.fingerprint { return }
            do throws(Diagnostic) {
                let application = try entry.component.load()
                router.replace(entry.application, with: application)
                entry.application = application
                metrics.countReload()
                log.note("\(application.name) was loaded again")
            } catch {
                log.error("\(entry.application.name) is as before: \(error.message)", details: error.details)
            }
            entry.fingerprint = fingerprint
            let changed = entry
            self.entries.withLock { $0[index] = changed }
        }
    }

    // MARK: - Watching

    /// Has the files looked at twice a second, or not any more. A file is loaded when it has stopped changing.
    func watch(_ isWanted: Bool) {
        let starts = watches.withLock { watches in
            watches.isWanted = isWanted
            if !isWanted || watches.hasThread { return false }
            watches.hasThread = true
            return true
        }
        if starts { try? GuestThread.start { self.look() } }
    }

    private func look() {
        var last: [ObjectIdentifier: FileFingerprint] = [:]
        while true {
            usleep(500_000)
            var seen: [ObjectIdentifier: FileFingerprint] = [:]
            if watches.withLock({ $0.isWanted }) {
                for entry in entries.withLock({ $0 }) {
                    let key = ObjectIdentifier(entry.application)
                    guard let now = entry.component.fingerprint else { continue }
                    if now != entry.fingerprint, now == last[key] { reload(entry.application, now) }
                    seen[key] = now
                }
            }
            last = seen
        }
    }
}

extension ServedApplications.Entry {
    /// Whether another would be no different, but for the routes and the component itself.
    func isMade(of request: ApplicationRequest) -> Bool {
        var request = request
        request.routes = component.request.routes
        return request == component.request && request.grants.grantedFiles == grants
    }
}

extension RunRequest {
    /// What the system says of the files that grants name.
    fileprivate var grantedFiles: [FileFingerprint?] {
        (http.authorities + [http.certificate, http.key].compactMap { $0 }).map { FileFingerprint(path: $0) }
    }
}
