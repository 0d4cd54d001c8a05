// `outgoing-request` of `wasi:http/types`. Each part is checked when it is set; whether they make a request together is
// found out when it is sent.

import ComponentRuntime
import Execution

/// `outgoing-request`
final class OutgoingRequestResource: OutgoingMessage {
    fileprivate var method = HTTPRequestMethod.get
    fileprivate var scheme: HTTPRequestScheme?
    fileprivate var authority: String?
    fileprivate var pathWithQuery: String?

    static func declare(in interface: inout HostInterface) {
        interface.resource("outgoing-request", of: OutgoingRequestResource.self)
        interface.function("[constructor]outgoing-request") {
            (context: inout HostContext, headers: Owned<FieldsResource>) throws -> Owned<OutgoingRequestResource> in
            Owned(try OutgoingRequestResource(headers: headers.object, in: context.http))
        }
        declareParts(of: "outgoing-request", OutgoingRequestResource.self, as: .request, in: &interface)
        declareMethodAndScheme(in: &interface)
        declareTarget(in: &interface)
    }

    private static func declareMethodAndScheme(in interface: inout HostInterface) {
        interface.function("[method]outgoing-request.method") {
            (context: inout HostContext, request: Borrowed<OutgoingRequestResource>) throws -> HTTPRequestMethod in
            request.object.method
        }
        interface.function("[method]outgoing-request.set-method") {
            (context: inout HostContext, request: Borrowed<OutgoingRequestResource>, method: HTTPRequestMethod) throws
                -> Result<Nothing, Nothing> in
            guard let method = HTTPRequestMethod(name: method.name) else { return .failure(Nothing()) }
            request.object.method = method
            return .success(Nothing())
        }
        interface.function("[method]outgoing-request.scheme") {
            (context: inout HostContext, request: Borrowed<OutgoingRequestResource>) throws -> HTTPRequestScheme? in
            request.object.scheme
        }
        interface.function("[method]outgoing-request.set-scheme") {
            (context: inout HostContext, request: Borrowed<OutgoingRequestResource>, scheme: HTTPRequestScheme?) throws
                -> Result<Nothing, Nothing> in
            guard let scheme else {
                request.object.scheme = nil
                return .success(Nothing())
            }
            guard let checked = HTTPRequestScheme(name: scheme.name) else { return .failure(Nothing()) }
            request.object.scheme = checked
            return .success(Nothing())
        }
    }

    private static func declareTarget(in interface: inout HostInterface) {
        interface.function("[method]outgoing-request.path-with-query") {
            (context: inout HostContext, request: Borrowed<OutgoingRequestResource>) throws -> String? in
            request.object.pathWithQuery
        }
        interface.function("[method]outgoing-request.set-path-with-query") {
            (context: inout HostContext, request: Borrowed<OutgoingRequestResource>, path: String?) throws
                -> Result<Nothing, Nothing> in
            if let path, !URISyntax.isPathWithQuery(path) { return .failure(Nothing()) }
            request.object.pathWithQuery = path
            return .success(Nothing())
        }
        interface.function("[method]outgoing-request.authority") {
            (context: inout HostContext, request: Borrowed<OutgoingRequestResource>) throws -> String? in
            request.object.authority
        }
        interface.function("[method]outgoing-request.set-authority") {
            (context: inout HostContext, request: Borrowed<OutgoingRequestResource>, authority: String?) throws
                -> Result<Nothing, Nothing> in
            if let authority, URISyntax.authority(authority) == nil { return .failure(Nothing()) }
            request.object.authority = authority
            return .success(Nothing())
        }
    }
}

extension OutgoingRequestResource {
    /// The request to be sent, if it is one and may be made; this is over then. If not, whoever writes its body is told
    /// that nobody reads it.
    func send(
        _ options: HTTPRequestOptions, _ configuration: HTTPConfiguration
    ) throws(HTTPErrorCode) -> OutgoingHTTPRequest {
        // A scheme that is left open is the one that nobody can listen in on.
        let scheme = scheme ?? .https
        guard let defaultPort = scheme.defaultPort else { throw .httpProtocolError }
        // RFC 9110, section 4.2.4: no sender puts a user into such a URI.
        guard let authority, let parts = URISyntax.authority(authority), parts.userInformation == nil else {
            throw .httpRequestURIInvalid
        }
        let target = try target()
        // Bytes are announced, and the guest has not even asked for the means to write them.
        if !hasBody, let length = headers.fields.contentLength, length > 0 { throw .httpRequestBodySize(0) }
        let host = parts.host.lowercased()
        let port = parts.port ?? defaultPort
        guard let permit = configuration.destinations.permit(host: host, port: port) else {
            configuration.onDenial?(host, port)
            throw .httpRequestDenied
        }
        return OutgoingHTTPRequest(
            method: method, scheme: scheme, host: host, port: port, authority: authority, pathWithQuery: target,
            headers: headers.fields, body: takeBody(), options: options, permit: permit)
    }

    /// The path in its final form.
    private func target() throws(HTTPErrorCode) -> String {
        let path = pathWithQuery ?? ""
        switch method {
        case .connect:
            guard path.isEmpty || path == "/" else { throw .httpRequestURIInvalid }
            return ""
        case .options where path == "*": return path
        default:
            if path == "*" { throw .httpRequestURIInvalid }
            return path.first == "/" ? path : "/" + path
        }
    }
}
