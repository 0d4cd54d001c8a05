// Where a request of HTTP/1 begins and ends in the bytes of its connection (RFC 9112, sections 2, 6 and 7).
//
// It is ours, and not SwiftNIO's, because a guest is to see what was sent: methods that are any token, values that are any
// bytes. And it looks no further than the request that is asked for, so what a client sends ahead stays bytes until its
// turn has come. Where the RFC leaves a choice, what could be understood in two ways is refused.

import NIOCore
import WASIHTTP

/// A connection's requests, piece by piece. After a refusal nobody knows where the next request would begin, so there is
/// none.
struct HTTP1RequestParser {
    /// What has come.
    enum Part: ~Copyable {
        /// - Parameter persists: whether the client wants another request on the connection to be possible.
        case head(RequestHead, persists: Bool)
        /// Some of a body; never empty.
        case body(ByteBuffer)
        /// The end of a body. A request without one ends with its head.
        case end(HTTPMessageFields?)
    }

    private enum State {
        case head
        /// So many bytes of a body of known length are to come.
        case body(UInt64)
        case chunkSize
        /// So many bytes of a chunk are to come.
        case chunk(UInt64)
        /// The end of the line behind a chunk.
        case chunkEnd
        case trailers
        case bodyEnd
    }

    private let scheme: RequestScheme
    private var state = State.head
    private var section: HTTP1Section

    /// How long the line of a chunk's size may be, with extensions, which nobody uses.
    private static let longestSizeLine = 1 << 10

    init(_ limits: ServerLimits, scheme: RequestScheme) {
        self.scheme = scheme
        section = HTTP1Section(longest: limits.headerBytes, mostFields: limits.headerCount)
    }

    /// The next part, taken from the beginning of `input`; nil if not all of it has come.
    ///
    /// - Parameter input: what has come and was not taken yet; between calls nothing but more may be put to its end.
    mutating func next(_ input: inout ByteBuffer) throws(Refusal) -> Part? {
        while true {
            switch state {
            case .head:
                let (count, head) = try takeHead(input.readableBytesUInt8Span)
                if count > 0 { input.moveReaderIndex(forwardBy: count) }
                guard let head else { return nil }
                if head.isChunked {
                    state = .chunkSize
                } else if let length = head.head.contentLength, length > 0 {
                    state = .body(length)
                }
                return .head(head.head, persists: head.persists)

            case .body(let rest):
                guard let (bytes, rest) = Self.take(rest, &input) else { return nil }
                state = rest > 0 ? .body(rest) : .bodyEnd
                return .body(bytes)

            case .bodyEnd:
                state = .head
                return .end(nil)

            case .chunkSize:
                guard let count = try section.findLine(in: input.readableBytesUInt8Span, longest: Self.longestSizeLine) else {
                    return nil
                }
                let size = try HTTP1RequestLines.chunkSize(input.readableBytesUInt8Span.extracting(first: count))
                input.moveReaderIndex(forwardBy: count)
                state = size > 0 ? .chunk(size) : .trailers

            case .chunk(let rest):
                guard let (bytes, rest) = Self.take(rest, &input) else { return nil }
                state = rest > 0 ? .chunk(rest) : .chunkEnd
                return .body(bytes)

            case .chunkEnd:
                guard try Self.takeLineEnd(&input) else { return nil }
                state = .chunkSize

            case .trailers:
                guard let count = try section.find(in: input.readableBytesUInt8Span, firstLine: .field) else { return nil }
                let trailers = try HTTP1RequestLines.trailers(input.readableBytesUInt8Span.extracting(first: count))
                input.moveReaderIndex(forwardBy: count)
                state = .head
                return .end(trailers)
            }
        }
    }

    /// As much as has come of `rest` bytes, and what is left of them.
    private static func take(_ rest: UInt64, _ input: inout ByteBuffer) -> (ByteBuffer, rest: UInt64)? {
        let count = Int(min(rest, UInt64(input.readableBytes)))
        guard count > 0, let bytes = input.readSlice(length: count) else { return nil }
        return (bytes, rest - UInt64(count))
    }

    /// A head, if all of it has come, and how many bytes have been dealt with.
    private mutating func takeHead(_ bytes: Span<UInt8>) throws(Refusal) -> (count: Int, HTTP1RequestLines.Head?) {
        // Old clients send an empty line behind a body that it does not belong to (RFC 9112, section 2.2).
        var start = 0
        while start < bytes.count, bytes[start] == HTTP1Byte.cr || bytes[start] == HTTP1Byte.lf {
            guard try Self.startsWithLineEnd(bytes.extracting(droppingFirst: start)) else { return (start, nil) }
            start += 2
        }
        let rest = bytes.extracting(droppingFirst: start)
        guard let count = try section.find(in: rest, firstLine: .request) else { return (start, nil) }
        return (start + count, try HTTP1RequestLines.head(rest.extracting(first: count), scheme))
    }

    /// Takes the end of a line; false if not all of it has come.
    private static func takeLineEnd(_ input: inout ByteBuffer) throws(Refusal) -> Bool {
        guard try startsWithLineEnd(input.readableBytesUInt8Span) else { return false }
        input.moveReaderIndex(forwardBy: 2)
        return true
    }

    private static func startsWithLineEnd(_ bytes: borrowing Span<UInt8>) throws(Refusal) -> Bool {
        if let first = bytes.first, first != HTTP1Byte.cr { throw Refusal(400, "end of a line") }
        guard bytes.count > 1 else { return false }
        guard bytes[1] == HTTP1Byte.lf else { throw Refusal(400, "end of a line") }
        return true
    }
}

/// The bytes that lines are made with.
enum HTTP1Byte {
    static let tab = UInt8(ascii: "\t")
    static let lf = UInt8(ascii: "\n")
    static let cr = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let colon = UInt8(ascii: ":")
    static let semicolon = UInt8(ascii: ";")
}

extension Span where Element == UInt8 {
    var first: UInt8? { isEmpty ? nil : self[0] }
}
