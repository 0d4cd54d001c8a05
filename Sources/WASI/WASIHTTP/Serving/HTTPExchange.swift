// One request that a guest is to answer, and the answer: what stands behind `response-outparam`.

public import Execution

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

/// The means to answer one request, once. Belongs to the thread that the guest runs on.
final class HTTPExchange {
    typealias Respond = @Sendable (Result<OutgoingHTTPResponse, HTTPResponseFailure>) -> Void

    /// Nobody holds up a guest that sends them to a client that does not read.
    private static let mostInformational = 128 << 10

    private let answersHead: Bool
    private let informational: (@Sendable (InformationalHTTPResponse) -> Void)?
    /// Nil when the answer has been given.
    private var respond: Respond?
    /// The body of the response that was given.
    private var body: HTTPBody?
    /// What all informational responses count for.
    private var informationalSize = 0

    /// - Parameters:
    ///   - answersHead: whether the request is one for the head of the response alone.
    ///   - informational: takes responses of status 1xx; nil where they are refused.
    init(
        answersHead: Bool, informational: (@Sendable (InformationalHTTPResponse) -> Void)?, respond: @escaping Respond
    ) {
        self.answersHead = answersHead
        self.informational = informational
        self.respond = respond
    }

    /// Gives the answer; only the first one counts.
    func answer(_ response: OutgoingHTTPResponse) {
        if response.status < 200 {
            // This cannot be the end of it, and there is no other way to say so: `set` has no result.
            response.body?.fail(.httpProtocolError)
            return refuse(.guest(.httpProtocolError))
        }
        if answersHead || response.status == 304 {
            response.body?.waiveLength()
        } else if response.body == nil, let length = response.headers.contentLength, length > 0 {
            // Bytes are announced, and the guest has not even asked for the means to write them.
            let body = HTTPBody(of: .response, length: length, capacity: 1, isGuestWritten: true)
            body.finish()
            return give(OutgoingHTTPResponse(status: response.status, headers: response.headers, body: body))
        }
        give(response)
    }

    /// Says that there is no answer, unless one has been given.
    func refuse(_ failure: HTTPResponseFailure) {
        respond.take()?(.failure(failure))
    }

    private func give(_ response: OutgoingHTTPResponse) {
        guard let respond = respond.take() else { return }
        body = response.body
        respond(.success(response))
    }

    /// Sends a response of status 1xx.
    func inform(_ response: InformationalHTTPResponse) throws(HTTPErrorCode) {
        guard let informational else { throw .internalError("informational responses are not supported") }
        informationalSize += response.headers.size + 32
        guard informationalSize <= Self.mostInformational else {
            throw .internalError("informational responses of more than \(Self.mostInformational) bytes")
        }
        informational(response)
    }

    /// To be called when the guest's call is over. What it has not done it will not do.
    func end(_ trap: Trap?) {
        if respond != nil { refuse(trap.map { .trap($0) } ?? .notSet) }
        guard let body = body.take(), !body.isEnded else { return }
        let reason = trap.map { "the guest trapped: \($0)" } ?? "the guest returned without finishing the body"
        body.fail(.internalError(reason))
    }
}
