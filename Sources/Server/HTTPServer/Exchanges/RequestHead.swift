// A request as a connection delivers it, whatever its protocol: what routing, limits and the log look at.

import NIOCore
import WASIHTTP

/// The version of HTTP that a connection speaks.
enum HTTPVersion: Sendable {
    case http10
    case http11
    case http2

    var text: String {
        switch self {
        case .http10: "HTTP/1.0"
        case .http11: "HTTP/1.1"
        case .http2: "HTTP/2.0"
        }
    }
}

/// The head of a request that has been found in order.
struct RequestHead: Sendable {
    var version: HTTPVersion
    var method: HTTPRequestMethod
    var scheme: HTTPRequestScheme
    /// Of the target, or else of `host`.
    var authority: String?
    /// As it came; nil for `connect`.
    var target: String?
    var fields: HTTPMessageFields
    /// How long the body will be, if the head says so.
    var contentLength: UInt64?
    /// Whether anything can follow the head.
    var hasBody: Bool
    /// Whether the other end waits for a leave to send its body.
    var expectsContinue = false

    /// The path without the query.
    var path: Substring {
        guard let target else { return "" }
        return target.prefix { $0 != "?" }
    }

    /// The authority without its port, in lower case.
    var host: String? {
        guard var host = authority?[...] else { return nil }
        if let colon = host.lastIndex(of: ":"), !host[colon...].contains("]") { host = host[..<colon] }
        return host.lowercased()
    }
}

/// Why a request is answered without a guest.
struct Refusal: Error, Hashable, Sendable {
    var status: UInt16
    /// For the log.
    var reason: String
    /// Whether what follows on the connection cannot be trusted.
    var closesConnection = true

    init(_ status: UInt16, _ reason: String, closesConnection: Bool = true) {
        self.status = status
        self.reason = reason
        self.closesConnection = closesConnection
    }

    /// What a guest that reads the body is told of it.
    var errorCode: HTTPErrorCode {
        switch status {
        case 408: .connectionReadTimeout
        case 431: .httpRequestTrailerSectionSize(nil)
        default: .httpProtocolError
        }
    }
}
