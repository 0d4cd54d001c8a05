// The making of one connection: a name is looked up, its addresses are held against the permit, one of those that are left
// is connected to, a proxy is asked for a tunnel, TLS is agreed on. What is connected to is an address that was checked;
// no name is looked up twice.

import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOSSL
import WASIHTTP

/// A connection that is being made for a request.
// Proof of Sendable: used on the loop's event loop only.
final class ConnectionAttempt: @unchecked Sendable {
    enum Made {
        case http1(HTTP1ClientConnection)
        case http2(HTTP2ClientConnection)
    }

    private let loop: ClientLoop
    private let origin: Origin
    private let timeout: TimeAmount
    private var completion: ((Result<Made, HTTPErrorCode>) -> Void)?
    private var race: AddressRace?
    private var channel: (any Channel)?
    /// Whether a name is being looked up.
    private(set) var isResolving = false

    private var eventLoop: any EventLoop { loop.eventLoop }

    /// - Parameters:
    ///   - timeout: for one address; whoever waits for the attempt keeps the time of the whole.
    ///   - completion: called once, unless the attempt is cancelled.
    init(
        to origin: Origin, on loop: ClientLoop, timeout: TimeAmount,
        completion: @escaping (Result<Made, HTTPErrorCode>) -> Void
    ) {
        self.origin = origin
        self.loop = loop
        self.timeout = timeout
        self.completion = completion
    }

    func start() {
        let route: Route
        do throws(HTTPErrorCode) {
            route = try Route(to: origin, loop.client.configuration)
        } catch {
            return end(.failure(error))
        }
        switch route {
        case .direct:
            resolveChecked { addresses in self.connect(to: addresses, port: self.origin.port) { self.secure($0) } }
        case .forwarding(let proxy):
            reach(proxy) { self.finish($0, negotiated: nil, proxy: proxy) }
        case .tunnel(let proxy, isChecked: false):
            reach(proxy) { self.tunnel($0, to: self.origin.host, by: proxy) }
        case .tunnel(let proxy, isChecked: true):
            resolveChecked { addresses in
                let target = addresses.first?.description ?? ""
                self.reach(proxy) { self.tunnel($0, to: target, by: proxy) }
            }
        }
    }

    private static func target(_ host: String, _ port: UInt16) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Gives up, without a word to whoever waits.
    func cancel() {
        completion = nil
        race?.cancel()
        race = nil
        channel?.close(promise: nil)
        channel = nil
    }

    private func end(_ result: Result<Made, HTTPErrorCode>) {
        let completion = self.completion
        self.completion = nil
        if case .failure = result { cancel() }
        channel = nil
        completion?(result)
    }

    private var isOver: Bool { completion == nil }

    // MARK: - Addresses

    /// The addresses of the origin that its permit reaches; at least one.
    private func resolveChecked(_ next: @escaping ([NetworkAddress]) -> Void) {
        resolve(origin.host) { addresses in
            let permitted = addresses.filter { self.origin.permit.permits($0) }
            guard !permitted.isEmpty else {
                if let address = addresses.first {
                    self.loop.client.configuration.onProhibitedAddress?(self.origin.host, address)
                }
                return self.end(.failure(.destinationIPProhibited))
            }
            next(permitted)
        }
    }

    private func resolve(_ name: String, _ next: @escaping ([NetworkAddress]) -> Void) {
        if let address = NetworkAddress(name) { return next([address]) }
        isResolving = true
        loop.resolve(name) { result in
            self.isResolving = false
            if self.isOver { return }
            switch result {
            case .success(let addresses): next(addresses)
            case .failure(let error): self.end(.failure(error))
            }
        }
    }

    // MARK: - Connecting

    private func connect(to addresses: [NetworkAddress], port: UInt16, _ next: @escaping (any Channel) -> Void) {
        let race = AddressRace(to: addresses, port: port, timeout: timeout, on: eventLoop) { result in
            self.race = nil
            switch result {
            case .success(let channel):
                if self.isOver { return channel.close(promise: nil) }
                self.channel = channel
                next(channel)
            case .failure(let error): self.end(.failure(error))
            }
        }
        self.race = race
        race.next()
    }

    /// Connects to a proxy, which is the operator's choice and needs no permit.
    private func reach(_ proxy: ProxyAddress, _ next: @escaping (any Channel) -> Void) {
        resolve(proxy.host) { addresses in
            self.connect(to: addresses, port: proxy.port) { channel in
                guard proxy.kind == .https else { return next(channel) }
                self.encrypt(channel, to: .proxy, named: proxy.host) { _ in next(channel) }
            }
        }
    }

    /// - Parameter host: a name, or an address without brackets.
    private func tunnel(_ channel: any Channel, to host: String, by proxy: ProxyAddress) {
        let completion = { (result: Result<Void, HTTPErrorCode>) in
            if self.isOver { return }
            switch result {
            case .success: self.secure(channel)
            case .failure(let error): self.end(.failure(error))
            }
        }
        switch proxy.kind {
        case .http, .https:
            add([TunnelHandler(to: Self.target(host, origin.port), by: proxy, completion: completion)], to: channel)
        case .socks5, .socks5h:
            do throws(HTTPErrorCode) {
                add(try SOCKSTunnel.handlers(to: host, port: origin.port, completion: completion), to: channel)
            } catch {
                end(.failure(error))
            }
        }
    }

    private func add(_ handlers: [any ChannelHandler], to channel: any Channel) {
        guard channel.isActive else { return end(.failure(.connectionTerminated)) }
        do {
            for handler in handlers { try channel.pipeline.syncOperations.addHandler(handler) }
            try beginReading(channel)
        } catch {
            end(.failure(.connectionTerminated))
        }
    }

    private func beginReading(_ channel: any Channel) throws {
        try channel.syncOptions?.setOption(.autoRead, value: true)
    }

    // MARK: - TLS

    /// The channel leads to the origin, by whatever way.
    private func secure(_ channel: any Channel) {
        if origin.scheme == .https {
            encrypt(channel, to: .origin, named: origin.host) { self.finish(channel, negotiated: $0, proxy: nil) }
        } else {
            let isHTTP2 = loop.client.configuration.speaksPlainHTTP2(origin)
            finish(channel, negotiated: isHTTP2 ? "h2" : nil, proxy: nil)
        }
    }

    /// Agrees on TLS, and goes on with what ALPN has chosen.
    private func encrypt(
        _ channel: any Channel, to peer: HTTPClientTLS.Peer, named name: String, _ next: @escaping (String?) -> Void
    ) {
        let tls = loop.client.configuration.tls
        if let context = tls.loaded(for: peer) { return encrypt(channel, context, named: name, next) }
        loop.client.threads.run(for: eventLoop) { try tls.load(for: peer) }
            .assumeIsolated()
            .whenComplete { result in
                if self.isOver { return }
                switch result {
                case .success(let context): self.encrypt(channel, context, named: name, next)
                case .failure: self.end(.failure(.configurationError))
                }
            }
    }

    private func encrypt(
        _ channel: any Channel, _ context: NIOSSLContext, named name: String, _ next: @escaping (String?) -> Void
    ) {
        // A final dot is the resolver's, and stands in no certificate.
        let name = name.hasSuffix(".") ? String(name.dropLast()) : name
        let encryption: NIOSSLClientHandler
        do {
            // The certificate for an address is held against that of the connection.
            encryption = try NIOSSLClientHandler(
                context: context, serverHostname: NetworkAddress(name) == nil ? name : nil)
        } catch {
            return end(.failure(.tlsCertificateError))
        }
        let handshake = HandshakeHandler { result in
            if self.isOver { return }
            switch result {
            case .success(let name): next(name)
            case .failure(let error): self.end(.failure(error))
            }
        }
        add([encryption, handshake], to: channel)
    }

    // MARK: - HTTP

    private func finish(_ channel: any Channel, negotiated: String?, proxy: ProxyAddress?) {
        let limits = loop.limits
        do {
            let made: Made
            switch negotiated {
            case "h2": made = .http2(try HTTP2ClientConnection.make(on: channel, limits, loop.times))
            case nil, "http/1.1": made = .http1(try HTTP1ClientConnection.make(on: channel, limits, proxy))
            default: return end(.failure(.tlsProtocolError))
            }
            try beginReading(channel)
            end(.success(made))
        } catch {
            end(.failure(.connectionTerminated))
        }
    }
}
