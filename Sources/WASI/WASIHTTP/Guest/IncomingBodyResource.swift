// `incoming-body` and `future-trailers` of `wasi:http/types`.

import ComponentRuntime
import Execution
import WASIPreview2

/// `incoming-body`: a body whose contents are had as a stream, and whose end by giving the body up for its trailers. One
/// that is dropped is not read any more.
final class IncomingBodyResource: ParentResource {
    private let body: HTTPBody
    private var hasGivenStream = false
    private var isFinished = false
    private var childCount = 0

    init(_ body: HTTPBody) {
        self.body = body
    }

    deinit {
        if !isFinished { body.cancel() }
    }

    var hasChildren: Bool { childCount != 0 }

    func changeChildCount(by difference: Int) { childCount += difference }

    /// `consume` of a message, which gives its body once; that of a message without one is empty.
    static func consume(
        _ body: HTTPBody?, of message: HTTPBody.Message, _ isConsumed: inout Bool
    ) -> Result<Owned<IncomingBodyResource>, Nothing> {
        if isConsumed { return .failure(Nothing()) }
        isConsumed = true
        return .success(Owned(IncomingBodyResource(body ?? HTTPBody(of: message, []))))
    }

    private func stream() -> Result<Owned<InputStreamResource>, Nothing> {
        if hasGivenStream { return .failure(Nothing()) }
        hasGivenStream = true
        return .success(Owned(InputStreamResource(BodyInput(body), of: self)))
    }

    private func finish() throws -> FutureTrailersResource {
        try requireNoChildren()
        isFinished = true
        // What the guest has not read must not hold up the trailers.
        body.discardContent()
        return FutureTrailersResource(body)
    }

    static func declare(in interface: inout HostInterface) {
        interface.resource("incoming-body", of: IncomingBodyResource.self) { body, _ in try body.requireNoChildren() }
        interface.function("[method]incoming-body.stream") {
            (context: inout HostContext, body: Borrowed<IncomingBodyResource>) throws
                -> Result<Owned<InputStreamResource>, Nothing> in
            body.object.stream()
        }
        interface.function("[static]incoming-body.finish") {
            (context: inout HostContext, body: Owned<IncomingBodyResource>) throws -> Owned<FutureTrailersResource> in
            Owned(try body.object.finish())
        }
    }
}

/// `future-trailers`
final class FutureTrailersResource: ParentResource {
    private let body: HTTPBody
    private var isTaken = false
    private var childCount = 0

    init(_ body: HTTPBody) {
        self.body = body
    }

    deinit {
        body.cancel()
    }

    var hasChildren: Bool { childCount != 0 }

    func changeChildCount(by difference: Int) { childCount += difference }

    /// `get`
    private func take(
        in state: HTTPState
    ) throws(Trap) -> Result<Result<Owned<FieldsResource>?, HTTPErrorCode>, Nothing>? {
        guard let outcome = body.outcome else { return nil }
        if isTaken { return .failure(Nothing()) }
        isTaken = true
        switch outcome {
        case .success(nil): return .success(.success(nil))
        case .success(let trailers?): return .success(.success(Owned(try FieldsResource(arrived: trailers, in: state))))
        case .failure(let error): return .success(.failure(error))
        }
    }

    static func declare(in interface: inout HostInterface) {
        interface.resource("future-trailers", of: FutureTrailersResource.self) { future, _ in
            try future.requireNoChildren()
        }
        interface.function("[method]future-trailers.subscribe") {
            (context: inout HostContext, future: Borrowed<FutureTrailersResource>) throws
                -> Owned<PollableResource> in
            Owned(PollableResource(.child(future.object.body.pollable(.ended), of: future.object)))
        }
        interface.function("[method]future-trailers.get") {
            (context: inout HostContext, future: Borrowed<FutureTrailersResource>) throws
                -> Result<Result<Owned<FieldsResource>?, HTTPErrorCode>, Nothing>? in
            try future.object.take(in: context.http)
        }
    }
}
