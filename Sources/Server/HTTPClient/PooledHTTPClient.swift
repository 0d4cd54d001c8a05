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
    private struct State {
        var loops: [ObjectIdentifier: ClientLoop] = [:]
        /// The client's own thread, for requests that come from none of an event loop.
        var ownGroup: MultiThreadedEventLoopGroup?
    }

    private let core: ClientCore
    private let group: (any EventLoopGroup)?
    private let state = Mutex(State())

    /// - Parameter group: where requests go out that do not come from an event loop; nil for a thread that the client makes
    ///   when it is needed.
    public init(_ configuration: HTTPClientConfiguration = HTTPClientConfiguration(), group: (any EventLoopGroup)? = nil) {
        core = ClientCore(configuration)
        self.group = group
    }

    deinit { shutDown() }

    public func send(_ request: OutgoingHTTPRequest) -> FutureHTTPResponse {
        // A tunnel is no answer that could be given to a guest.
        if request.method == .connect {
            request.body?.cancel()
            return FutureHTTPResponse(.failure(.httpRequestMethodInvalid))
        }
        let loop = currentLoop()
        let clientRequest = ClientRequest(request, on: loop)
        let future = FutureHTTPResponse { clientRequest.cancelFromAnywhere() }
        loop.eventLoop.execute { clientRequest.start(future) }
        return future
    }

    /// The loop that the caller runs on, or else one of those that the client has.
    private func currentLoop() -> ClientLoop {
        let current = MultiThreadedEventLoopGroup.currentEventLoop
        return state.withLock { state in
            let eventLoop = current ?? group?.any() ?? Self.ownLoop(&state)
            if let loop = state.loops[ObjectIdentifier(eventLoop)] { return loop }
            let loop = ClientLoop(eventLoop, core)
            state.loops[ObjectIdentifier(eventLoop)] = loop
            return loop
        }
    }

    private static func ownLoop(_ state: inout State) -> any EventLoop {
        if let group = state.ownGroup { return group.any() }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        state.ownGroup = group
        return group.any()
    }

    /// Closes the connections that are idle, and ends the threads that the client has made. Requests under way on the
    /// client's own thread end with it.
    public func shutDown() {
        let (loops, group) = state.withLock { state in
            let taken = (Array(state.loops.values), state.ownGroup)
            state = State()
            return taken
        }
        core.threads.stop()
        for loop in loops { loop.eventLoop.execute { loop.closeAll() } }
        group?.shutdownGracefully { _ in }
    }
}

/// What all event loops of a client share.
final class ClientCore: Sendable {
    let configuration: HTTPClientConfiguration
    let threads = WaitingThreads()

    init(_ configuration: HTTPClientConfiguration) {
        self.configuration = configuration
    }
}
