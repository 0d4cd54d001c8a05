// The client behind `wasi:http/outgoing-handler`: HTTP/1.1 and HTTP/2, with connections that are kept.
//
// It is made for the two things that a client for guests must do and one for programs need not. Each address is held against
// the request's permit before it is connected to, and a connection that was made under one permit serves no request with
// another. And where guests run on event loops, a request goes out on the loop that its guest runs on. Until the first
// request there is no thread, no socket and no TLS.

public import NIOCore
import NIOPosix
import Synchronization
public import WASIHTTP

/// Carries out the requests of guests. One client is for guests with the same grants; others have clients of their own.
/// Safe to use from any thread.
public final class PooledHTTPClient: OutgoingHTTPHandler {
    private let core: ClientCore
    private let group: (any EventLoopGroup)?
    private let loops = Mutex<[ObjectIdentifier: ClientLoop]>([:])

    /// - Parameter group: where requests go out that do not come from an event loop; nil for a thread that the client makes
    ///   when it is needed.
    public init(_ configuration: HTTPClientConfiguration = HTTPClientConfiguration(), group: (any EventLoopGroup)? = nil) {
        core = ClientCore(configuration)
        self.group = group
    }

    // Other loops than the client's own may have ended before it. What is idle there is closed when its time is over.
    deinit { closeIdle { core.owns($0) } }

    public func send(_ request: OutgoingHTTPRequest) -> FutureHTTPResponse {
        do throws(HTTPErrorCode) {
            try core.configuration.limits.check(request)
        } catch {
            request.body?.cancel()
            core.configuration.metrics?.count(error)
            return FutureHTTPResponse(.failure(error))
        }
        let loop = currentLoop()
        let clientRequest = ClientRequest(request, on: loop)
        let future = FutureHTTPResponse { clientRequest.cancelFromAnywhere() }
        loop.eventLoop.execute { clientRequest.start(future) }
        return future
    }

    /// The loop that the caller runs on, or else one of those that the client has.
    private func currentLoop() -> ClientLoop {
        let eventLoop = MultiThreadedEventLoopGroup.currentEventLoop ?? group?.any() ?? core.ownLoop()
        return loops.withLock { loops in
            if let loop = loops[ObjectIdentifier(eventLoop)] { return loop }
            let loop = ClientLoop(eventLoop, core)
            loops[ObjectIdentifier(eventLoop)] = loop
            return loop
        }
    }

    private func closeIdle(where isMeant: (any EventLoop) -> Bool = { _ in true }) {
        for loop in loops.withLock({ Array($0.values) }) where isMeant(loop.eventLoop) {
            loop.eventLoop.execute { loop.closeAll() }
        }
    }

    /// Closes the connections that are idle, and ends the threads that the client has made, with the requests under way
    /// there. Without it they end when the client and all requests do. The event loops that were used must still run.
    public func shutDown() {
        closeIdle()
        core.stop()
    }
}

/// What all event loops of a client share. It lasts as long as the client and each of its requests.
final class ClientCore: Sendable {
    let configuration: HTTPClientConfiguration
    let threads = WaitingThreads()
    /// For requests that come from no event loop.
    private let ownGroup = Mutex<MultiThreadedEventLoopGroup?>(nil)

    init(_ configuration: HTTPClientConfiguration) {
        self.configuration = configuration
    }

    deinit { stop() }

    /// A thread of the client's own, made when it is first needed.
    func ownLoop() -> any EventLoop {
        ownGroup.withLock { group in
            if let group { return group.any() }
            let made = MultiThreadedEventLoopGroup(numberOfThreads: 1)
            group = made
            return made.any()
        }
    }

    func owns(_ eventLoop: any EventLoop) -> Bool {
        ownGroup.withLock { group in group?.makeIterator().contains { $0 === eventLoop } ?? false }
    }

    func stop() {
        threads.stop()
        let group = ownGroup.withLock { group in
            defer { group = nil }
            return group
        }
        group?.shutdownGracefully { _ in }
    }
}
