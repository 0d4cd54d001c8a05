// CONNECT: a proxy is asked for a connection to somebody else (RFC 9110, section 9.3.6). What it answers is read by hand,
// for it is a head and nothing more, and what comes behind that head is no HTTP.

import NIOCore
import WASIHTTP

/// Asks a proxy for a tunnel, and is taken out when it is there.
final class TunnelHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: String
    private var answer = ByteBuffer()
    private var completion: ((Result<Void, HTTPErrorCode>) -> Void)?
    private static let longest = 16 << 10

    /// - Parameters:
    ///   - target: host and port as in an authority.
    ///   - completion: called once. Handlers that it adds see nothing of the proxy's answer.
    init(to target: String, by proxy: ProxyAddress, completion: @escaping (Result<Void, HTTPErrorCode>) -> Void) {
        let authorization = proxy.authorization.map { "proxy-authorization: \($0)\r\n" } ?? ""
        request = "CONNECT \(target) HTTP/1.1\r\nhost: \(target)\r\n\(authorization)\r\n"
        self.completion = completion
    }

    func handlerAdded(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        answer.writeBuffer(&bytes)
        guard completion != nil else { return }
        guard let separator = answer.readableBytesView.firstRange(of: "\r\n\r\n".utf8) else {
            if answer.readableBytes > Self.longest { end(.failure(.httpProtocolError)) }
            return
        }
        guard let status = Self.status(answer.readableBytesView) else { return end(.failure(.httpProtocolError)) }
        guard (200..<300).contains(status) else { return end(.failure(Self.error(status))) }
        // The other end waits for us; whoever speaks now is not the one we asked for.
        guard separator.upperBound == answer.readableBytesView.endIndex else { return end(.failure(.httpProtocolError)) }
        end(.success(()))
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    /// The status of `HTTP/1.1 200 …`.
    private static func status(_ bytes: ByteBufferView) -> Int? {
        let line = Array(bytes.prefix(12))
        guard line.count == 12, line.starts(with: "HTTP/1.".utf8), line[8] == UInt8(ascii: " ") else { return nil }
        return Int(String(decoding: line[9...], as: UTF8.self))
    }

    private static func error(_ status: Int) -> HTTPErrorCode {
        switch status {
        case 403, 405: .httpRequestDenied
        case 404: .destinationNotFound
        // The proxy wants to know who asks.
        case 407: .configurationError
        case 504: .connectionTimeout
        case 508: .loopDetected
        default: .destinationUnavailable
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.failure(.connectionTerminated))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(.failure(HTTPErrorCode(connection: error, hasHead: false)))
    }

    private func end(_ result: Result<Void, HTTPErrorCode>) {
        let completion = self.completion
        self.completion = nil
        completion?(result)
    }
}
