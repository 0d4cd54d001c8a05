// Lines of text for people and collectors, written by a thread of their own: an event loop never waits for a full pipe. A
// reader that is too slow loses lines, and is told how many.

import InternalUtilities
import NIOConcurrencyHelpers
import Synchronization
import WASIHost

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writes lines to a descriptor. Any thread may use it.
final class LineWriter: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var lost = 0
        var isStarted = false
    }

    private let descriptor: CInt
    private let state = Mutex(State())
    private let isWanted = ConditionLock(value: false)
    private static let limit = 4 << 20

    /// - Parameter descriptor: stays the caller's, and open.
    init(_ descriptor: CInt) {
        self.descriptor = descriptor
    }

    /// Adds a line, its end included.
    func write(_ line: String) {
        if line.isEmpty { return }
        let (isFirst, starts) = state.withLock { state in
            let starts = !state.isStarted
            state.isStarted = true
            if state.bytes.count > Self.limit {
                state.lost += 1
                return (false, starts)
            }
            let isFirst = state.bytes.isEmpty
            state.bytes += line.utf8
            return (isFirst, starts)
        }
        if starts { DetachedThread.start { [self] in run() } }
        if isFirst {
            isWanted.lock()
            isWanted.unlock(withValue: true)
        }
    }

    /// Writes what is there, on this thread.
    func flush() {
        let (bytes, lost) = state.withLock { state in
            let taken = (state.bytes, state.lost)
            state.bytes = []
            state.lost = 0
            return taken
        }
        writeAll(bytes)
        if lost > 0 { writeAll(Array("\(lost) lines were lost: nobody read them in time\n".utf8)) }
    }

    private func run() {
        while true {
            isWanted.lock(whenValue: true)
            isWanted.unlock(withValue: false)
            // Many lines at once are cheaper than one by one.
            usleep(10_000)
            flush()
        }
    }

    private func writeAll(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe systemWrite(descriptor, $0) }
            if count < 0 {
                if errno == EINTR { continue }
                if errno == EAGAIN {
                    var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = unsafe poll(&entry, 1, 1000)
                    continue
                }
                return
            }
            rest = rest.dropFirst(count)
        }
    }
}

/// What the server has to say of itself and of guests that fail.
public final class ServerLog: Sendable {
    private let writer: LineWriter
    /// What fails at every request would fill a disk.
    private let errors = Mutex(LineBudget(linesPerSecond: 100))
    /// What clients do must not crowd out what the server has to say of itself.
    private let refusals = Mutex(LineBudget(linesPerSecond: 10))
    /// In characters, more or less: what a guest says of its errors may be as long as its memory.
    private static let longestText = 2000

    /// - Parameter descriptor: where lines go; the standard error by default. It stays the caller's, and open.
    public init(descriptor: CInt = 2) {
        writer = LineWriter(descriptor)
    }

    /// Says that something began, ended or changed.
    public func note(_ text: String) {
        writer.write(text.onOneLine + "\n")
    }

    /// Says that something went wrong.
    public func error(_ text: String, details: [String] = []) {
        guard let suppressed = errors.withLock({ $0.take() }) else { return }
        var lines = Self.suppressed(suppressed, "errors")
        lines += "\(HTTPDate.precise()) error: \(text.shortened(to: Self.longestText).onOneLine)\n"
        for detail in details { lines += "  \(detail.shortened(to: Self.longestText).onOneLine)\n" }
        writer.write(lines)
    }

    /// Says that a client was turned away, for something that is its own doing or for want of room.
    func refused(_ peer: PeerName, _ reason: String) {
        guard let suppressed = refusals.withLock({ $0.take() }) else { return }
        let text = reason.count > 500 ? "\(reason.prefix(500))…" : reason
        writer.write(Self.suppressed(suppressed, "refusals") + "\(HTTPDate.precise()) refused: \(peer.text): \(text.onOneLine)\n")
    }

    func refused(_ peer: PeerName, _ refusal: Refusal) { refused(peer, "\(refusal.status): \(refusal.reason)") }

    private static func suppressed(_ count: Int, _ kind: String) -> String {
        count > 0 ? "\(count) more \(kind) were not written down\n" : ""
    }

    /// Writes what is there before it returns.
    public func flush() {
        writer.write(Self.suppressed(errors.withLock { $0.forget() }, "errors"))
        writer.write(Self.suppressed(refusals.withLock { $0.forget() }, "refusals"))
        writer.flush()
    }
}

/// So many lines a second; the others are counted.
private struct LineBudget {
    private let linesPerSecond: Int
    private var second = time_t(0)
    private var lines = 0
    private var suppressed = 0

    init(linesPerSecond: Int) {
        self.linesPerSecond = linesPerSecond
    }

    /// Asks for a line. Answers how many were refused since the last one, or nil if this is refused.
    mutating func take() -> Int? {
        let now = time(nil)
        if second != now {
            second = now
            lines = 0
        }
        if lines >= linesPerSecond {
            suppressed += 1
            return nil
        }
        lines += 1
        return forget()
    }

    /// How many were refused since the last one.
    mutating func forget() -> Int {
        defer { suppressed = 0 }
        return suppressed
    }
}

extension String {
    /// The beginning, and how much is left out.
    fileprivate func shortened(to limit: Int) -> String {
        let rest = utf8.count - limit
        guard rest > 0 else { return self }
        return String(decoding: utf8.prefix(limit), as: UTF8.self) + "… and \(rest) bytes more"
    }

    /// Without control characters: what a client sent must not make lines, nor reach a terminal.
    var onOneLine: String {
        guard unicodeScalars.contains(where: { $0.value < 0x20 || ($0.value >= 0x7F && $0.value < 0xA0) }) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            if scalar.value < 0x20 || (scalar.value >= 0x7F && scalar.value < 0xA0) {
                text += "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
