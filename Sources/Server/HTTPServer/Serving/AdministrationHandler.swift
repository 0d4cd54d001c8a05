// What those who run the server ask it, on an address of its own: `/metrics`, `/healthz` (the process lives) and
// `/readyz` (it takes requests).

import NIOCore
import NIOHTTP1

final class AdministrationHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let core: ServerCore
    private var head: HTTPRequestHead?

    init(_ core: ServerCore) {
        self.core = core
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head else { return }
            self.head = nil
            answer(head, context)
        }
    }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let (status, type, text) = response(to: head)
        var fields = HTTPHeaders()
        fields.add(name: "content-type", value: type)
        fields.add(name: "content-length", value: "\(text.utf8.count)")
        fields.add(name: "cache-control", value: "no-store")
        if !head.isKeepAlive { fields.add(name: "connection", value: "close") }
        let response = HTTPResponseHead(version: head.version, status: status, headers: fields)
        context.write(wrapOutboundOut(.head(response)), promise: nil)
        if head.method != .HEAD { context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        if !head.isKeepAlive { context.close(promise: nil) }
    }

    private func response(to head: HTTPRequestHead) -> (HTTPResponseStatus, type: String, text: String) {
        let plain = "text/plain; charset=utf-8"
        guard head.method == .GET || head.method == .HEAD else { return (.methodNotAllowed, plain, "GET and HEAD only\n") }
        switch head.uri.prefix(while: { $0 != "?" }) {
        case "/metrics": return (.ok, "text/plain; version=0.0.4; charset=utf-8", core.metrics.exposition)
        case "/healthz": return (.ok, plain, "ok\n")
        case "/readyz": return core.isDraining ? (.serviceUnavailable, plain, "draining\n") : (.ok, plain, "ready\n")
        default: return (.notFound, plain, "/metrics, /healthz and /readyz\n")
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? IdleStateHandler.IdleStateEvent, event == .all { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
