// `wasi:sockets/udp` and `udp-create-socket`, without a grant of the network: a socket is never made, so its methods,
// which are here for guests to link with, are never called.

import WASIHost
import ComponentRuntime

/// `udp-socket`: there is none.
final class UDPSocket {
    private init() {}

    static let interface = HostInterface(wasi: "sockets/udp") { interface in
        interface.declarePollable()
        interface.declareNetwork()
        interface.declareUDPSocket()
        interface.resource("incoming-datagram-stream", of: IncomingDatagrams.self)
        interface.resource("outgoing-datagram-stream", of: OutgoingDatagrams.self)
        declareMethods(in: &interface)
        IncomingDatagrams.declareMethods(in: &interface)
        OutgoingDatagrams.declareMethods(in: &interface)
    }

    static let creationInterface = HostInterface(wasi: "sockets/udp-create-socket") { interface in
        interface.declareNetwork()
        interface.declareUDPSocket()
        interface.function("create-udp-socket") {
            (context: inout HostContext, family: Network.AddressFamily) throws
                -> Result<Owned<UDPSocket>, Network.ErrorCode> in
            .failure(.accessDenied)
        }
    }
}

extension HostInterface {
    fileprivate mutating func declareUDPSocket() {
        resource("udp-socket", of: UDPSocket.self)
    }
}

extension UDPSocket {
    private static func declareMethods(in interface: inout HostInterface) {
        interface.function("[method]udp-socket.start-bind") {
            (
                context: inout HostContext, socket: Borrowed<UDPSocket>, network: Borrowed<Network>,
                address: Network.SocketAddress
            ) throws -> Result<Nothing, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]udp-socket.finish-bind") {
            (context: inout HostContext, socket: Borrowed<UDPSocket>) throws -> Result<Nothing, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]udp-socket.stream") {
            (context: inout HostContext, socket: Borrowed<UDPSocket>, remote: Network.SocketAddress?) throws
                -> Result<Tuple<Owned<IncomingDatagrams>, Owned<OutgoingDatagrams>>, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]udp-socket.local-address") {
            (context: inout HostContext, socket: Borrowed<UDPSocket>) throws
                -> Result<Network.SocketAddress, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]udp-socket.remote-address") {
            (context: inout HostContext, socket: Borrowed<UDPSocket>) throws
                -> Result<Network.SocketAddress, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]udp-socket.address-family") {
            (context: inout HostContext, socket: Borrowed<UDPSocket>) throws -> Network.AddressFamily in
            .ipv4
        }
        interface.function("[method]udp-socket.unicast-hop-limit") {
            (context: inout HostContext, socket: Borrowed<UDPSocket>) throws -> Result<UInt8, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]udp-socket.set-unicast-hop-limit") {
            (context: inout HostContext, socket: Borrowed<UDPSocket>, value: UInt8) throws
                -> Result<Nothing, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]udp-socket.receive-buffer-size") {
            (context: inout HostContext, socket: Borrowed<UDPSocket>) throws -> Result<UInt64, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]udp-socket.set-receive-buffer-size") {
            (context: inout HostContext, socket: Borrowed<UDPSocket>, value: UInt64) throws
                -> Result<Nothing, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]udp-socket.send-buffer-size") {
            (context: inout HostContext, socket: Borrowed<UDPSocket>) throws -> Result<UInt64, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]udp-socket.set-send-buffer-size") {
            (context: inout HostContext, socket: Borrowed<UDPSocket>, value: UInt64) throws
                -> Result<Nothing, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]udp-socket.subscribe") {
            (context: inout HostContext, socket: Borrowed<UDPSocket>) throws -> Owned<PollableResource> in
            Owned(PollableResource(.condition(.ready)))
        }
    }
}

/// `incoming-datagram-stream`: there is none.
final class IncomingDatagrams {
    private init() {}

    fileprivate static func declareMethods(in interface: inout HostInterface) {
        interface.function("[method]incoming-datagram-stream.receive") {
            (context: inout HostContext, stream: Borrowed<IncomingDatagrams>, maximum: UInt64) throws
                -> Result<[IncomingDatagram], Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]incoming-datagram-stream.subscribe") {
            (context: inout HostContext, stream: Borrowed<IncomingDatagrams>) throws -> Owned<PollableResource> in
            Owned(PollableResource(.condition(.ready)))
        }
    }
}

/// `outgoing-datagram-stream`: there is none.
final class OutgoingDatagrams {
    private init() {}

    fileprivate static func declareMethods(in interface: inout HostInterface) {
        interface.function("[method]outgoing-datagram-stream.check-send") {
            (context: inout HostContext, stream: Borrowed<OutgoingDatagrams>) throws
                -> Result<UInt64, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]outgoing-datagram-stream.send") {
            (context: inout HostContext, stream: Borrowed<OutgoingDatagrams>, datagrams: [OutgoingDatagram]) throws
                -> Result<UInt64, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]outgoing-datagram-stream.subscribe") {
            (context: inout HostContext, stream: Borrowed<OutgoingDatagrams>) throws -> Owned<PollableResource> in
            Owned(PollableResource(.condition(.ready)))
        }
    }
}

/// `incoming-datagram`
struct IncomingDatagram: ComponentRecord {
    var data: [UInt8]
    var remoteAddress: Network.SocketAddress

    static let fields = RecordFields(
        IncomingDatagram.init(data:remoteAddress:), RecordField("data", \.data),
        RecordField("remote-address", \.remoteAddress))
}

/// `outgoing-datagram`
struct OutgoingDatagram: ComponentRecord {
    var data: [UInt8]
    var remoteAddress: Network.SocketAddress?

    static let fields = RecordFields(
        OutgoingDatagram.init(data:remoteAddress:), RecordField("data", \.data),
        RecordField("remote-address", \.remoteAddress))
}
