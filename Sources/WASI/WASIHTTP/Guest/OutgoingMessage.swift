// What `outgoing-request` and `outgoing-response` of `wasi:http/types` have in common: fields, and a body that the guest may
// ask for once.

import ComponentRuntime
import Execution

/// An outgoing message until it is sent.
class OutgoingMessage {
    let headers: FieldsResource
    private let share: SharedQuotaShare
    /// There is none unless the guest asks for it, which it may do once.
    private var body: HTTPBody?

    init(headers: FieldsResource, in state: HTTPState) throws(Trap) {
        share = SharedQuotaShare(try state.messages.take())
        headers.makeImmutable()
        self.headers = headers
    }

    deinit {
        // Nobody will send it.
        body?.cancel()
    }

    /// Whether the guest has asked for the means to write the body.
    final var hasBody: Bool { body != nil }

    /// Takes the body out, for the one who sends the message.
    final func takeBody() -> HTTPBody? { body.take() }

    private final func openBody(
        of message: HTTPBody.Message, _ state: HTTPState
    ) -> Result<Owned<OutgoingBodyResource>, Nothing> {
        if body != nil { return .failure(Nothing()) }
        let opened = HTTPBody(
            of: message, length: headers.fields.contentLength, capacity: state.limits.bodyCapacity, isGuestWritten: true)
        body = opened
        return .success(Owned(OutgoingBodyResource(opened, share: share)))
    }

    /// `headers` and `body` of the resource `name`.
    static func declareParts<Resource: OutgoingMessage>(
        of name: String, _ type: Resource.Type, as message: HTTPBody.Message, in interface: inout HostInterface
    ) {
        interface.function("[method]\(name).headers") {
            (context: inout HostContext, resource: Borrowed<Resource>) throws -> Owned<FieldsResource> in
            Owned(resource.object.headers)
        }
        interface.function("[method]\(name).body") {
            (context: inout HostContext, resource: Borrowed<Resource>) throws
                -> Result<Owned<OutgoingBodyResource>, Nothing> in
            resource.object.openBody(of: message, try context.http)
        }
    }
}
