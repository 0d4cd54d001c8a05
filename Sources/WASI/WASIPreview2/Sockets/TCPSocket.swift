// `wasi:sockets/tcp` and `tcp-create-socket`, without a grant of the network: a socket is never made, so its methods,
// which are here for guests to link with, are never called.

import WASIHost
import ComponentRuntime

/// `tcp-socket`: there is none.
final class TCPSocket {
    private init() {}

    static let interface = HostInterface(wasi: "sockets/tcp") { interface in
        interface.declareInputStream()
        interface.declareOutputStream()
        interface.declarePollable()
        interface.declareNetwork()
        interface.declareTCPSocket()
        declareConnecting(in: &interface)
        declareOptions(in: &interface)
    }

    static let creationInterface = HostInterface(wasi: "sockets/tcp-create-socket") { interface in
        interface.declareNetwork()
        interface.declareTCPSocket()
        interface.function("create-tcp-socket") {
            (context: inout HostContext, family: Network.AddressFamily) throws
                -> Result<Owned<TCPSocket>, Network.ErrorCode> in
            .failure(.accessDenied)
        }
    }
}

extension HostInterface {
    fileprivate mutating func declareTCPSocket() {
        resource("tcp-socket", of: TCPSocket.self)
    }
}

extension TCPSocket {
    /// `shutdown-type`
    enum ShutdownType: String, ComponentEnumeration {
        case receive
        case send
        case both
    }

    /// What `accept` gives.
    private typealias Accepted = Tuple<Owned<TCPSocket>, Owned<InputStreamResource>, Owned<OutputStreamResource>>

    private static func declareConnecting(in interface: inout HostInterface) {
        interface.function("[method]tcp-socket.start-bind") {
            (
                context: inout HostContext, socket: Borrowed<TCPSocket>, network: Borrowed<Network>,
                address: Network.SocketAddress
            ) throws -> Result<Nothing, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]tcp-socket.finish-bind") {
            (context: inout HostContext, socket: Borrowed<TCPSocket>) throws -> Result<Nothing, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]tcp-socket.start-connect") {
            (
                context: inout HostContext, socket: Borrowed<TCPSocket>, network: Borrowed<Network>,
                address: Network.SocketAddress
            ) throws -> Result<Nothing, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]tcp-socket.finish-connect") {
            (context: inout HostContext, socket: Borrowed<TCPSocket>) throws
                -> Result<Tuple<Owned<InputStreamResource>, Owned<OutputStreamResource>>, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]tcp-socket.start-listen") {
            (context: inout HostContext, socket: Borrowed<TCPSocket>) throws -> Result<Nothing, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]tcp-socket.finish-listen") {
            (context: inout HostContext, socket: Borrowed<TCPSocket>) throws -> Result<Nothing, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]tcp-socket.accept") {
            (context: inout HostContext, socket: Borrowed<TCPSocket>) throws -> Result<Accepted, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]tcp-socket.local-address") {
            (context: inout HostContext, socket: Borrowed<TCPSocket>) throws
                -> Result<Network.SocketAddress, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]tcp-socket.remote-address") {
            (context: inout HostContext, socket: Borrowed<TCPSocket>) throws
                -> Result<Network.SocketAddress, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]tcp-socket.is-listening") {
            (context: inout HostContext, socket: Borrowed<TCPSocket>) throws -> Bool in
            false
        }
        interface.function("[method]tcp-socket.address-family") {
            (context: inout HostContext, socket: Borrowed<TCPSocket>) throws -> Network.AddressFamily in
            .ipv4
        }
        interface.function("[method]tcp-socket.subscribe") {
            (context: inout HostContext, socket: Borrowed<TCPSocket>) throws -> Owned<PollableResource> in
            Owned(PollableResource(.condition(.ready)))
        }
        interface.function("[method]tcp-socket.shutdown") {
            (context: inout HostContext, socket: Borrowed<TCPSocket>, type: ShutdownType) throws
                -> Result<Nothing, Network.ErrorCode> in
            .failure(.accessDenied)
        }
    }

    private static func declareOptions(in interface: inout HostInterface) {
        interface.function("[method]tcp-socket.set-listen-backlog-size") {
            (context: inout HostContext, socket: Borrowed<TCPSocket>, value: UInt64) throws
                -> Result<Nothing, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]tcp-socket.keep-alive-enabled") {
            (context: inout HostContext, socket: Borrowed<TCPSocket>) throws -> Result<Bool, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]tcp-socket.set-keep-alive-enabled") {
            (context: inout HostContext, socket: Borrowed<TCPSocket>, value: Bool) throws
                -> Result<Nothing, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]tcp-socket.keep-alive-idle-time") {
            (context: inout HostContext, socket: Borrowed<TCPSocket>) throws -> Result<UInt64, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]tcp-socket.set-keep-alive-idle-time") {
            (context: inout HostContext, socket: Borrowed<TCPSocket>, value: UInt64) throws
                -> Result<Nothing, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]tcp-socket.keep-alive-interval") {
            (context: inout HostContext, socket: Borrowed<TCPSocket>) throws -> Result<UInt64, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]tcp-socket.set-keep-alive-interval") {
            (context: inout HostContext, socket: Borrowed<TCPSocket>, value: UInt64) throws
                -> Result<Nothing, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]tcp-socket.keep-alive-count") {
            (context: inout HostContext, socket: Borrowed<TCPSocket>) throws -> Result<UInt32, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]tcp-socket.set-keep-alive-count") {
            (context: inout HostContext, socket: Borrowed<TCPSocket>, value: UInt32) throws
                -> Result<Nothing, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]tcp-socket.hop-limit") {
            (context: inout HostContext, socket: Borrowed<TCPSocket>) throws -> Result<UInt8, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]tcp-socket.set-hop-limit") {
            (context: inout HostContext, socket: Borrowed<TCPSocket>, value: UInt8) throws
                -> Result<Nothing, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]tcp-socket.receive-buffer-size") {
            (context: inout HostContext, socket: Borrowed<TCPSocket>) throws -> Result<UInt64, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]tcp-socket.set-receive-buffer-size") {
            (context: inout HostContext, socket: Borrowed<TCPSocket>, value: UInt64) throws
                -> Result<Nothing, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]tcp-socket.send-buffer-size") {
            (context: inout HostContext, socket: Borrowed<TCPSocket>) throws -> Result<UInt64, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]tcp-socket.set-send-buffer-size") {
            (context: inout HostContext, socket: Borrowed<TCPSocket>, value: UInt64) throws
                -> Result<Nothing, Network.ErrorCode> in
            .failure(.accessDenied)
        }
    }
}
