// `outgoing-body` of `wasi:http/types`.

import ComponentRuntime
import WASIPreview2

/// `outgoing-body`: a body that the guest writes as a stream and ends by giving it up. One that is dropped instead is
/// incomplete, and whoever reads it is told so.
final class OutgoingBodyResource: ParentResource {
    private let body: HTTPBody
    /// What counts the message.
    private let share: SharedQuotaShare
    private var hasGivenStream = false
    private var isFinished = false
    private var childCount = 0

    init(_ body: HTTPBody, share: SharedQuotaShare) {
        self.body = body
        self.share = share
    }

    deinit {
        if !isFinished { body.fail(.internalError("the guest dropped the body without finishing it")) }
    }

    var hasChildren: Bool { childCount != 0 }

    func changeChildCount(by difference: Int) { childCount += difference }

    private func stream() -> Result<Owned<OutputStreamResource>, Nothing> {
        if hasGivenStream { return .failure(Nothing()) }
        hasGivenStream = true
        return .success(Owned(OutputStreamResource(BodyOutput(body), of: self)))
    }

    private func finish(_ trailers: HTTPMessageFields?) throws -> Result<Nothing, HTTPErrorCode> {
        try requireNoChildren()
        isFinished = true
        // More than was announced is known since the write; here it is told again.
        if let error = body.end(trailers: trailers?.asTrailers) { return .failure(error) }
        return .success(Nothing())
    }

    static func declare(in interface: inout HostInterface) {
        interface.resource("outgoing-body", of: OutgoingBodyResource.self) { body, _ in try body.requireNoChildren() }
        interface.function("[method]outgoing-body.write") {
            (context: inout HostContext, body: Borrowed<OutgoingBodyResource>) throws
                -> Result<Owned<OutputStreamResource>, Nothing> in
            body.object.stream()
        }
        interface.function("[static]outgoing-body.finish") {
            (context: inout HostContext, body: Owned<OutgoingBodyResource>, trailers: Owned<FieldsResource>?) throws
                -> Result<Nothing, HTTPErrorCode> in
            try body.object.finish(trailers?.object.fields)
        }
    }
}
