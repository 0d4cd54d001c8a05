// What `outgoing-request` and `outgoing-response` of `wasi:http/types` have in common: fields, and a body that the guest may
// ask for once.

import ComponentRuntime
import Execution

/// An outgoing message until it is sent.
class OutgoingMessage {
    let headers: FieldsResource
    private let share: QuotaShare
    private var slot = OutgoingBodySlot()

    init(headers: FieldsResource, in state: HTTPState) throws(Trap) {
        share = try state.messages.take()
        headers.makeImmutable()
        self.headers = headers
    }

    deinit {
        // Nobody will send it.
        slot.body?.cancel()
    }

    /// Whether the guest has asked for the means to write the body.
    final var hasBody: Bool { slot.body != nil }

    /// Takes the body out, for the one who sends the message.
    final func takeBody() -> HTTPBody? { slot.take() }

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
            let resource = resource.object
            return resource.slot.open(
                of: message, headers: resource.headers.fields, share: resource.share, try context.http)
        }
    }
}
