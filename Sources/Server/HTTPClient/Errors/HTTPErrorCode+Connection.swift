// What goes wrong on a connection, in the words of `error-code`.

import NIOCore
import NIOHPACK
import NIOHTTP1
import NIOHTTP2
import NIOSSL
import WASIHTTP

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension HTTPErrorCode {
    /// Why there is no connection to an address.
    init(connecting error: any Error) {
        switch error {
        case is ConnectTimeout: self = .connectionTimeout
        case let error as IOError:
            switch error.errnoCode {
            case ECONNREFUSED: self = .connectionRefused
            case ETIMEDOUT: self = .connectionTimeout
            case ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL, EAFNOSUPPORT, EINVAL: self = .destinationIPUnroutable
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: self = .connectionLimitReached
            case ECONNRESET, ECONNABORTED: self = .connectionTerminated
            case EACCES, EPERM: self = .destinationIPProhibited
            default: self = .destinationUnavailable
            }
        case ChannelError.connectTimeout: self = .connectionTimeout
        default: self = .destinationUnavailable
        }
    }

    /// What ended a connection or a stream.
    ///
    /// - Parameter hasHead: whether the response has begun.
    init(connection error: any Error, hasHead: Bool) {
        switch error {
        case HTTPParserError.headerOverflow, is NIOHPACKErrors.MaxHeaderListSizeViolation,
            is NIOHTTP2Errors.ExcessivelyLargeHeaderBlock:
            self = hasHead ? .httpResponseTrailerSectionSize(nil) : .httpResponseHeaderSectionSize(nil)
        case HTTPParserError.invalidEOFState, HTTPParserError.closedConnection:
            self = hasHead ? .httpResponseIncomplete : .connectionTerminated
        case is HTTPParserError, is NIOHTTPDecoderError: self = .httpProtocolError
        case let error as NIOHTTP2Errors.StreamClosed:
            switch error.errorCode {
            case .protocolError, .frameSizeError, .flowControlError, .compressionError, .streamClosed, .http11Required:
                self = .httpProtocolError
            default: self = hasHead ? .httpResponseIncomplete : .connectionTerminated
            }
        case let error as NIOHTTP2Errors.StreamError: self.init(connection: error.baseError, hasHead: hasHead)
        case is NIOHTTP2Errors.IOOnClosedConnection: self = hasHead ? .httpResponseIncomplete : .connectionTerminated
        case is any NIOHTTP2Error: self = .httpProtocolError
        case NIOSSLError.uncleanShutdown: self = hasHead ? .httpResponseIncomplete : .connectionTerminated
        case let error as NIOSSLError: self.init(tls: error)
        case let error as BoringSSLError: self.init(tls: error)
        default: self = hasHead ? .httpResponseIncomplete : .connectionTerminated
        }
    }
}

/// A connection took too long.
struct ConnectTimeout: Error {}
