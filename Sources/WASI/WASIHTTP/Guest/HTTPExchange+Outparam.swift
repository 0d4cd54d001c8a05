// `response-outparam` of `wasi:http/types`: how a guest answers.

import ComponentRuntime

/// `response-outparam`. Setting it gives it up, so it cannot be set twice: the second time there is no such handle.
extension HTTPExchange {
    /// `send-informational`
    private func inform(_ status: UInt16, _ headers: HTTPMessageFields) -> Result<Nothing, HTTPErrorCode> {
        // 101 ends HTTP on the connection, which is not the guest's to do.
        guard (100...199).contains(status), status != 101 else { return .failure(.httpProtocolError) }
        do throws(HTTPErrorCode) {
            try inform(InformationalHTTPResponse(status: status, headers: headers))
        } catch {
            return .failure(error)
        }
        return .success(Nothing())
    }

    static func declare(in interface: inout HostInterface, features: HTTPFeatures) {
        interface.resource("response-outparam", of: HTTPExchange.self) { outparam, _ in
            outparam.refuse(.notSet)
        }
        interface.function("[static]response-outparam.set") {
            (
                context: inout HostContext, outparam: Owned<HTTPExchange>,
                response: Result<Owned<OutgoingResponseResource>, HTTPErrorCode>
            ) throws -> Void in
            switch response {
            case .success(let response): outparam.object.answer(response.object.send())
            case .failure(let error): outparam.object.refuse(.guest(error))
            }
        }
        guard features.contains(.informationalOutboundResponses) else { return }
        interface.function("[method]response-outparam.send-informational") {
            (
                context: inout HostContext, outparam: Borrowed<HTTPExchange>, status: UInt16,
                headers: Owned<FieldsResource>
            ) throws -> Result<Nothing, HTTPErrorCode> in
            outparam.object.inform(status, headers.object.fields)
        }
    }
}
