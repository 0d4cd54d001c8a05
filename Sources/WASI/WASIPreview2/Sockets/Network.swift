// `wasi:sockets/network` and `instance-network`. There is no grant of the network: a guest gets a `network`, as it
// always does, and every attempt to use it is answered with `access-denied`.

import ComponentRuntime
import WASIHost

/// `network`
final class Network {
    static let interface = HostInterface(wasi: "sockets/network") { interface in
        interface.declareNetwork()
        interface.declareError()
        interface.function("network-error-code") {
            (context: inout HostContext, error: Borrowed<ErrorResource>) throws -> ErrorCode? in
            // No stream is one of a socket.
            nil
        }
    }

    static let instanceInterface = HostInterface(wasi: "sockets/instance-network") { interface in
        interface.declareNetwork()
        interface.function("instance-network") { (context: inout HostContext) throws -> Owned<Network> in
            Owned(Network())
        }
    }
}

extension HostInterface {
    mutating func declareNetwork() {
        resource("network", of: Network.self)
    }
}

extension Network {
    /// `error-code`
    enum ErrorCode: String, Error, ComponentEnumeration {
        case unknown
        case accessDenied = "access-denied"
        case notSupported = "not-supported"
        case invalidArgument = "invalid-argument"
        case outOfMemory = "out-of-memory"
        case timeout
        case concurrencyConflict = "concurrency-conflict"
        case notInProgress = "not-in-progress"
        case wouldBlock = "would-block"
        case invalidState = "invalid-state"
        case newSocketLimit = "new-socket-limit"
        case addressNotBindable = "address-not-bindable"
        case addressInUse = "address-in-use"
        case remoteUnreachable = "remote-unreachable"
        case connectionRefused = "connection-refused"
        case connectionReset = "connection-reset"
        case connectionAborted = "connection-aborted"
        case datagramTooLarge = "datagram-too-large"
        case nameUnresolvable = "name-unresolvable"
        case temporaryResolverFailure = "temporary-resolver-failure"
        case permanentResolverFailure = "permanent-resolver-failure"
    }

    /// `ip-address-family`
    enum AddressFamily: String, ComponentEnumeration {
        case ipv4
        case ipv6
    }

    /// `ipv4-address`
    typealias IPv4Address = Tuple<UInt8, UInt8, UInt8, UInt8>

    /// `ipv6-address`
    typealias IPv6Address = Tuple<UInt16, UInt16, UInt16, UInt16, UInt16, UInt16, UInt16, UInt16>

    /// `ip-address`
    enum Address: ComponentVariant {
        case ipv4(IPv4Address)
        case ipv6(IPv6Address)

        static let cases = VariantCases<Address>(
            .init("ipv4", Address.ipv4) { if case .ipv4(let address) = $0 { address } else { nil } },
            .init("ipv6", Address.ipv6) { if case .ipv6(let address) = $0 { address } else { nil } })
    }

    /// `ipv4-socket-address`
    struct IPv4SocketAddress: ComponentRecord {
        var port: UInt16
        var address: IPv4Address

        static let fields = RecordFields(
            IPv4SocketAddress.init(port:address:), RecordField("port", \.port), RecordField("address", \.address))
    }

    /// `ipv6-socket-address`
    struct IPv6SocketAddress: ComponentRecord {
        var port: UInt16
        var flowInfo: UInt32
        var address: IPv6Address
        var scopeID: UInt32

        static let fields = RecordFields(
            IPv6SocketAddress.init(port:flowInfo:address:scopeID:), RecordField("port", \.port),
            RecordField("flow-info", \.flowInfo), RecordField("address", \.address),
            RecordField("scope-id", \.scopeID))
    }

    /// `ip-socket-address`
    enum SocketAddress: ComponentVariant {
        case ipv4(IPv4SocketAddress)
        case ipv6(IPv6SocketAddress)

        static let cases = VariantCases<SocketAddress>(
            .init("ipv4", SocketAddress.ipv4) { if case .ipv4(let address) = $0 { address } else { nil } },
            .init("ipv6", SocketAddress.ipv6) { if case .ipv6(let address) = $0 { address } else { nil } })
    }
}
