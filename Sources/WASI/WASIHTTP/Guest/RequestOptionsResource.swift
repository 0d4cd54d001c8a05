// `request-options` of `wasi:http/types`: three time-outs, in nanoseconds.

import ComponentRuntime

/// `request-options`
final class RequestOptionsResource {
    private(set) var options = HTTPRequestOptions()

    static func declare(in interface: inout HostInterface) {
        interface.resource("request-options", of: RequestOptionsResource.self)
        interface.function("[constructor]request-options") {
            (context: inout HostContext) throws -> Owned<RequestOptionsResource> in
            Owned(RequestOptionsResource())
        }
        interface.function("[method]request-options.connect-timeout") {
            (context: inout HostContext, options: Borrowed<RequestOptionsResource>) throws -> UInt64? in
            options.object.options.connectTimeout
        }
        interface.function("[method]request-options.set-connect-timeout") {
            (context: inout HostContext, options: Borrowed<RequestOptionsResource>, duration: UInt64?) throws
                -> Result<Nothing, Nothing> in
            options.object.options.connectTimeout = duration
            return .success(Nothing())
        }
        interface.function("[method]request-options.first-byte-timeout") {
            (context: inout HostContext, options: Borrowed<RequestOptionsResource>) throws -> UInt64? in
            options.object.options.firstByteTimeout
        }
        interface.function("[method]request-options.set-first-byte-timeout") {
            (context: inout HostContext, options: Borrowed<RequestOptionsResource>, duration: UInt64?) throws
                -> Result<Nothing, Nothing> in
            options.object.options.firstByteTimeout = duration
            return .success(Nothing())
        }
        interface.function("[method]request-options.between-bytes-timeout") {
            (context: inout HostContext, options: Borrowed<RequestOptionsResource>) throws -> UInt64? in
            options.object.options.betweenBytesTimeout
        }
        interface.function("[method]request-options.set-between-bytes-timeout") {
            (context: inout HostContext, options: Borrowed<RequestOptionsResource>, duration: UInt64?) throws
                -> Result<Nothing, Nothing> in
            options.object.options.betweenBytesTimeout = duration
            return .success(Nothing())
        }
    }
}
