// What carries one request to the other end: a connection of HTTP/1.1, or a stream of HTTP/2.

import NIOCore
import WASIHTTP

/// How the other end knows where the request's body ends.
enum RequestFraming {
    /// There is no body.
    case none
    case length(UInt64)
    /// The end is marked: the last chunk, or the last frame.
    case open
}

/// Takes a request, and tells `ClientRequest` of the response. Used on its event loop.
protocol RequestCarrier: ChannelDuplexHandler {
    var context: ChannelHandlerContext? { get }

    /// What is carried; nil when there is nothing, or nothing more to say of it.
    var request: ClientRequest? { get }

    /// Whether reading waits until the guest has read.
    var isReadHeld: Bool { get set }

    /// Whether more of the body is welcome.
    var isWritable: Bool { get }

    /// Whether a body that turns out to be empty needs no framing of its own.
    var isFramedByItself: Bool { get }

    /// Whether it is of use to read on a response that nobody wants.
    var canReadAway: Bool { get }

    /// Throws if the other end has said that it takes no such head; nothing was sent then.
    func writeHead(_ request: OutgoingHTTPRequest, _ framing: RequestFraming) throws(HTTPErrorCode)
    func writeBody(_ bytes: ByteBuffer)
    /// Also flushes. Throws if the other end has said that it takes no such trailers.
    func writeEnd(_ trailers: HTTPMessageFields?) throws(HTTPErrorCode)
    func flush()

    /// Nothing has come for a long time: no other request is to be made on the same connection, unless it is known to lead
    /// somewhere.
    func suspect()

    /// Ends the request, whatever has become of it. The carrier says nothing more of it.
    func abandon()
}

extension RequestCarrier {
    func read(context: ChannelHandlerContext) {
        if request?.wantsMore ?? true {
            context.read()
        } else {
            isReadHeld = true
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        request?.writabilityChanged()
        context.fireChannelWritabilityChanged()
    }

    /// Reads on, if reading was held up because the guest did not.
    func readMore() {
        guard isReadHeld, let context, request?.wantsMore ?? true else { return }
        isReadHeld = false
        context.read()
    }
}

/// Fields of a request that are not passed on as they are.
enum RequestFields {
    /// The value without white space around it, which has no meaning (RFC 9110, section 5.5), and no place in HTTP/2.
    static func value(_ field: HTTPMessageField) -> String {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        guard let first = field.value.first, let last = field.value.last, isSpace(first) || isSpace(last) else {
            return field.text
        }
        let start = field.value.drop(while: isSpace)
        return String(decoding: start.prefix(upTo: (start.lastIndex { !isSpace($0) } ?? start.startIndex - 1) + 1), as: UTF8.self)
    }

    /// Whether a field concerns the connection, which is ours: the length is written anew, nobody waits for the answer to
    /// `expect`, and of `te` only `trailers` is left that HTTP/2 allows.
    static func isConnection(_ field: HTTPMessageField) -> Bool {
        switch field.name.utf8.count {
        case 2: FieldSyntax.isSame(field.name, "te") && field.text.lowercased() != "trailers"
        case 6: FieldSyntax.isSame(field.name, "expect")
        case 14: FieldSyntax.isSame(field.name, "content-length") || FieldSyntax.isForbidden(field.name)
        default: FieldSyntax.isForbidden(field.name)
        }
    }
}
