// A server on the loopback interface that says, byte for byte, what a test wants said.
import Synchronization

#if canImport(Glibc)
    import Glibc
    private let streamKind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    private let sendFlags = Int32(MSG_NOSIGNAL)
#elseif canImport(Musl)
    import Musl
    private let streamKind = SOCK_STREAM | SOCK_CLOEXEC
    private let sendFlags = MSG_NOSIGNAL
#else
    import Darwin
    private let streamKind = SOCK_STREAM
    private let sendFlags: Int32 = 0
#endif

struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Runs `body` on a thread of its own.
func onThread(_ body: @escaping @Sendable () -> Void) {
    let box = Unmanaged.passRetained(Box(body))
    #if canImport(Darwin)
        var thread: pthread_t?
    #else
        var thread = pthread_t()
    #endif
    pthread_create(
        &thread, nil,
        { pointer in
            #if canImport(Darwin)
                let box = Unmanaged<Box>.fromOpaque(pointer)
            #else
                let box = Unmanaged<Box>.fromOpaque(pointer!)
            #endif
            box.takeRetainedValue().body()
            return nil
        }, box.toOpaque())
    #if canImport(Darwin)
        if let thread { pthread_detach(thread) }
    #else
        pthread_detach(thread)
    #endif
}

private final class Box: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }
}

/// Accepts connections, and hands each to a script on a thread of its own.
final class RawServer: Sendable {
    let port: UInt16
    private let counts = Mutex((connections: 0, heads: [String]()))

    /// A socket that listens, and its port.
    private static func listening() throws -> (Int32, port: UInt16) {
        let listener = socket(AF_INET, streamKind, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && listen(listener, 64) == 0 && getsockname(listener, address, &size) == 0
            }
        }
        guard bound else { throw Failure("cannot listen: \(errno)") }
        return (listener, UInt16(bigEndian: address.sin_port))
    }

    init(_ script: @escaping @Sendable (RawPeer, _ number: Int) -> Void) throws {
        let (listener, port) = try Self.listening()
        self.port = port
        // It listens until the process ends, for a test cannot know when it is needed last.
        onThread {
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { return }
                // A process that is started meanwhile would keep the connection open.
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                let number = self.counts.withLock { counts in
                    counts.connections += 1
                    return counts.connections
                }
                onThread {
                    let peer = RawPeer(descriptor) { head in self.counts.withLock { $0.heads.append(head) } }
                    script(peer, number)
                    peer.close()
                }
            }
        }
    }

    var connectionCount: Int { counts.withLock { $0.connections } }

    /// The heads of all requests, in the order in which they came.
    var heads: [String] { counts.withLock { $0.heads } }

    /// A port where nobody listens.
    static func closedPort() throws -> UInt16 {
        // No thread accepts here: it could come too late, and take what another server's socket of the same number is sent.
        let (listener, port) = try listening()
        close(listener)
        return port
    }
}

/// The server's end of a connection. Used by its thread.
final class RawPeer {
    private let descriptor: Int32
    private let noteHead: (String) -> Void
    private var buffer: [UInt8] = []
    private(set) var isClosed = false

    init(_ descriptor: Int32, noteHead: @escaping (String) -> Void) {
        self.descriptor = descriptor
        self.noteHead = noteHead
    }

    func close() {
        if !isClosed {
            isClosed = true
            #if canImport(Glibc)
                Glibc.close(descriptor)
            #elseif canImport(Musl)
                Musl.close(descriptor)
            #else
                Darwin.close(descriptor)
            #endif
        }
    }

    private func receive() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        if count > 0 { buffer += bytes[..<count] }
        return count > 0
    }

    /// Reads a head, its empty line included; nil if the other end has closed the connection.
    func readHead() -> String? {
        let mark = Array("\r\n\r\n".utf8)
        while true {
            if let end = buffer.firstRange(of: mark) {
                let head = String(decoding: buffer[..<end.upperBound], as: UTF8.self)
                buffer.removeSubrange(..<end.upperBound)
                noteHead(head)
                return head
            }
            if !receive() { return nil }
        }
    }

    /// Reads so many bytes, or what came before the connection was closed.
    func read(_ count: Int) -> [UInt8] {
        while buffer.count < count, receive() {}
        let piece = Array(buffer.prefix(count))
        buffer.removeFirst(piece.count)
        return piece
    }

    /// Reads until `mark`, which belongs to what is answered.
    func read(until mark: String) -> String {
        let mark = Array(mark.utf8)
        while true {
            if let end = buffer.firstRange(of: mark) {
                let text = String(decoding: buffer[..<end.upperBound], as: UTF8.self)
                buffer.removeSubrange(..<end.upperBound)
                return text
            }
            if !receive() { return String(decoding: buffer, as: UTF8.self) }
        }
    }

    /// Waits until the other end has closed the connection.
    func readToEnd() {
        while receive() { buffer = [] }
    }

    /// Answers how many bytes were taken.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Int {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { piece in
                #if canImport(Glibc)
                    Glibc.send(descriptor, piece.baseAddress, piece.count, sendFlags)
                #elseif canImport(Musl)
                    Musl.send(descriptor, piece.baseAddress, piece.count, sendFlags)
                #else
                    Darwin.send(descriptor, piece.baseAddress, piece.count, sendFlags)
                #endif
            }
            if count <= 0 { break }
            sent += count
        }
        return sent
    }

    @discardableResult
    func send(_ text: String) -> Int { send(Array(text.utf8)) }

    /// Connects to a port of this machine, says so, and passes on bytes between there and here until one of them ends.
    ///
    /// On one thread: one that was still at it when the connection is closed would go on with whatever has its number next.
    func tunnel(to port: UInt16, answering answer: [UInt8] = Array("HTTP/1.1 200 OK\r\n\r\n".utf8)) {
        let other = socket(AF_INET, streamKind, 0)
        let far = RawPeer(other) { _ in }
        defer { far.close() }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(other, $0, size) == 0 }
        }
        guard isConnected else { return }
        send(answer)
        pass(to: far)
        var ends = [descriptor, other].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while poll(&ends, nfds_t(ends.count), -1) > 0 || errno == EINTR {
            if ends[0].revents != 0 {
                guard receive() else { return }
                pass(to: far)
            }
            if ends[1].revents != 0 {
                guard far.receive() else { return }
                far.pass(to: self)
            }
        }
    }

    private func pass(to other: RawPeer) {
        other.send(buffer)
        buffer = []
    }
}
