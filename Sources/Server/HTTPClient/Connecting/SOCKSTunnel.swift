// A tunnel by SOCKS version 5 (RFC 1928), which SwiftNIO's own handler asks for: without a user, for it knows none.

import NIOCore
import NIOSOCKS
import WASIHTTP

/// Tells what became of a tunnel, and takes out what asked for it.
final class SOCKSTunnel: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let client: SOCKSClientHandler
    private var completion: ((Result<Void, HTTPErrorCode>) -> Void)?

    private init(_ client: SOCKSClientHandler, completion: @escaping (Result<Void, HTTPErrorCode>) -> Void) {
        self.client = client
        self.completion = completion
    }

    /// The handlers of a channel to the proxy, in their order.
    ///
    /// - Parameters:
    ///   - host: a name, or an address without brackets.
    ///   - completion: called once.
    static func handlers(
        to host: String, port: UInt16, completion: @escaping (Result<Void, HTTPErrorCode>) -> Void
    ) throws(HTTPErrorCode) -> [any ChannelHandler] {
        let target: SOCKSAddress
        if let address = NetworkAddress(host) {
            guard let socket = try? address.socketAddress(port: port) else { throw .destinationNotFound }
            target = .address(socket)
        } else {
            // The length goes into one byte.
            guard host.utf8.count <= 255 else { throw .destinationNotFound }
            target = .domain(host, port: Int(port))
        }
        let client = SOCKSClientHandler(targetAddress: target)
        return [client, SOCKSTunnel(client, completion: completion)]
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is SOCKSProxyEstablishedEvent else { return context.fireUserInboundEventTriggered(event) }
        end(.success(()))
        let operations = context.pipeline.syncOperations
        operations.removeHandler(client, promise: nil)
        operations.removeHandler(self, promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.failure(.connectionTerminated))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(.failure(Self.code(error)))
    }

    private static func code(_ error: any Error) -> HTTPErrorCode {
        switch error {
        case let error as SOCKSError.ConnectionFailed:
            switch error.reply {
            case .notAllowed: .httpRequestDenied
            case .networkUnreachable, .hostUnreachable: .destinationIPUnroutable
            case .refused: .connectionRefused
            case .ttlExpired: .connectionTimeout
            case .commandUnsupported, .addressUnsupported: .configurationError
            default: .destinationUnavailable
            }
        // The proxy wants to know who asks.
        case is SOCKSError.NoValidAuthenticationMethod, is SOCKSError.InvalidAuthenticationSelection: .configurationError
        case is SOCKSError.InvalidProtocolVersion, is SOCKSError.InvalidReservedByte, is SOCKSError.InvalidAddressType,
            is SOCKSError.UnexpectedRead:
            .httpProtocolError
        default: HTTPErrorCode(connection: error, hasHead: false)
        }
    }

    private func end(_ result: Result<Void, HTTPErrorCode>) {
        let completion = self.completion
        self.completion = nil
        completion?(result)
    }
}
