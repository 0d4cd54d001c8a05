// `error-code` of `wasi:http/types`: what can go wrong between two ends of HTTP, after the proxy error types of RFC 9209.

/// Why a request or response did not come through.
public enum HTTPErrorCode: Error, Hashable, Sendable {
    case dnsTimeout
    case dnsError(DNSError)
    case destinationNotFound
    case destinationUnavailable
    case destinationIPProhibited
    case destinationIPUnroutable
    case connectionRefused
    case connectionTerminated
    case connectionTimeout
    case connectionReadTimeout
    case connectionWriteTimeout
    case connectionLimitReached
    case tlsProtocolError
    case tlsCertificateError
    case tlsAlertReceived(TLSAlert)
    case httpRequestDenied
    case httpRequestLengthRequired
    case httpRequestBodySize(UInt64?)
    case httpRequestMethodInvalid
    case httpRequestURIInvalid
    case httpRequestURITooLong
    case httpRequestHeaderSectionSize(UInt32?)
    case httpRequestHeaderSize(FieldSize?)
    case httpRequestTrailerSectionSize(UInt32?)
    case httpRequestTrailerSize(FieldSize)
    case httpResponseIncomplete
    case httpResponseHeaderSectionSize(UInt32?)
    case httpResponseHeaderSize(FieldSize)
    case httpResponseBodySize(UInt64?)
    case httpResponseTrailerSectionSize(UInt32?)
    case httpResponseTrailerSize(FieldSize)
    case httpResponseTransferCoding(String?)
    case httpResponseContentCoding(String?)
    case httpResponseTimeout
    case httpUpgradeFailed
    case httpProtocolError
    case loopDetected
    case configurationError
    case internalError(String?)

    /// `DNS-error-payload`
    public struct DNSError: Hashable, Sendable {
        /// The code of the answer, such as `NXDOMAIN`.
        public var rcode: String?

        /// The extended code of RFC 8914.
        public var infoCode: UInt16?

        public init(rcode: String? = nil, infoCode: UInt16? = nil) {
            self.rcode = rcode
            self.infoCode = infoCode
        }
    }

    /// `TLS-alert-received-payload`
    public struct TLSAlert: Hashable, Sendable {
        public var id: UInt8?
        public var message: String?

        public init(id: UInt8? = nil, message: String? = nil) {
            self.id = id
            self.message = message
        }
    }

    /// `field-size-payload`
    public struct FieldSize: Hashable, Sendable {
        public var name: String?

        /// In bytes.
        public var size: UInt32?

        public init(name: String? = nil, size: UInt32? = nil) {
            self.name = name
            self.size = size
        }
    }
}

extension HTTPErrorCode {
    /// The status that an intermediary answers with (RFC 9209, section 2.3): what a server makes of the error if the
    /// response has not begun.
    public var recommendedStatus: UInt16 {
        switch self {
        case .dnsTimeout, .connectionTimeout, .connectionReadTimeout, .connectionWriteTimeout, .httpResponseTimeout: 504
        case .destinationUnavailable, .connectionLimitReached: 503
        case .httpRequestDenied: 403
        case .httpRequestLengthRequired: 411
        case .httpRequestBodySize: 413
        case .httpRequestMethodInvalid: 405
        case .httpRequestURIInvalid: 400
        case .httpRequestURITooLong: 414
        case .httpRequestHeaderSectionSize, .httpRequestHeaderSize, .httpRequestTrailerSectionSize,
            .httpRequestTrailerSize:
            431
        case .destinationNotFound, .configurationError, .internalError: 500
        default: 502
        }
    }
}

extension HTTPErrorCode: CustomStringConvertible {
    /// The name in WIT, and the payload behind it.
    public var description: String {
        switch self {
        case .dnsError(let error): Self.text(name, [error.rcode, error.infoCode.map { "info code \($0)" }])
        case .tlsAlertReceived(let alert): Self.text(name, [alert.id.map { "alert \($0)" }, alert.message])
        case .httpRequestBodySize(let size), .httpResponseBodySize(let size): Self.text(name, [size.map { "\($0) bytes" }])
        case .httpRequestHeaderSectionSize(let size), .httpRequestTrailerSectionSize(let size),
            .httpResponseHeaderSectionSize(let size), .httpResponseTrailerSectionSize(let size):
            Self.text(name, [size.map { "\($0) bytes" }])
        case .httpRequestHeaderSize(let field): Self.text(name, field)
        case .httpRequestTrailerSize(let field), .httpResponseHeaderSize(let field), .httpResponseTrailerSize(let field):
            Self.text(name, field)
        case .httpResponseTransferCoding(let text), .httpResponseContentCoding(let text), .internalError(let text):
            Self.text(name, [text])
        default: name
        }
    }

    private static func text(_ name: String, _ field: FieldSize?) -> String {
        text(name, [field?.name.map { "`\($0)`" }, field?.size.map { "\($0) bytes" }])
    }

    private static func text(_ name: String, _ details: [String?]) -> String {
        let details = details.compactMap { $0 }
        return details.isEmpty ? name : "\(name): \(details.joined(separator: ", "))"
    }
}
