// The end of a stream of HTTP/2 is a flag on its last frame (RFC 9113, section 6.1), and which one is the last is known only
// behind it. So each frame is held back until the next one comes, or until what there is has to go.

package import NIOCore
package import NIOHPACK
package import NIOHTTP2

/// The frames of one message, on their way out. What is answered is to be written, in that order.
package struct OutgoingFrames {
    private enum Held {
        case block(HPACKHeaders)
        case bytes(ByteBuffer)
    }

    private var held: Held?
    private var heldEnds = false

    /// Whether any frame was given out: of a stream without one the other end has not heard.
    package private(set) var hasGiven = false

    package init() {}

    /// Takes a header block, and answers with the frame before it.
    package mutating func append(_ block: HPACKHeaders) -> HTTP2Frame.FramePayload? { replace(with: .block(block)) }

    /// Takes a part of the body, and answers with the frame before it.
    package mutating func append(_ bytes: ByteBuffer) -> HTTP2Frame.FramePayload? { replace(with: .bytes(bytes)) }

    /// Takes the end: trailers, or none. Answers with a frame that comes before it.
    package mutating func end(trailers: HPACKHeaders?) -> HTTP2Frame.FramePayload? {
        var before: HTTP2Frame.FramePayload?
        if let trailers {
            before = append(trailers)
        } else if held == nil {
            held = .bytes(ByteBuffer())
        }
        heldEnds = true
        return before
    }

    /// Gives out what is held, if anything is.
    package mutating func take() -> HTTP2Frame.FramePayload? { replace(with: nil) }

    private mutating func replace(with next: Held?) -> HTTP2Frame.FramePayload? {
        let (before, ends) = (held, heldEnds)
        held = next
        heldEnds = false
        guard let before else { return nil }
        hasGiven = true
        return switch before {
        case .block(let block): .headers(.init(headers: block, endStream: ends))
        case .bytes(let bytes): .data(.init(data: .byteBuffer(bytes), endStream: ends))
        }
    }

    /// Forgets what is held.
    package mutating func discard() {
        held = nil
        heldEnds = false
    }
}
