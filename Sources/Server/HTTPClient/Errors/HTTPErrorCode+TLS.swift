// What goes wrong between two ends of TLS. BoringSSL says it in a list of texts, each with a number whose last twelve bits
// are the reason; from 1000 on reasons are alerts that the other end has sent (RFC 8446, section 6).

import NIOCore
import NIOSSL
import WASIHTTP

extension HTTPErrorCode {
    /// Why TLS was not agreed on, or was broken off.
    init(tls error: any Error) {
        switch error {
        case is NIOSSLExtraError: self = .tlsCertificateError
        case NIOSSLError.noCertificateToValidate, NIOSSLError.unableToValidateCertificate, NIOSSLError.cannotFindPeerIP,
            NIOSSLError.cannotMatchULabel:
            self = .tlsCertificateError
        case NIOSSLError.uncleanShutdown, ChannelError.eof, is IOError: self = .connectionTerminated
        case NIOSSLError.handshakeFailed(let error): self.init(tls: error)
        case NIOSSLError.shutdownFailed(let error): self.init(tls: error)
        case BoringSSLError.sslError(let errors), BoringSSLError.unknownError(let errors):
            self = .tlsProtocolError
            for error in errors {
                let text = error.description
                if text.contains("EOF during") {
                    self = .connectionTerminated
                    return
                }
                if text.contains("CERTIFICATE_VERIFY_FAILED") {
                    self = .tlsCertificateError
                    return
                }
                if let alert = TLSAlertText.alert(in: text) {
                    self = .tlsAlertReceived(alert)
                    return
                }
            }
        case BoringSSLError.syscallError, BoringSSLError.zeroReturn: self = .connectionTerminated
        default: self = .tlsProtocolError
        }
    }
}

/// Finds the alert in a text such as `Error: 268436498 error:10000412:SSL routines:…:SSLV3_ALERT_BAD_CERTIFICATE at …`.
enum TLSAlertText {
    static func alert(in text: String) -> HTTPErrorCode.TLSAlert? {
        let words = text.split(whereSeparator: { $0 == " " || $0 == ":" })
        guard let name = words.first(where: { $0.contains("_ALERT_") }),
            let number = words.lazy.compactMap({ UInt32($0) }).first
        else { return nil }
        let reason = Int(number & 0xFFF) - 1000
        guard let end = name.firstRange(of: "_ALERT_") else { return nil }
        let message = name[end.upperBound...].lowercased().split(separator: "_").joined(separator: " ")
        return HTTPErrorCode.TLSAlert(id: UInt8(exactly: reason), message: message)
    }
}
