// A line for each request.

import NIOCore
import WASIHTTP

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Who is at the other end of a connection.
struct PeerName: Sendable {
    let address: SocketAddress?
    /// Tells connections apart while they are open.
    let connection: ObjectIdentifier

    /// An address without the port; `-` for a socket in the file system.
    var text: String { address?.ipAddress ?? "-" }
}

/// What is known of a request when it is over.
struct AccessRecord: Sendable {
    let head: RequestHead
    let peer: String
    /// 0 if nothing was answered.
    let status: UInt16
    /// Bytes of bodies.
    let sent: UInt64
    let received: UInt64
    let duration: TimeAmount
    let route: String?
    let trace: String?
}

/// Writes down requests. Any thread may use it.
final class AccessLog: Sendable {
    let format: AccessLogFormat
    private let writer: LineWriter

    init(_ format: AccessLogFormat, descriptor: CInt = 1) {
        self.format = format
        writer = LineWriter(descriptor)
    }

    /// Goes on behind what another has written.
    init(_ format: AccessLogFormat, behind former: AccessLog) {
        self.format = format
        writer = former.writer
    }

    func write(_ record: AccessRecord) {
        switch format {
        case .off: break
        case .common: writer.write(Self.common(record))
        case .json: writer.write(Self.json(record))
        }
    }

    func flush() { writer.flush() }

    private static func common(_ record: AccessRecord) -> String {
        let head = record.head
        let request = "\(head.method.name) \(head.target ?? "-") \(head.version.text)"
        let time = HTTPDate.common(time(nil))
        let status = record.status == 0 ? "-" : "\(record.status)"
        return "\(record.peer) - - [\(time)] \"\(quoted(request))\" \(status) \(record.sent)"
            + " \"\(field("referer", head))\" \"\(field("user-agent", head))\" \(microseconds(record))\n"
    }

    private static func field(_ name: String, _ head: RequestHead) -> String {
        head.fields.first(name).map(quoted) ?? "-"
    }

    private static func microseconds(_ record: AccessRecord) -> Int64 { record.duration.nanoseconds / 1000 }

    private static func json(_ record: AccessRecord) -> String {
        let head = record.head
        var line = "{\"time\":\"\(HTTPDate.precise())\",\"peer\":\"\(quoted(record.peer))\""
        line += ",\"method\":\"\(quoted(head.method.name))\""
        if let authority = head.authority { line += ",\"host\":\"\(quoted(authority))\"" }
        if let target = head.target { line += ",\"target\":\"\(quoted(target))\"" }
        line += ",\"protocol\":\"\(head.version.text)\",\"status\":\(record.status == 0 ? "null" : "\(record.status)")"
        line += ",\"received\":\(record.received),\"sent\":\(record.sent),\"microseconds\":\(microseconds(record))"
        if let agent = head.fields.first("user-agent") { line += ",\"agent\":\"\(quoted(agent))\"" }
        if let route = record.route { line += ",\"application\":\"\(quoted(route))\"" }
        if let trace = record.trace { line += ",\"trace\":\"\(quoted(trace))\"" }
        return line + "}\n"
    }

    /// For between quotation marks, of both formats.
    private static func quoted(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { isControl($0) || $0 == "\"" || $0 == "\\" }) else { return text }
        var quoted = ""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" {
                quoted += "\\"
                quoted.unicodeScalars.append(scalar)
            } else if isControl(scalar) {
                let hex = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - hex.utf8.count) + hex
            } else {
                quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted
    }

    /// What ends a line somewhere, or what a terminal would obey.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (scalar.value >= 0x7F && scalar.value < 0xA0) || scalar.value == 0x2028 || scalar.value == 0x2029
    }
}
