// `wasi:http/types`

import WASIHost
import ComponentRuntime
import WASIPreview2

enum HTTPTypes {
    static let stable = HostInterface(http: "types") { declare(in: &$0, features: []) }

    /// With all that is unstable.
    static let unstable = HostInterface(http: "types") {
        declare(in: &$0, features: .informationalOutboundResponses)
    }

    private static func declare(in interface: inout HostInterface, features: HTTPFeatures) {
        interface.declareError(as: "io-error")
        interface.declarePollable()
        interface.declareInputStream()
        interface.declareOutputStream()
        FieldsResource.declare(in: &interface)
        IncomingRequestResource.declare(in: &interface)
        OutgoingRequestResource.declare(in: &interface)
        RequestOptionsResource.declare(in: &interface)
        HTTPExchange.declare(in: &interface, features: features)
        IncomingResponseResource.declare(in: &interface)
        IncomingBodyResource.declare(in: &interface)
        FutureTrailersResource.declare(in: &interface)
        OutgoingResponseResource.declare(in: &interface)
        OutgoingBodyResource.declare(in: &interface)
        FutureIncomingResponseResource.declare(in: &interface)
        interface.function("http-error-code") {
            (context: inout HostContext, error: Borrowed<ErrorResource>) throws -> HTTPErrorCode? in
            error.object.error.cause as? HTTPErrorCode
        }
    }
}
