// What a server of HTTP/2 sends, as far as tests look at it.
import NIOCore
import NIOHPACK

/// What came back, frame by frame.
struct ReceivedFrames {
    var statuses: [Int: [String]] = [:]
    /// The values of `link`, which come ahead of a response.
    var links: [Int: [String]] = [:]
    var bodies: [Int: [UInt8]] = [:]
    var trailers: [Int: HPACKHeaders] = [:]
    var resets: [Int: Int] = [:]
    var ended: Set<Int> = []
    var goAway: [Int] = []
    /// The last streams that are answered, as each GOAWAY has it.
    var lastStreams: [Int] = []
    /// How much more may be sent than was said at first.
    var room: [Int: Int] = [:]
    /// The payloads of PINGs that ask.
    var pings: [[UInt8]] = []

    init(_ bytes: [UInt8]) {
        var decoder = HPACKDecoder(allocator: ByteBufferAllocator())
        var rest = bytes[...]
        while rest.count >= 9 {
            let head = Array(rest.prefix(9))
            let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
            guard rest.count >= 9 + length else { break }
            let stream = head[5...8].reduce(0) { $0 << 8 | Int($1) } & 0x7FFF_FFFF
            let payload = Array(rest.dropFirst(9).prefix(length))
            rest = rest.dropFirst(9 + length)
            let number = payload.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            switch head[3] {
            case 0: bodies[stream, default: []] += payload
            case 1:
                var buffer = ByteBuffer(bytes: payload)
                guard let fields = try? decoder.decodeHeaders(from: &buffer) else { continue }
                if let status = fields.first(name: ":status") {
                    statuses[stream, default: []].append(status)
                    links[stream, default: []] += fields["link"]
                } else {
                    trailers[stream] = fields
                }
            case 3: resets[stream] = number
            case 6 where head[4] & 1 == 0: pings.append(payload)
            case 7:
                lastStreams.append(number)
                goAway.append(payload.dropFirst(4).prefix(4).reduce(0) { $0 << 8 | Int($1) })
            case 8: room[stream, default: 0] += number
            default: continue
            }
            if head[3] < 2, head[4] & 1 == 1 { ended.insert(stream) }
        }
    }
}
