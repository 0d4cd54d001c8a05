// `future-incoming-response` of `wasi:http/types`, and `wasi:http/outgoing-handler`.

import ComponentRuntime
import WASIPreview2

/// `future-incoming-response`. Dropping it before the response was taken ends the request.
final class FutureIncomingResponseResource: ParentResource {
    private let future: FutureHTTPResponse
    private let ticket: RequestTicket
    private var childCount = 0

    init(_ future: FutureHTTPResponse, _ ticket: RequestTicket) {
        self.future = future
        self.ticket = ticket
    }

    deinit {
        future.cancel()
        ticket.end()
    }

    var hasChildren: Bool { childCount != 0 }

    func changeChildCount(by difference: Int) { childCount += difference }

    /// `get`
    private func take() -> Result<Result<Owned<IncomingResponseResource>, HTTPErrorCode>, Nothing>? {
        switch future.take() {
        case .pending: nil
        case .takenBefore: .failure(Nothing())
        case .result(let result): .success(taken(result))
        }
    }

    private func taken(
        _ result: Result<IncomingHTTPResponse, HTTPErrorCode>
    ) -> Result<Owned<IncomingResponseResource>, HTTPErrorCode> {
        ticket.answered((try? result.get())?.body)
        return result.map { Owned(IncomingResponseResource($0)) }
    }

    static func declare(in interface: inout HostInterface) {
        declareResource(in: &interface)
        interface.function("[method]future-incoming-response.subscribe") {
            (context: inout HostContext, future: Borrowed<FutureIncomingResponseResource>) throws
                -> Owned<PollableResource> in
            Owned(PollableResource(.child(future.object.future.readiness, of: future.object)))
        }
        interface.function("[method]future-incoming-response.get") {
            (context: inout HostContext, future: Borrowed<FutureIncomingResponseResource>) throws
                -> Result<Result<Owned<IncomingResponseResource>, HTTPErrorCode>, Nothing>? in
            future.object.take()
        }
    }

    fileprivate static func declareResource(in interface: inout HostInterface) {
        interface.resource("future-incoming-response", of: FutureIncomingResponseResource.self) { future, _ in
            try future.requireNoChildren()
        }
    }
}

/// `wasi:http/outgoing-handler`
enum OutgoingHandler {
    static let interface = HostInterface(http: "outgoing-handler") { interface in
        interface.function("handle") {
            (
                context: inout HostContext, request: Owned<OutgoingRequestResource>,
                options: Owned<RequestOptionsResource>?
            ) throws -> Result<Owned<FutureIncomingResponseResource>, HTTPErrorCode> in
            handle(request.object, options?.object.options ?? HTTPRequestOptions(), try context.http)
        }
    }

    private static func handle(
        _ request: OutgoingRequestResource, _ options: HTTPRequestOptions, _ state: HTTPState
    ) -> Result<Owned<FutureIncomingResponseResource>, HTTPErrorCode> {
        let configuration = state.configuration
        guard let ticket = state.requests.begin() else { return .failure(.connectionLimitReached) }
        do throws(HTTPErrorCode) {
            let checked = try request.send(options, configuration)
            guard let client = configuration.outgoing else {
                checked.body?.cancel()
                throw .httpRequestDenied
            }
            return .success(Owned(FutureIncomingResponseResource(client.send(checked), ticket)))
        } catch {
            ticket.end()
            return .failure(error)
        }
    }
}
