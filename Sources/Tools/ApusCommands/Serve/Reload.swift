// What SIGHUP asks for: the configuration file is read again, then the certificate and its key, then the components that have
// changed. Each of them stays as it was if the new one is no good, and no request is dropped for any of it.

import HTTPServer

/// Changes a server while it serves.
struct Reload {
    let server: ComponentServer
    let served: ServedApplications
    let log: ServerLog
    let metrics: ServerMetrics

    /// Answers what is served from now on.
    ///
    /// - Parameter reread: nil if there is no configuration file.
    func run(from current: ServeRequest, _ reread: (() throws(Diagnostic) -> ServeRequest)?) -> ServeRequest {
        var next = current
        do throws(Diagnostic) {
            if let reread { next = try reread() }
            // Without a file too: the files that a grant names may have changed.
            let count = try served.replace(with: next.applications)
            if reread != nil {
                metrics.configurationWasRead(isCurrent: true)
                log.note("the configuration was read again: \(next.applications.count) applications, \(count) of them changed")
            }
        } catch {
            next = current
            if reread != nil { metrics.configurationWasRead(isCurrent: false) }
            log.error("the configuration is as before: \(error.message)", details: error.details)
        }
        for name in server.change(next.server) {
            log.note("'\(name)' is as before: a change of it needs a new server")
        }
        served.watch(next.watchesFiles)
        do {
            if try server.reloadTLS() { log.note("certificate and key were read again") }
        } catch {
            if reread != nil { metrics.configurationWasRead(isCurrent: false) }
            log.error("certificate and key are as before: \(error)")
        }
        served.reloadChanged()
        return next
    }
}
