// What a server calls: an instance of a component of the world `wasi:http/proxy`.
//
//     let linker = ComponentLinker.wasiHTTPProxy()
//     let linked = try HTTPProxyInstance.link(component, linker)      // once
//     let store = try engine.makeStore()
//     store.setWASI(host)
//     store.setHTTP(http)
//     let instance = try HTTPProxyInstance(linked, in: store)
//     try instance.handle(request) { result in … }                    // any number of times, one after another

public import ComponentRuntime
public import Execution

/// A component that answers requests. Belongs to the thread that uses its store.
public final class HTTPProxyInstance {
    /// The interface whose `handle` is called, in the newest version that is known; the version rule finds older ones.
    public static let handlerInterface = "wasi:http/incoming-handler@\(WASIHTTPInterfaces.version)"

    public let instance: ComponentInstance

    private let function: PairFunction<Owned<IncomingRequestResource>, Owned<HTTPExchange>, Nothing>
    private let checkpoint: ComponentCheckpoint?

    public var store: Store { instance.store }

    /// Instantiates a component. The store must have been given what the component gets of WASI (`setWASI`) and of HTTP
    /// (`setHTTP`).
    ///
    /// - Parameter isRenewable: whether `renew` will be called.
    public init(_ component: LinkedComponent, in store: Store, isRenewable: Bool = false) throws(HTTPProxyError) {
        do {
            instance = try component.instantiate(in: store)
        } catch {
            throw .instantiation(error)
        }
        checkpoint = isRenewable ? instance.makeCheckpoint(component.snapshots) : nil
        do {
            function = PairFunction(
                try instance.function(
                    "handle", in: Self.handlerInterface,
                    as: ((Owned<IncomingRequestResource>, Owned<HTTPExchange>) -> Nothing).self))
        } catch {
            throw .incompatibleHandler("\(error)")
        }
    }

    /// Checks that a component is one that answers requests, and finds all that it imports. Nothing runs.
    public static func link(
        _ component: CompiledComponent, _ linker: ComponentLinker
    ) throws(HTTPProxyError) -> LinkedComponent {
        let names = component.exportNames
        guard component.exports(handlerInterface) else { throw .notAProxy(exports: names) }
        do {
            return try linker.link(component)
        } catch {
            throw .instantiation(error)
        }
    }

    /// Has the guest answer a request: calls its `handle` on this thread, or this fiber, and returns when that returns.
    /// Where the guest waits, it does so by the waiter of the store's `HostConfiguration`.
    ///
    /// The request's body may come while the guest runs, and is cancelled when the call is over. The response is given
    /// as soon as the guest gives it, which is mostly before the end of the call; what the guest writes of its body
    /// after that can be read at once. A body that the guest has not finished when the call ends has failed.
    ///
    /// - Parameters:
    ///   - informational: takes responses of status 1xx, which come before the response; without it they are refused.
    ///   - respond: called exactly once, on this thread, before this function returns or throws.
    /// - Throws: the guest's trap, with its backtrace, whether the response was given before or not. The instance cannot
    ///   be called again then, and its store is to be let go of.
    public func handle(
        _ request: consuming IncomingHTTPRequest, informational: (@Sendable (InformationalHTTPResponse) -> Void)? = nil,
        respond: @escaping @Sendable (Result<OutgoingHTTPResponse, HTTPResponseFailure>) -> Void
    ) throws(Trap) {
        let exchange = HTTPExchange(answersHead: request.method == .head, informational: informational, respond: respond)
        let incoming = IncomingRequestResource(request)
        defer { incoming.cancelBody() }
        do throws(Trap) {
            _ = try function(Owned(incoming), Owned(exchange))
        } catch {
            exchange.end(error)
            throw error
        }
        exchange.end(nil)
    }

    /// Makes the instance as good as new, with nothing left of the requests that it has answered; what it gets of WASI and
    /// HTTP is to be given to the store anew. Answers false where that cannot be done: the instance was not made for it, has
    /// trapped, or had asked the host for something while it was made.
    public func renew() -> Bool {
        guard let checkpoint else { return false }
        return instance.restore(checkpoint)
    }

    /// Gives back memory that the instance does not need until it is called again; the next call takes a little longer.
    /// Only for an instance that was renewed and not called since.
    public func rest() {
        if let checkpoint { instance.rest(checkpoint) }
    }

    /// Why the instance cannot be called any more; nil if it can.
    public var fault: Trap? { instance.fault }
}

/// Why a component does not answer requests.
public enum HTTPProxyError: Error {
    /// The component does not export `wasi:http/incoming-handler`, but these.
    case notAProxy(exports: [String])
    /// What the component exports as `handle` is something else.
    case incompatibleHandler(String)
    case instantiation(ComponentInstantiationError)

    /// The trap, where one is the reason.
    public var trap: Trap? {
        if case .instantiation(let error) = self { error.trap } else { nil }
    }
}

extension HTTPProxyError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notAProxy(let exports):
            "the component does not export wasi:http/incoming-handler; it exports "
                + (exports.isEmpty ? "nothing" : exports.joined(separator: ", "))
        case .incompatibleHandler(let reason): "`handle` of `\(HTTPProxyInstance.handlerInterface)`: \(reason)"
        case .instantiation(let error): "\(error)"
        }
    }
}
