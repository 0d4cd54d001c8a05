// `outgoing-response` of `wasi:http/types`.

import ComponentRuntime
import Execution

/// `outgoing-response`
final class OutgoingResponseResource: OutgoingMessage {
    private var status: UInt16 = 200

    /// Any three digits: what is beyond 599 has no meaning of its own, but is somebody's.
    private static let statuses: ClosedRange<UInt16> = 100...999

    /// The response, to be sent; this is over then.
    func send() -> OutgoingHTTPResponse {
        OutgoingHTTPResponse(status: status, headers: headers.fields, body: takeBody())
    }

    static func declare(in interface: inout HostInterface) {
        interface.resource("outgoing-response", of: OutgoingResponseResource.self)
        interface.function("[constructor]outgoing-response") {
            (context: inout HostContext, headers: Owned<FieldsResource>) throws -> Owned<OutgoingResponseResource> in
            Owned(try OutgoingResponseResource(headers: headers.object, in: context.http))
        }
        interface.function("[method]outgoing-response.status-code") {
            (context: inout HostContext, response: Borrowed<OutgoingResponseResource>) throws -> UInt16 in
            response.object.status
        }
        interface.function("[method]outgoing-response.set-status-code") {
            (context: inout HostContext, response: Borrowed<OutgoingResponseResource>, status: UInt16) throws
                -> Result<Nothing, Nothing> in
            guard statuses.contains(status) else { return .failure(Nothing()) }
            response.object.status = status
            return .success(Nothing())
        }
        declareParts(of: "outgoing-response", OutgoingResponseResource.self, as: .response, in: &interface)
    }
}
