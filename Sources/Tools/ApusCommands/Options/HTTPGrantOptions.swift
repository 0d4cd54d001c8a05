// The options for requests that guests make, as `run` and `serve` share them.

import ArgumentParser
import WASIHTTP

struct HTTPGrantOptions: ParsableArguments {
    @Option(
        name: .customLong("allow-http"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Let the guest make requests to a host, or with '*.' to all beneath a domain; at any port unless one is given. May be repeated.",
            valueName: "host[:port]"),
        transform: { try HTTPGrant.destination($0) })
    var destinations: [HTTPDestinations.Pattern] = []

    @Flag(name: .customLong("allow-http-all"), help: "Let the guest make requests to every host, this machine's own included.")
    var allowsAll = false

    @Option(
        name: .customLong("http-prior-knowledge"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Speak HTTP/2 to a host without TLS, for the guest's requests of http. May be repeated.", valueName: "host[:port]"),
        transform: { try HTTPGrant.destination($0) })
    var priorKnowledge: [HTTPDestinations.Pattern] = []

    @Option(
        name: .customLong("ca"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Trust the certificates in a file, in PEM, beside the system's, for the guest's requests. May be repeated.",
            valueName: "file"),
        completion: .file())
    var authorities: [String] = []

    @Option(
        name: .customLong("client-cert"), parsing: .unconditional,
        help: ArgumentHelp("The certificate and its chain, in PEM, that the guest's requests are made with.", valueName: "file"),
        completion: .file())
    var certificate: String?

    @Option(
        name: .customLong("client-key"), parsing: .unconditional,
        help: ArgumentHelp("The key of --client-cert, in PEM.", valueName: "file"), completion: .file())
    var key: String?

    var grant: HTTPGrant {
        var grant = HTTPGrant()
        grant.destinations = destinations
        grant.allowsAll = allowsAll
        grant.priorKnowledge = priorKnowledge
        grant.authorities = authorities
        grant.certificate = certificate
        grant.key = key
        return grant
    }
}
