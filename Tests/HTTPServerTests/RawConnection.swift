// A client that sends what it is told, byte for byte.
import Foundation

#if canImport(Glibc)
    import Glibc
    private let stream = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    private let sendFlags = Int32(MSG_NOSIGNAL)
#elseif canImport(Musl)
    import Musl
    private let stream = SOCK_STREAM | SOCK_CLOEXEC
    private let sendFlags = MSG_NOSIGNAL
#else
    private let stream = SOCK_STREAM
    private let sendFlags: Int32 = 0
#endif

final class RawConnection {
    private let descriptor: Int32

    /// - Parameter room: how many bytes the system may keep for this end; few make a client that reads slowly.
    init(port: Int, room: Int32? = nil) throws {
        descriptor = socket(AF_INET, stream, 0)
        if var room { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, socklen_t(MemoryLayout<Int32>.size)) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        try open(&address)
    }

    /// To the loopback address of IPv6.
    init(port6: Int) throws {
        descriptor = socket(AF_INET6, stream, 0)
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = in_port_t(UInt16(port6).bigEndian)
        address.sin6_addr = in6addr_loopback
        try open(&address)
    }

    /// To a socket in the file system.
    init(path: String) throws {
        descriptor = socket(AF_UNIX, stream, 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        try open(&address)
    }

    private func open<Address>(_ address: inout Address) throws {
        let size = socklen_t(MemoryLayout<Address>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        guard result == 0 else { throw Failure("cannot connect: \(errno)") }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit { close(descriptor) }

    /// Has the system send what it is given without waiting for more.
    func sendsAtOnce() {
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    private func wait(_ events: Int32, until deadline: ContinuousClock.Instant) -> Bool {
        let rest = ContinuousClock.now.duration(to: deadline)
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        return poll(&entry, 1, Int32(max(0, rest / .milliseconds(1)))) > 0
    }

    private(set) var received: [UInt8] = []
    private(set) var isClosed = false
    /// Whether it was not closed in good order.
    private(set) var wasReset = false

    /// Sends all of it, and reads meanwhile what comes. A connection that is closed takes no more.
    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        let deadline = ContinuousClock.now + .seconds(60)
        while !rest.isEmpty, !isClosed, ContinuousClock.now < deadline {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, sendFlags) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                receive(for: .milliseconds(2))
            } else {
                receive(for: .milliseconds(200))
                return
            }
        }
    }

    /// Sends all of it, and reads nothing.
    func sendBlindly(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty, wait(POLLOUT, until: .now + .seconds(30)) {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, sendFlags) }
            if count > 0 { rest = rest.dropFirst(count) } else if errno != EAGAIN { return }
        }
    }

    func shutDownOutput() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Reads until the connection was closed, or `isEnough`, or nothing has come for a while. What is waited for comes; the
    /// while is for servers that are at fault, and long, for machines may be busy.
    func receive(for pause: Duration = .seconds(30), until isEnough: () -> Bool = { false }) {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while !isClosed, !isEnough(), wait(POLLIN, until: .now + pause) {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 {
                received += buffer[..<count]
            } else if count == 0 || errno != EAGAIN {
                wasReset = count < 0
                isClosed = true
            }
        }
    }

    /// Reads what is there, and forgets it.
    func discard() {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while recv(descriptor, &buffer, buffer.count, 0) > 0 {}
    }

    /// Makes a request whose guest is at work when this returns, and until `release`: it reads a body that does not end. It is
    /// stopped at the end of its time, or a minute after this.
    func hold() {
        send(Array("POST /count HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 20005\r\n\r\n".utf8))
        receive { text.contains("100 Continue") }
        // At the rate that is asked for these are as good as a minute.
        send([UInt8](repeating: 0x78, count: 20_000))
    }

    /// Lets the guest of `hold` come to its end, and answers the status of its response.
    func release() -> Int? {
        send(Array("hello".utf8))
        receive { held != nil }
        return held
    }

    /// The status of the response to `hold`.
    var held: Int? { responses().map(\.status).first { $0 >= 200 } }

    var text: String { String(decoding: received, as: UTF8.self) }

    /// Responses, as far as they came: their statuses and the bodies.
    func responses(toHeads: [Bool] = []) -> [(status: Int, body: [UInt8])] {
        var found: [(Int, [UInt8])] = []
        var rest = received[...]
        while let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) {
            let head = String(decoding: rest[..<end.lowerBound], as: UTF8.self)
            guard head.hasPrefix("HTTP/1."), let status = Int(head.dropFirst(9).prefix(3)) else { break }
            rest = rest[end.upperBound...]
            let isHead = found.count < toHeads.count && toHeads[found.count]
            var body: [UInt8] = []
            if status >= 200, status != 204, status != 304, !isHead {
                let lines = head.lowercased().split(separator: "\r\n")
                if let line = lines.first(where: { $0.hasPrefix("content-length:") }) {
                    let length = Int(line.dropFirst(15).trimmingCharacters(in: .whitespaces)) ?? 0
                    body = Array(rest.prefix(length))
                    rest = rest.dropFirst(length)
                } else if lines.contains(where: { $0.hasPrefix("transfer-encoding: chunked") }) {
                    while let line = rest.firstRange(of: Array("\r\n".utf8)) {
                        let size = Int(String(decoding: rest[..<line.lowerBound], as: UTF8.self), radix: 16) ?? 0
                        rest = rest[line.upperBound...]
                        body += rest.prefix(size)
                        if size == 0 {
                            while let line = rest.firstRange(of: Array("\r\n".utf8)) {
                                let isLast = line.lowerBound == rest.startIndex
                                rest = rest[line.upperBound...]
                                if isLast { break }
                            }
                            break
                        }
                        rest = rest.dropFirst(size + 2)
                    }
                } else {
                    body = Array(rest)
                    rest = []
                }
            }
            found.append((status, body))
        }
        return found
    }
}

/// Whether it holds before half a minute is over.
func waitUntil(_ holds: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<3000 {
        if try holds() { return true }
        usleep(10_000)
    }
    return false
}

/// Whether nobody listens there, or soon nobody does.
func becomesClosed(_ port: Int) -> Bool { waitUntil { (try? RawConnection(port: port)) == nil } }
