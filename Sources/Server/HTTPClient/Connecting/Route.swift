// The way to a host: straight, or by a proxy.
//
// A proxy looks up names by itself, so the addresses that a name leads to are out of our sight. Where the grant spells the
// host out, or is for all, it may lead anywhere and that is no matter. Where only a wildcard grants it, the name is looked up
// here, and the proxy is asked for a tunnel to the address that was found to be in order: asked for the name, it could find
// another.

import WASIHTTP

/// How requests to an origin get there.
enum Route {
    case direct
    /// The proxy is given the whole URI, and makes the request itself.
    case forwarding(ProxyAddress)
    /// The proxy is asked for a connection. The address is looked up, if `isChecked`.
    case tunnel(ProxyAddress, isChecked: Bool)

    init(to origin: Origin, _ configuration: HTTPClientConfiguration) throws(HTTPErrorCode) {
        switch configuration.proxies.choice(scheme: origin.scheme, host: origin.host, port: origin.port) {
        case .none: self = .direct
        case .unusable: throw .configurationError
        case .proxy(let proxy):
            // Who answers could not be told from the proxy: a certificate for an address is held against that of the
            // connection.
            if origin.scheme == .https, NetworkAddress(origin.host) != nil { throw .configurationError }
            let isChecked = !origin.permit.permitsEveryAddress || proxy.kind == .socks5
            let isForwarded: Bool
            switch proxy.kind {
            case .http, .https: isForwarded = origin.scheme == .http && !configuration.speaksPlainHTTP2(origin)
            case .socks5, .socks5h: isForwarded = false
            }
            self = isForwarded && !isChecked ? .forwarding(proxy) : .tunnel(proxy, isChecked: isChecked)
        }
    }
}
