// `incoming-request` and `incoming-response` of `wasi:http/types`: the head of what arrived, and once its body.

import ComponentRuntime
import Execution

/// The body of an incoming message until the guest asks for it. If it never does, nobody reads the body.
struct UnclaimedBody: ~Copyable {
    private let message: HTTPBody.Message
    private var body: HTTPBody?
    private var isClaimed = false
    /// What counts the request that the body is the answer to.
    private let share: SharedQuotaShare?

    init(_ body: HTTPBody?, of message: HTTPBody.Message, share: SharedQuotaShare?) {
        self.body = body
        self.message = message
        self.share = share
    }

    deinit {
        body?.cancel()
    }

    /// `consume`
    mutating func claim() -> Result<Owned<IncomingBodyResource>, Nothing> {
        if isClaimed { return .failure(Nothing()) }
        isClaimed = true
        let body = body ?? HTTPBody(of: message, [])
        self.body = nil
        return .success(Owned(IncomingBodyResource(body, share: share)))
    }
}

/// `incoming-request`
final class IncomingRequestResource {
    private let request: IncomingHTTPRequest
    private var body: UnclaimedBody
    /// Made when the guest asks for them; all handles are of the same fields, which nobody can change.
    private lazy var headers = FieldsResource(arrived: request.headers)

    init(_ request: IncomingHTTPRequest) {
        self.request = request
        body = UnclaimedBody(request.body, of: .request, share: nil)
    }

    static func declare(in interface: inout HostInterface) {
        interface.resource("incoming-request", of: IncomingRequestResource.self)
        interface.function("[method]incoming-request.method") {
            (context: inout HostContext, request: Borrowed<IncomingRequestResource>) throws -> HTTPRequestMethod in
            request.object.request.method
        }
        interface.function("[method]incoming-request.path-with-query") {
            (context: inout HostContext, request: Borrowed<IncomingRequestResource>) throws -> String? in
            request.object.request.pathWithQuery
        }
        interface.function("[method]incoming-request.scheme") {
            (context: inout HostContext, request: Borrowed<IncomingRequestResource>) throws -> HTTPRequestScheme? in
            request.object.request.scheme
        }
        interface.function("[method]incoming-request.authority") {
            (context: inout HostContext, request: Borrowed<IncomingRequestResource>) throws -> String? in
            request.object.request.authority
        }
        interface.function("[method]incoming-request.headers") {
            (context: inout HostContext, request: Borrowed<IncomingRequestResource>) throws -> Owned<FieldsResource> in
            Owned(request.object.headers)
        }
        interface.function("[method]incoming-request.consume") {
            (context: inout HostContext, request: Borrowed<IncomingRequestResource>) throws
                -> Result<Owned<IncomingBodyResource>, Nothing> in
            request.object.body.claim()
        }
    }
}

/// `incoming-response`
final class IncomingResponseResource {
    private let response: IncomingHTTPResponse
    private var body: UnclaimedBody
    private lazy var headers = FieldsResource(arrived: response.headers)

    /// - Parameter share: what counts the request; it goes back when response and body are let go of.
    init(_ response: IncomingHTTPResponse, share: SharedQuotaShare?) {
        self.response = response
        body = UnclaimedBody(response.body, of: .response, share: share)
    }

    static func declare(in interface: inout HostInterface) {
        interface.resource("incoming-response", of: IncomingResponseResource.self)
        interface.function("[method]incoming-response.status") {
            (context: inout HostContext, response: Borrowed<IncomingResponseResource>) throws -> UInt16 in
            response.object.response.status
        }
        interface.function("[method]incoming-response.headers") {
            (context: inout HostContext, response: Borrowed<IncomingResponseResource>) throws
                -> Owned<FieldsResource> in
            Owned(response.object.headers)
        }
        interface.function("[method]incoming-response.consume") {
            (context: inout HostContext, response: Borrowed<IncomingResponseResource>) throws
                -> Result<Owned<IncomingBodyResource>, Nothing> in
            response.object.body.claim()
        }
    }
}
