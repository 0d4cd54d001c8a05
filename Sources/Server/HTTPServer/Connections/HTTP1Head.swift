// The head of a response as bytes (RFC 9112, sections 4 and 5). It is put together in an array, which costs less than many
// small writes to a buffer.

import WASIHTTP

/// A status line and fields, or the trailers behind a chunked body, as far as they have been written.
struct HTTP1Head {
    private(set) var bytes: [UInt8] = []

    /// - Parameter fields: written as they are.
    init(status: UInt16, _ fields: HTTPMessageFields) {
        bytes.reserveCapacity(256)
        if status == 200 {
            append("HTTP/1.1 200 OK\r\n")
        } else {
            bytes.append(contentsOf: "HTTP/1.1 \(status) \(StatusText.of(status))\r\n".utf8)
        }
        add(fields)
    }

    private init() {}

    /// The last chunk, and what follows it.
    static func trailers(_ fields: HTTPMessageFields?) -> HTTP1Head {
        var head = HTTP1Head()
        head.append("0\r\n")
        if let fields { head.add(fields) }
        return head
    }

    /// - Parameter name: with the colon and the blank behind it.
    mutating func add(_ name: StaticString, _ value: String) {
        append(name)
        bytes.append(contentsOf: value.utf8)
        append("\r\n")
    }

    /// The empty line.
    mutating func end() { append("\r\n") }

    private mutating func add(_ fields: HTTPMessageFields) {
        for field in fields.list {
            bytes.append(contentsOf: field.name.utf8)
            append(": ")
            bytes.append(contentsOf: field.value)
            append("\r\n")
        }
    }

    private mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
    }
}
