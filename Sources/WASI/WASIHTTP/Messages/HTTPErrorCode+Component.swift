// `error-code` as a component type: the cases in the order of WIT. That they are the published ones is checked when a
// component is linked.

public import ComponentRuntime

extension HTTPErrorCode: ComponentVariant {
    public static let cases = VariantCases<HTTPErrorCode>(
        plain("DNS-timeout", .dnsTimeout),
        carrying("DNS-error", HTTPErrorCode.dnsError) {
            if case .dnsError(let payload) = $0 { payload } else { nil }
        },
        plain("destination-not-found", .destinationNotFound),
        plain("destination-unavailable", .destinationUnavailable),
        plain("destination-IP-prohibited", .destinationIPProhibited),
        plain("destination-IP-unroutable", .destinationIPUnroutable),
        plain("connection-refused", .connectionRefused),
        plain("connection-terminated", .connectionTerminated),
        plain("connection-timeout", .connectionTimeout),
        plain("connection-read-timeout", .connectionReadTimeout),
        plain("connection-write-timeout", .connectionWriteTimeout),
        plain("connection-limit-reached", .connectionLimitReached),
        plain("TLS-protocol-error", .tlsProtocolError),
        plain("TLS-certificate-error", .tlsCertificateError),
        carrying("TLS-alert-received", HTTPErrorCode.tlsAlertReceived) {
            if case .tlsAlertReceived(let payload) = $0 { payload } else { nil }
        },
        plain("HTTP-request-denied", .httpRequestDenied),
        plain("HTTP-request-length-required", .httpRequestLengthRequired),
        carrying("HTTP-request-body-size", HTTPErrorCode.httpRequestBodySize) {
            if case .httpRequestBodySize(let payload) = $0 { payload } else { nil }
        },
        plain("HTTP-request-method-invalid", .httpRequestMethodInvalid),
        plain("HTTP-request-URI-invalid", .httpRequestURIInvalid),
        plain("HTTP-request-URI-too-long", .httpRequestURITooLong),
        carrying("HTTP-request-header-section-size", HTTPErrorCode.httpRequestHeaderSectionSize) {
            if case .httpRequestHeaderSectionSize(let payload) = $0 { payload } else { nil }
        },
        carrying("HTTP-request-header-size", HTTPErrorCode.httpRequestHeaderSize) {
            if case .httpRequestHeaderSize(let payload) = $0 { payload } else { nil }
        },
        carrying("HTTP-request-trailer-section-size", HTTPErrorCode.httpRequestTrailerSectionSize) {
            if case .httpRequestTrailerSectionSize(let payload) = $0 { payload } else { nil }
        },
        carrying("HTTP-request-trailer-size", HTTPErrorCode.httpRequestTrailerSize) {
            if case .httpRequestTrailerSize(let payload) = $0 { payload } else { nil }
        },
        plain("HTTP-response-incomplete", .httpResponseIncomplete),
        carrying("HTTP-response-header-section-size", HTTPErrorCode.httpResponseHeaderSectionSize) {
            if case .httpResponseHeaderSectionSize(let payload) = $0 { payload } else { nil }
        },
        carrying("HTTP-response-header-size", HTTPErrorCode.httpResponseHeaderSize) {
            if case .httpResponseHeaderSize(let payload) = $0 { payload } else { nil }
        },
        carrying("HTTP-response-body-size", HTTPErrorCode.httpResponseBodySize) {
            if case .httpResponseBodySize(let payload) = $0 { payload } else { nil }
        },
        carrying("HTTP-response-trailer-section-size", HTTPErrorCode.httpResponseTrailerSectionSize) {
            if case .httpResponseTrailerSectionSize(let payload) = $0 { payload } else { nil }
        },
        carrying("HTTP-response-trailer-size", HTTPErrorCode.httpResponseTrailerSize) {
            if case .httpResponseTrailerSize(let payload) = $0 { payload } else { nil }
        },
        carrying("HTTP-response-transfer-coding", HTTPErrorCode.httpResponseTransferCoding) {
            if case .httpResponseTransferCoding(let payload) = $0 { payload } else { nil }
        },
        carrying("HTTP-response-content-coding", HTTPErrorCode.httpResponseContentCoding) {
            if case .httpResponseContentCoding(let payload) = $0 { payload } else { nil }
        },
        plain("HTTP-response-timeout", .httpResponseTimeout),
        plain("HTTP-upgrade-failed", .httpUpgradeFailed),
        plain("HTTP-protocol-error", .httpProtocolError),
        plain("loop-detected", .loopDetected),
        plain("configuration-error", .configurationError),
        carrying("internal-error", HTTPErrorCode.internalError) {
            if case .internalError(let payload) = $0 { payload } else { nil }
        })

    private static func carrying<Payload: ComponentConvertible>(
        _ name: String, _ make: @escaping @Sendable (Payload) -> HTTPErrorCode,
        _ get: @escaping @Sendable (HTTPErrorCode) -> Payload?
    ) -> VariantCase<HTTPErrorCode> {
        VariantCase(name, make, get)
    }

    private static func plain(_ name: String, _ code: HTTPErrorCode) -> VariantCase<HTTPErrorCode> {
        .init(name, code) { $0 == code }
    }

    /// The name of the case in WIT.
    package var name: String {
        switch self {
        case .dnsTimeout: "DNS-timeout"
        case .dnsError: "DNS-error"
        case .destinationNotFound: "destination-not-found"
        case .destinationUnavailable: "destination-unavailable"
        case .destinationIPProhibited: "destination-IP-prohibited"
        case .destinationIPUnroutable: "destination-IP-unroutable"
        case .connectionRefused: "connection-refused"
        case .connectionTerminated: "connection-terminated"
        case .connectionTimeout: "connection-timeout"
        case .connectionReadTimeout: "connection-read-timeout"
        case .connectionWriteTimeout: "connection-write-timeout"
        case .connectionLimitReached: "connection-limit-reached"
        case .tlsProtocolError: "TLS-protocol-error"
        case .tlsCertificateError: "TLS-certificate-error"
        case .tlsAlertReceived: "TLS-alert-received"
        case .httpRequestDenied: "HTTP-request-denied"
        case .httpRequestLengthRequired: "HTTP-request-length-required"
        case .httpRequestBodySize: "HTTP-request-body-size"
        case .httpRequestMethodInvalid: "HTTP-request-method-invalid"
        case .httpRequestURIInvalid: "HTTP-request-URI-invalid"
        case .httpRequestURITooLong: "HTTP-request-URI-too-long"
        case .httpRequestHeaderSectionSize: "HTTP-request-header-section-size"
        case .httpRequestHeaderSize: "HTTP-request-header-size"
        case .httpRequestTrailerSectionSize: "HTTP-request-trailer-section-size"
        case .httpRequestTrailerSize: "HTTP-request-trailer-size"
        case .httpResponseIncomplete: "HTTP-response-incomplete"
        case .httpResponseHeaderSectionSize: "HTTP-response-header-section-size"
        case .httpResponseHeaderSize: "HTTP-response-header-size"
        case .httpResponseBodySize: "HTTP-response-body-size"
        case .httpResponseTrailerSectionSize: "HTTP-response-trailer-section-size"
        case .httpResponseTrailerSize: "HTTP-response-trailer-size"
        case .httpResponseTransferCoding: "HTTP-response-transfer-coding"
        case .httpResponseContentCoding: "HTTP-response-content-coding"
        case .httpResponseTimeout: "HTTP-response-timeout"
        case .httpUpgradeFailed: "HTTP-upgrade-failed"
        case .httpProtocolError: "HTTP-protocol-error"
        case .loopDetected: "loop-detected"
        case .configurationError: "configuration-error"
        case .internalError: "internal-error"
        }
    }
}

extension HTTPErrorCode.DNSError: ComponentRecord {
    public static let fields = RecordFields(
        HTTPErrorCode.DNSError.init(rcode:infoCode:), RecordField("rcode", \.rcode), RecordField("info-code", \.infoCode))
}

extension HTTPErrorCode.TLSAlert: ComponentRecord {
    public static let fields = RecordFields(
        HTTPErrorCode.TLSAlert.init(id:message:), RecordField("alert-id", \.id), RecordField("alert-message", \.message))
}

extension HTTPErrorCode.FieldSize: ComponentRecord {
    public static let fields = RecordFields(
        HTTPErrorCode.FieldSize.init(name:size:), RecordField("field-name", \.name), RecordField("field-size", \.size))
}
