// `incoming-request` and `incoming-response` of `wasi:http/types`: the head of what arrived, and once its body.

import ComponentRuntime
import Execution

/// The headers of an incoming message, made when the guest asks for them. All handles are of the same, which nobody can change.
struct ArrivedFields: ~Copyable {
    private var made: FieldsResource?

    mutating func resource(_ fields: HTTPMessageFields, in state: HTTPState) throws(Trap) -> FieldsResource {
        if let made { return made }
        let resource = try FieldsResource(arrived: fields, in: state)
        made = resource
        return resource
    }
}

/// `incoming-request`
final class IncomingRequestResource {
    private let request: IncomingHTTPRequest
    private var isConsumed = false
    private var headers = ArrivedFields()

    init(_ request: consuming IncomingHTTPRequest) {
        self.request = request
    }

    deinit {
        // If the guest never asks for the body, nobody reads it.
        if !isConsumed { cancelBody() }
    }

    /// Nobody reads the body any more.
    func cancelBody() { request.body?.cancel() }

    /// `consume`
    private func consume() -> Result<Owned<IncomingBodyResource>, Nothing> {
        IncomingBodyResource.consume(request.body, of: .request, &isConsumed)
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
            Owned(try request.object.headers.resource(request.object.request.headers, in: context.http))
        }
        interface.function("[method]incoming-request.consume") {
            (context: inout HostContext, request: Borrowed<IncomingRequestResource>) throws
                -> Result<Owned<IncomingBodyResource>, Nothing> in
            request.object.consume()
        }
    }
}

/// `incoming-response`
final class IncomingResponseResource {
    private let response: IncomingHTTPResponse
    private var isConsumed = false
    private var headers = ArrivedFields()

    init(_ response: IncomingHTTPResponse) {
        self.response = response
    }

    deinit {
        if !isConsumed { response.body?.cancel() }
    }

    /// `consume`
    private func consume() -> Result<Owned<IncomingBodyResource>, Nothing> {
        IncomingBodyResource.consume(response.body, of: .response, &isConsumed)
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
            Owned(try response.object.headers.resource(response.object.response.headers, in: context.http))
        }
        interface.function("[method]incoming-response.consume") {
            (context: inout HostContext, response: Borrowed<IncomingResponseResource>) throws
                -> Result<Owned<IncomingBodyResource>, Nothing> in
            response.object.consume()
        }
    }
}
