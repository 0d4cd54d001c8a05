// One request that a guest is to answer, and the answer: what stands behind `response-outparam`.

public import Execution
import Synchronization

/// A response of status 1xx, which comes before the response itself.
public struct InformationalHTTPResponse: Sendable {
    /// From 100 to 199.
    public let status: UInt16
    public let headers: HTTPMessageFields
}

/// Why a guest gave no response.
public enum HTTPResponseFailure: Error, Sendable {
    /// It said so itself.
    case guest(HTTPErrorCode)
    /// It returned, or gave up the means to answer, without having answered.
    case notSet
    /// It trapped before it had answered.
    case trap(Trap)

    /// The status to answer with in its place.
    public var recommendedStatus: UInt16 {
        if case .guest(let code) = self { code.recommendedStatus } else { 500 }
    }
}

extension HTTPResponseFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .guest(let code): "the guest answered with the error \(code)"
        case .notSet: "the guest returned without calling `response-outparam.set`"
        case .trap(let trap): "the guest trapped: \(trap)"
        }
    }
}

/// The means to answer one request, once.
final class HTTPExchange: Sendable {
    typealias Respond = @Sendable (Result<OutgoingHTTPResponse, HTTPResponseFailure>) -> Void

    private struct State {
        var respond: Respond?
        /// The body of the response that was given.
        var body: HTTPBody?
        /// What all informational responses count for.
        var informationalSize = 0
    }

    /// Nobody holds up a guest that sends them to a client that does not read.
    private static let mostInformational = 128 << 10

    private let method: HTTPRequestMethod
    private let informational: (@Sendable (InformationalHTTPResponse) -> Void)?
    private let state: Mutex<State>

    init(
        method: HTTPRequestMethod, informational: (@Sendable (InformationalHTTPResponse) -> Void)?,
        respond: @escaping Respond
    ) {
        self.method = method
        self.informational = informational
        state = Mutex(State(respond: respond))
    }

    /// Gives the answer; only the first one counts.
    func answer(_ result: Result<OutgoingHTTPResponse, HTTPResponseFailure>) {
        guard case .success(let response) = result else { return give(result, body: nil) }
        if response.status < 200 {
            // This cannot be the end of it, and there is no other way to say so: `set` has no result.
            response.body?.fail(.httpProtocolError)
            return give(.failure(.guest(.httpProtocolError)), body: nil)
        }
        if method == .head || response.status == 304 {
            response.body?.waiveLength()
        } else if response.body == nil, let length = response.headers.contentLength, length > 0 {
            // Bytes are announced, and the guest has not even asked for the means to write them.
            let body = HTTPBody(of: .response, length: length, capacity: 1, isGuestWritten: true)
            body.finish()
            let empty = OutgoingHTTPResponse(status: response.status, headers: response.headers, body: body)
            return give(.success(empty), body: body)
        }
        give(result, body: response.body)
    }

    private func give(_ result: Result<OutgoingHTTPResponse, HTTPResponseFailure>, body: HTTPBody?) {
        var respond: Respond?
        state.withLock { state in
            respond = state.respond.take()
            if respond != nil { state.body = body }
        }
        respond?(result)
    }

    /// Sends a response of status 1xx.
    func inform(_ response: InformationalHTTPResponse) throws(HTTPErrorCode) {
        guard let informational else { throw .internalError("informational responses are not supported") }
        let isWithinLimit = state.withLock { state in
            state.informationalSize += response.headers.size + 32
            return state.informationalSize <= Self.mostInformational
        }
        guard isWithinLimit else {
            throw .internalError("informational responses of more than \(Self.mostInformational) bytes")
        }
        informational(response)
    }

    /// To be called when the guest's call is over. What it has not done it will not do.
    func end(_ trap: Trap?) {
        var respond: Respond?
        var body: HTTPBody?
        state.withLock { state in
            respond = state.respond.take()
            body = state.body.take()
        }
        respond?(.failure(trap.map { .trap($0) } ?? .notSet))
        guard let body, !body.isEnded else { return }
        let reason = trap.map { "the guest trapped: \($0)" } ?? "the guest returned without finishing the body"
        body.fail(.internalError(reason))
    }
}
