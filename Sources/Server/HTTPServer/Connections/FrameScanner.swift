// The frames of HTTP/2 in a stream of bytes (RFC 9113, section 4.1), as far as one has to know them to say whether something
// was begun that is not complete yet: the preface, a frame, or a header block, which may go on in further frames (section 4.3).

import NIOCore

/// Follows what a client sends, byte by byte, and keeps nothing of it.
struct FrameScanner {
    /// What must come to its end before anything else can.
    enum Unit {
        /// The client's preface: 24 bytes and its first SETTINGS.
        case preface
        /// A frame other than DATA, or all frames of a header block.
        case frame
    }

    /// What a frame is.
    struct Head {
        var type: UInt8
        var flags: UInt8
        var stream: UInt32

        static let data: UInt8 = 0
        static let headers: UInt8 = 1
        static let goAway: UInt8 = 7
        static let windowUpdate: UInt8 = 8
        static let continuation: UInt8 = 9
        static let endHeaders: UInt8 = 4
    }

    private static let headLength = 9

    private var prefaceLeft = 24
    private var isFirstFrame = true
    private var isBlockOpen = false
    /// The bytes of a frame's head that have come, and how many they are.
    private var lead: UInt64 = 0
    private var stream: UInt32 = 0
    private var headCount = 0
    private var head = Head(type: 0, flags: 0, stream: 0)
    private var payloadLeft = 0

    /// The last stream whose header block has come as a whole.
    private(set) var lastStream: UInt32 = 0
    /// How many units have come to their end: who compares it with what it was knows whether `unit` is still the same.
    private(set) var unitCount: UInt64 = 0

    /// What has begun and is not complete; nil between two frames, and within DATA.
    var unit: Unit? {
        if isFirstFrame { return .preface }
        if isBlockOpen || headCount > 0 { return .frame }
        return payloadLeft > 0 && head.type != Head.data ? .frame : nil
    }

    /// Goes through what has come.
    ///
    /// - Parameter onFrame: called with each frame as soon as its head is complete. False ends the scan.
    /// - Returns: whether it came to its end.
    mutating func scan(_ bytes: ByteBuffer, onFrame: (Head) -> Bool) -> Bool {
        var index = bytes.readerIndex
        while index < bytes.writerIndex {
            let rest = bytes.writerIndex - index
            if prefaceLeft > 0 {
                let count = min(prefaceLeft, rest)
                prefaceLeft -= count
                index += count
            } else if payloadLeft > 0 {
                let count = min(payloadLeft, rest)
                payloadLeft -= count
                index += count
                if payloadLeft == 0 { endFrame() }
            } else {
                guard let byte = bytes.getInteger(at: index, as: UInt8.self) else { return true }
                index += 1
                take(byte)
                if headCount == Self.headLength {
                    guard beginFrame(onFrame) else { return false }
                }
            }
        }
        return true
    }

    private mutating func take(_ byte: UInt8) {
        if headCount < 5 {
            lead = lead << 8 | UInt64(byte)
        } else {
            stream = stream << 8 | UInt32(byte)
        }
        headCount += 1
    }

    private mutating func beginFrame(_ onFrame: (Head) -> Bool) -> Bool {
        payloadLeft = Int(lead >> 16)
        head = Head(
            type: UInt8(truncatingIfNeeded: lead >> 8), flags: UInt8(truncatingIfNeeded: lead), stream: stream & 0x7FFF_FFFF)
        headCount = 0
        lead = 0
        stream = 0
        if head.type == Head.headers { isBlockOpen = true }
        guard onFrame(head) else { return false }
        if payloadLeft == 0 { endFrame() }
        return true
    }

    private mutating func endFrame() {
        isFirstFrame = false
        if isBlockOpen {
            guard head.type == Head.headers || head.type == Head.continuation, head.flags & Head.endHeaders != 0 else { return }
            isBlockOpen = false
            lastStream = max(lastStream, head.stream)
        }
        unitCount &+= 1
    }
}
