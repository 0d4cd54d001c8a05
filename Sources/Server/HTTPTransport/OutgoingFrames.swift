// The end of a stream of HTTP/2 is a flag on its last frame (RFC 9113, section 6.1), and which one is the last is known only
// behind it. So each frame is held back until the next one comes, or until what there is has to go.

import NIOCore
package import NIOHPACK
package import NIOHTTP2

/// The frames of one message, on their way out. What is answered is to be written, in that order.
package struct OutgoingFrames {
    private var held: HTTP2Frame.FramePayload?

    /// Whether any frame was given out: of a stream without one the other end has not heard.
    package private(set) var hasGiven = false

    package init() {}

    /// Takes a frame, and answers with the one before it.
    package mutating func append(_ frame: HTTP2Frame.FramePayload) -> HTTP2Frame.FramePayload? {
        let before = take()
        held = frame
        return before
    }

    /// Takes the end: trailers, or none. Answers with a frame that comes before it.
    package mutating func end(trailers: HPACKHeaders?) -> HTTP2Frame.FramePayload? {
        if let trailers { return append(.headers(.init(headers: trailers, endStream: true))) }
        switch held {
        case .headers(var frame):
            frame.endStream = true
            held = .headers(frame)
        case .data(var frame):
            frame.endStream = true
            held = .data(frame)
        default: return append(.data(.init(data: .byteBuffer(.init()), endStream: true)))
        }
        return nil
    }

    /// Gives out what is held, if anything is.
    package mutating func take() -> HTTP2Frame.FramePayload? {
        guard let frame = held else { return nil }
        held = nil
        hasGiven = true
        return frame
    }

    /// Forgets what is held.
    package mutating func discard() { held = nil }
}
