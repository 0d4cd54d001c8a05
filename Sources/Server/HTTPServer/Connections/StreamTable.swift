// The streams of an HTTP/2 connection by their numbers. These only grow (RFC 9113, section 5.1.1), so the list of those that are
// open is in order, and a stream is found by halving it.

import NIOHTTP2

/// Open streams.
struct StreamTable {
    private var entries: [(id: Int32, stream: HTTP2Stream)] = []

    var isEmpty: Bool { entries.isEmpty }

    var all: [HTTP2Stream] { entries.map(\.stream) }

    subscript(_ id: HTTP2StreamID) -> HTTP2Stream? { place(of: id).map { entries[$0].stream } }

    /// Adds a stream whose number is larger than all that are there.
    mutating func append(_ stream: HTTP2Stream) {
        entries.append((Int32(stream.id), stream))
    }

    mutating func remove(_ id: HTTP2StreamID) -> HTTP2Stream? {
        place(of: id).map { entries.remove(at: $0).stream }
    }

    mutating func removeAll() { entries.removeAll() }

    private func place(of id: HTTP2StreamID) -> Int? {
        let id = Int32(id)
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].id < id {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low < entries.count && entries[low].id == id ? low : nil
    }
}
