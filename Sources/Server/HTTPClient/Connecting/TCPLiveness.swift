// Connections whose other end has gone without a word. HTTP/1.1 has no way to ask, but TCP has: what is sent and not
// acknowledged for a while, questions of its own included, ends a connection (RFC 1122, section 4.2.3.6; RFC 5482).

import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Has the system look after connections.
enum TCPLiveness {
    #if os(Linux)
        /// In seconds: the silence before it asks, the time between questions, and how many of them; and in milliseconds
        /// how long anything may stay unacknowledged.
        private static let settings: [(CInt, CInt)] = [
            (TCP_KEEPIDLE, 15), (TCP_KEEPINTVL, 5), (TCP_KEEPCNT, 3), (TCP_USER_TIMEOUT, 30_000),
        ]
    #endif

    static func options(_ bootstrap: ClientBootstrap) -> ClientBootstrap {
        #if os(Linux)
            var bootstrap = bootstrap.channelOption(.socketOption(.so_keepalive), value: 1)
            for (name, value) in settings {
                bootstrap = bootstrap.channelOption(.tcpOption(NIOBSDSocket.Option(rawValue: name)), value: Int(value))
            }
            return bootstrap
        #else
            return bootstrap.channelOption(.socketOption(.so_keepalive), value: 1)
        #endif
    }
}
