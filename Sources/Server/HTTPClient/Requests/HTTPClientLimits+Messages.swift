// What is too large to be sent, or to be believed, with the error that says which part of it is.

import WASIHTTP

extension HTTPClientLimits {
    /// Refuses a request that is larger than what is sent.
    func check(_ request: OutgoingHTTPRequest) throws(HTTPErrorCode) {
        // A tunnel is no answer that could be given to a guest.
        if request.method == .connect { throw .httpRequestMethodInvalid }
        let parts = [request.scheme.name, "://", request.authority, request.pathWithQuery]
        if parts.reduce(0, { $0 + $1.utf8.count }) > uriBytes { throw .httpRequestURITooLong }
        if let field = largeField(of: request.headers) { throw .httpRequestHeaderSize(field) }
        if request.headers.size > requestHeaderBytes {
            throw .httpRequestHeaderSectionSize(UInt32(clamping: request.headers.size))
        }
    }

    func check(requestTrailers fields: HTTPMessageFields) throws(HTTPErrorCode) {
        if let field = largeField(of: fields) { throw .httpRequestTrailerSize(field) }
        if fields.size > requestHeaderBytes { throw .httpRequestTrailerSectionSize(UInt32(clamping: fields.size)) }
    }

    /// Refuses a field of a response. How large all of them are together was seen when they were parsed.
    func check(responseHeaders fields: HTTPMessageFields) throws(HTTPErrorCode) {
        if let field = largeField(of: fields) { throw .httpResponseHeaderSize(field) }
    }

    func check(responseTrailers fields: HTTPMessageFields) throws(HTTPErrorCode) {
        if let field = largeField(of: fields) { throw .httpResponseTrailerSize(field) }
    }

    private func largeField(of fields: HTTPMessageFields) -> HTTPErrorCode.FieldSize? {
        for field in fields.list {
            let size = field.name.utf8.count + field.value.count
            if size > fieldBytes { return HTTPErrorCode.FieldSize(name: field.name, size: UInt32(clamping: size)) }
        }
        return nil
    }
}
