// What an exchange asks of its connection or stream. All of it on the event loop's own stack.

import NIOCore
import WASIHTTP

/// How the end of a response's body is told.
enum ResponseFraming: Hashable, Sendable {
    /// There is none, and nothing will be written.
    case none
    /// By its length.
    case length(UInt64)
    /// By the protocol: chunks or frames, or the end of the connection.
    case open
}

/// Takes a response, piece by piece. Nothing is sent before `flush`.
protocol ResponseWriter: AnyObject {
    /// Whether there is room for more; when there is again, the exchange's `writabilityChanged` is called.
    var isWritable: Bool { get }

    /// Whether fields of a guest, in a head or behind a body, are of a size that the protocol can carry.
    func takes(_ fields: HTTPMessageFields) -> Bool

    func writeInformational(status: UInt16, _ fields: HTTPMessageFields)
    func writeHead(status: UInt16, _ fields: HTTPMessageFields, _ framing: ResponseFraming)
    func writeBody(_ bytes: ByteBuffer)
    /// Writes `count` bytes that wait in `body`. For small bodies, after a head that has told the length.
    func writeBody(_ count: Int, of body: HTTPBody)
    /// Ends the response in good order. The exchange writes nothing after that.
    func writeEnd(_ trailers: HTTPMessageFields?)
    func flush()

    /// Ends a response that has begun and cannot be completed: the other end must see that something is missing.
    func abort()

    /// The request's body has room again, or is not wanted any more.
    func readMore()
}
