// HTTP/2 by hand: frames, byte for byte, for servers that misbehave (RFC 9113, section 4).

/// A frame that a client has sent.
struct Frame {
    let kind: UInt8
    let flags: UInt8
    let stream: UInt32
    let payload: [UInt8]

    var isRequest: Bool { kind == 1 }
    /// A question, not an answer.
    var isPing: Bool { kind == 6 && flags & 1 == 0 }
}

/// Frames to send.
enum Frames {
    static func frame(_ kind: UInt8, _ flags: UInt8 = 0, _ stream: UInt32 = 0, _ payload: [UInt8] = []) -> [UInt8] {
        let count = payload.count
        return [UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255), kind, flags] + bytes(stream) + payload
    }

    private static func bytes(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

    static func settings(_ values: [UInt16: UInt32] = [:]) -> [UInt8] {
        var payload: [UInt8] = []
        for (name, value) in values { payload += [UInt8(name >> 8), UInt8(name & 255)] + bytes(value) }
        return frame(4, 0, 0, payload)
    }

    static let settingsAcknowledged = frame(4, 1)

    static func pong(_ ping: Frame) -> [UInt8] { frame(6, 1, 0, ping.payload) }

    static func reset(_ stream: UInt32, _ code: UInt32) -> [UInt8] { frame(3, 0, stream, bytes(code)) }

    static func goAway(last: UInt32, _ code: UInt32 = 0) -> [UInt8] { frame(7, 0, 0, bytes(last) + bytes(code)) }

    static func data(_ stream: UInt32, _ text: String, ends: Bool = false) -> [UInt8] {
        frame(0, ends ? 1 : 0, stream, Array(text.utf8))
    }

    /// Fields, each spelled out (RFC 7541, section 6.2.2), in as many frames as they need.
    static func headers(_ stream: UInt32, _ fields: [(String, String)], ends: Bool = false) -> [UInt8] {
        var block: [UInt8] = []
        for (name, value) in fields { block += [0] + text(name) + text(value) }
        var rest = block[...]
        var all: [UInt8] = []
        repeat {
            let piece = Array(rest.prefix(16_000))
            rest = rest.dropFirst(16_000)
            let isLast: UInt8 = rest.isEmpty ? 4 : 0
            all += all.isEmpty ? frame(1, isLast | (ends ? 1 : 0), stream, piece) : frame(9, isLast, stream, piece)
        } while !rest.isEmpty
        return all
    }

    /// A length of seven bits and more, then the bytes.
    private static func text(_ text: String) -> [UInt8] {
        var count = text.utf8.count
        if count < 127 { return [UInt8(count)] + text.utf8 }
        var bytes: [UInt8] = [127]
        count -= 127
        while count >= 128 {
            bytes.append(UInt8(count & 127) | 128)
            count >>= 7
        }
        return bytes + [UInt8(count)] + text.utf8
    }

    /// A response without a body.
    static func answer(_ stream: UInt32, _ status: String = "204") -> [UInt8] { headers(stream, [(":status", status)], ends: true) }
}

extension RawPeer {
    /// Reads what a client begins with, and answers it.
    func beginFrames(_ settings: [UInt16: UInt32] = [:]) {
        _ = read(24)
        send(Frames.settings(settings) + Frames.settingsAcknowledged)
    }

    /// The next frame; nil if the other end has closed the connection.
    func readFrame() -> Frame? {
        let head = read(9)
        guard head.count == 9 else { return nil }
        let count = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
        let stream = head[5...].reduce(0) { $0 << 8 | UInt32($1) }
        let payload = read(count)
        return payload.count == count ? Frame(kind: head[3], flags: head[4], stream: stream, payload: payload) : nil
    }

    /// Reads up to the next request, and answers questions on the way. Gives the request's stream.
    func readRequest() -> UInt32? {
        while let frame = readFrame() {
            if frame.isPing { send(Frames.pong(frame)) }
            if frame.isRequest { return frame.stream }
        }
        return nil
    }
}
