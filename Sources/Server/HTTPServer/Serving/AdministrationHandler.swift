// What those who run the server ask it, on an address of its own: `/metrics`, `/healthz` (the process lives) and
// `/readyz` (it takes requests).

import NIOCore
import NIOHTTP1

final class AdministrationHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let core: ServerCore
    private let loops: [ServerLoop]
    private var head: HTTPRequestHead?

    init(_ core: ServerCore, _ loops: [ServerLoop]) {
        self.core = core
        self.loops = loops
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
        guard head.method == .GET || head.method == .HEAD else {
            return answer(head, .methodNotAllowed, "GET and HEAD only\n", context)
        }
        switch head.uri.prefix(while: { $0 != "?" }) {
        case "/metrics":
            let gauges = loops.map { loop in loop.eventLoop.submit { loop.gauges } }
            EventLoopFuture.whenAllSucceed(gauges, on: context.eventLoop).assumeIsolated().whenComplete { result in
                let gauges = ((try? result.get()) ?? []).reduce(LoopGauges(), +)
                let type = "text/plain; version=0.0.4; charset=utf-8"
                self.answer(head, .ok, type: type, self.core.metrics.exposition(gauges), context)
            }
        case "/healthz": answer(head, .ok, "ok\n", context)
        case "/readyz" where core.isDraining: answer(head, .serviceUnavailable, "draining\n", context)
        case "/readyz": answer(head, .ok, "ready\n", context)
        default: answer(head, .notFound, "/metrics, /healthz and /readyz\n", context)
        }
    }

    private func answer(
        _ head: HTTPRequestHead, _ status: HTTPResponseStatus, type: String = "text/plain; charset=utf-8", _ text: String,
        _ context: ChannelHandlerContext
    ) {
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

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? IdleStateHandler.IdleStateEvent, event == .all { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
