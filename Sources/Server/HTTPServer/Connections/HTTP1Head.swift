// The head of a response as bytes (RFC 9112, sections 4 and 5). Room for all of it is made once, and it is written where
// the connection sends it from.

import NIOCore
import WASIHTTP

/// A status line and fields, and the lines that the connection adds.
struct HTTP1Head {
    let status: UInt16
    /// Written as they are.
    let fields: HTTPMessageFields
    var contentLength: UInt64?
    var isChunked = false
    /// What the connection says of itself.
    var connection: StaticString?
    var date: String?

    /// More than the status line and all lines that the connection adds can be.
    private static let ownSize = 256

    init(status: UInt16, _ fields: HTTPMessageFields) {
        self.status = status
        self.fields = fields
    }

    func write(to output: inout ByteBuffer) {
        output.writeWithOutputRawSpan(minimumWritableBytes: Self.ownSize + fields.size) { bytes in
            if status == 200 {
                bytes.append("HTTP/1.1 200 OK\r\n")
            } else {
                bytes.append("HTTP/1.1 \(status) \(StatusText.of(status))\r\n")
            }
            fields.write(to: &bytes)
            if let contentLength {
                bytes.append("content-length: ")
                bytes.append(decimal: contentLength)
                bytes.append("\r\n")
            }
            if isChunked { bytes.append("transfer-encoding: chunked\r\n") }
            if let connection {
                bytes.append("connection: ")
                bytes.append(connection)
                bytes.append("\r\n")
            }
            if let date {
                bytes.append("date: ")
                bytes.append(date)
                bytes.append("\r\n")
            }
            bytes.append("\r\n")
        }
    }

    /// Writes the last chunk, and the trailers that follow it.
    static func writeEnd(_ trailers: HTTPMessageFields?, to output: inout ByteBuffer) {
        output.writeWithOutputRawSpan(minimumWritableBytes: ownSize + (trailers?.size ?? 0)) { bytes in
            bytes.append("0\r\n")
            trailers?.write(to: &bytes)
            bytes.append("\r\n")
        }
    }
}

extension HTTPMessageFields {
    /// A line for each. `size` counts more for a field than its line has.
    fileprivate func write(to bytes: inout OutputRawSpan) {
        for field in list {
            bytes.append(field.name)
            bytes.append(": ")
            unsafe field.value.withUnsafeBytes { unsafe bytes.append($0) }
            bytes.append("\r\n")
        }
    }
}
