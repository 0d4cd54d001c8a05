// The server: listens, spreads connections over event loops, and ends in good order.
//
// One socket accepts for all loops and deals connections out in turn. With a socket for each loop (`SO_REUSEPORT`) the
// system would deal them by their addresses, and few connections would often all be one loop's.

import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Answers HTTP requests with components. Any thread but an event loop's may use it.
public final class ComponentServer: Sendable {
    private struct State {
        var listeners: [any Channel] = []
        var administration: (any Channel)?
        var socketFiles: [SocketFile] = []
        /// What is served by now.
        var configuration: ServerConfiguration
        var core: ServerCore
    }

    /// What it began with.
    private let configuration: ServerConfiguration
    private let core: ServerCore
    private let group: MultiThreadedEventLoopGroup
    private let loops: [ObjectIdentifier: ServerLoop]
    private let credentials: TLSCredentials?
    private let state: Mutex<State>

    /// Reads the TLS files, and listens nowhere yet.
    public init(
        _ configuration: ServerConfiguration, router: Router, log: ServerLog, metrics: ServerMetrics = ServerMetrics()
    ) throws {
        self.configuration = configuration
        credentials = try configuration.tls.map { try TLSCredentials($0) }
        let core = ServerCore(
            configuration, router: router, log: log, accessLog: AccessLog(configuration.accessLog), metrics: metrics)
        self.core = core
        state = Mutex(State(configuration: configuration, core: core))
        group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.loops ?? System.coreCount)
        var loops: [ObjectIdentifier: ServerLoop] = [:]
        for eventLoop in group.makeIterator() { loops[ObjectIdentifier(eventLoop)] = ServerLoop(eventLoop, core) }
        self.loops = loops
    }

    // MARK: - Listening

    /// Begins to accept connections. Answers where, with the ports that the system has chosen.
    public func listen() throws -> [ListenAddress] {
        var bound: [ListenAddress] = []
        for address in configuration.addresses {
            for channel in try listen(on: address, bootstrap(address)) {
                state.withLock { $0.listeners.append(channel) }
                bound.append(Self.address(of: channel) ?? address)
            }
        }
        return bound
    }

    /// Begins to answer those who run the server, if there is an address for them. Answers it.
    public func listenForAdministration() throws -> ListenAddress? {
        guard let address = configuration.administration else { return nil }
        let core = self.core
        let loops = Array(self.loops.values)
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let operations = channel.pipeline.syncOperations
                    try operations.addHandler(IdleStateHandler(allTimeout: .seconds(60)))
                    try operations.configureHTTPServerPipeline(withErrorHandling: true)
                    try operations.addHandler(AdministrationHandler(core, loops))
                }
            }
        let channels = try listen(on: address, bootstrap)
        state.withLock { $0.administration = channels.first }
        return channels.first.flatMap { Self.address(of: $0) } ?? address
    }

    private func bootstrap(_ address: ListenAddress) -> ServerBootstrap {
        let loops = self.loops
        let credentials = self.credentials
        var bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            // Guests may run between two looks at the socket: whoever knocks is let in now.
            .serverChannelOption(.maxMessagesPerRead, value: 256)
            .serverChannelInitializer { [core] channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(AcceptWitness(core.log)) }
            }
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let loop = loops[ObjectIdentifier(channel.eventLoop)] else { throw ChannelError.eof }
                    try ConnectionPipeline(loop: loop, tls: credentials?.context).configure(channel)
                }
            }
        if case .internet = address {
            bootstrap = bootstrap.childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
        }
        return bootstrap
    }

    private func listen(on address: ListenAddress, _ bootstrap: ServerBootstrap) throws -> [any Channel] {
        do {
            switch address {
            case .internet(let host, let port): return [try bootstrap.bind(host: host, port: port).wait()]
            case .unix(let path):
                try checkThatNobodyListens(path)
                let channel = try bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).wait()
                if let file = SocketFile(path) { state.withLock { $0.socketFiles.append(file) } }
                return [channel]
            case .systemd(let name):
                return try SystemdSockets.descriptors(named: name).map { try bootstrap.withBoundSocket($0).wait() }
            }
        } catch let error as ListenError {
            throw error
        } catch let error as IOError {
            throw ListenError("cannot listen on \(address): \(ListenError.message(error.errnoCode))")
        } catch is UnixDomainSocketPathWrongType {
            throw ListenError("cannot listen on \(address): there is a file, and it is no socket")
        } catch let error as SocketAddressError.UnknownHost {
            throw ListenError("cannot listen on \(address): \(error.errorDescription)")
        } catch {
            throw ListenError("cannot listen on \(address): \(error)")
        }
    }

    /// A socket that nobody listens on was left by a server that did not end well, and is replaced.
    private func checkThatNobodyListens(_ path: String) throws {
        guard let other = try? ClientBootstrap(group: group).connect(unixDomainSocketPath: path).wait() else { return }
        other.close(promise: nil)
        throw ListenError("cannot listen on unix:\(path): somebody else does")
    }

    private static func address(of channel: any Channel) -> ListenAddress? {
        guard let address = channel.localAddress else { return nil }
        if let host = address.ipAddress, let port = address.port { return .internet(host: host, port: port) }
        return address.pathname.map { .unix(path: $0) }
    }

    // MARK: - While it serves

    /// Takes over what can change while requests are served: the limits, and what is written down of requests. What heads and
    /// frames are limited to, connections learn when they begin.
    ///
    /// - Returns: the names of what is as before although `configuration` says something else; a new server is needed for it.
    public func change(_ configuration: ServerConfiguration) -> [String] {
        let core = state.withLock { state in
            let files = configuration.tls ?? state.configuration.tls
            state.configuration = configuration
            state.configuration.tls = files
            state.core = ServerCore(state.core, configuration)
            return state.core
        }
        for loop in loops.values { loop.eventLoop.execute { loop.change(core) } }
        let former = self.configuration
        var kept: [String] = []
        if former.addresses != configuration.addresses { kept.append("addresses") }
        if former.administration != configuration.administration { kept.append("admin") }
        if former.loops != configuration.loops { kept.append("threads") }
        if (former.tls == nil) != (configuration.tls == nil) { kept.append("tls") }
        return kept
    }

    /// Reads the certificate and the key again, from the files that the configuration names by now. Throws, and keeps what it
    /// had, if they are no good.
    ///
    /// - Returns: whether connections are encrypted at all.
    @discardableResult
    public func reloadTLS() throws -> Bool {
        guard let credentials, let files = state.withLock({ $0.configuration.tls }) else { return false }
        try credentials.reload(files)
        return true
    }

    /// Requests that guests are at work on.
    public var requestsUnderWay: Int { core.metrics.requestsUnderWay }

    // MARK: - The end

    /// Stops accepting, lets what is under way come to its end, and closes what is idle. Returns when all connections are
    /// gone, or at the deadline, when the rest is cut.
    ///
    /// - Parameter isHurried: asked now and then; true makes it the deadline.
    /// - Returns: how many connections were cut.
    public func drain(isHurried: () -> Bool = { false }) -> Int {
        core.beginDraining()
        let listeners = state.withLock { state in
            let listeners = state.listeners
            state.listeners = []
            return listeners
        }
        for listener in listeners { try? listener.close().wait() }
        for loop in loops.values { loop.eventLoop.execute { loop.drain() } }
        let clock = ContinuousClock()
        let deadline = clock.now + state.withLock { $0.configuration.limits.drainTime }
        while connectionCount > 0 || core.metrics.requestsUnderWay > 0, clock.now < deadline, !isHurried() { usleep(20_000) }
        let rest = connectionCount
        for loop in loops.values { loop.eventLoop.execute { loop.closeAll() } }
        return rest
    }

    private var connectionCount: Int {
        let counts = loops.values.map { loop in loop.eventLoop.submit { loop.connectionCount } }
        return counts.reduce(0) { sum, count in sum + ((try? count.wait()) ?? 0) }
    }

    /// Ends everything that is left and gives back the threads.
    public func shutDown() {
        let (administration, files) = state.withLock { ($0.administration, $0.socketFiles) }
        try? administration?.close().wait()
        for file in files { file.remove() }
        core.accessLog.flush()
        core.log.flush()
        try? group.syncShutdownGracefully()
    }
}
