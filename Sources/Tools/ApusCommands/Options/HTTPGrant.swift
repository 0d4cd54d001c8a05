// Whom a guest may make requests to, and by what client: `--allow-http` and what belongs to it. Nobody, unless it is said.

import HTTPClient
import WASIHTTP

/// What a guest is granted of other hosts.
struct HTTPGrant: Hashable, Sendable {
    var destinations: [HTTPDestinations.Pattern] = []
    var allowsAll = false
    /// Hosts that are spoken to by HTTP/2 in the clear.
    var priorKnowledge: [HTTPDestinations.Pattern] = []
    /// Files with certificates that are trusted beside the system's.
    var authorities: [String] = []
    /// The files of the client's own certificate and its key.
    var certificate: String?
    var key: String?

    static func destination(_ text: String) throws(OptionError) -> HTTPDestinations.Pattern {
        do {
            return try HTTPDestinations.Pattern(text)
        } catch {
            throw OptionError(error.description)
        }
    }

    /// What a guest gets of HTTP. Each call makes a client of its own: connections are not shared between guests with
    /// different grants.
    func configuration(
        reporting report: DenialReport, counting metrics: HTTPClientMetrics? = nil
    ) throws(Diagnostic) -> HTTPConfiguration {
        var configuration = HTTPConfiguration()
        configuration.onDenial = { host, port in
            metrics?.count(.httpRequestDenied)
            report.denied(host, port)
        }
        guard (certificate == nil) == (key == nil) else {
            throw Diagnostic(.badCommandLine, "--client-cert and --client-key belong together")
        }
        let hasTLS = !authorities.isEmpty || certificate != nil
        guard allowsAll || !destinations.isEmpty else {
            if hasTLS || !priorKnowledge.isEmpty {
                throw Diagnostic(
                    .badCommandLine, "--ca, --client-cert and --http-prior-knowledge are for requests, and none is allowed",
                    details: ["allow them by --allow-http HOST[:PORT] or --allow-http-all"])
            }
            return configuration
        }
        configuration.destinations = allowsAll ? .all : HTTPDestinations(destinations)
        var client = HTTPClientConfiguration()
        client.proxies = .ofProcess
        client.priorKnowledge = HTTPDestinations(priorKnowledge)
        client.metrics = metrics
        client.onProhibitedAddress = { host, address in report.prohibited(host, address) }
        if hasTLS {
            do {
                client.tls = try HTTPClientTLS(authorities: authorities, certificate: certificate, key: key)
            } catch {
                throw Diagnostic(.badCommandLine, error.description)
            }
        }
        configuration.outgoing = PooledHTTPClient(client)
        return configuration
    }
}
