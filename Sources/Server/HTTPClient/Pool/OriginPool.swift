// The connections to one origin, and the requests that wait for one.
//
// Each request that finds no connection has one made for itself, up to a limit; beyond it requests wait in line. While it is
// not known whether the origin speaks HTTP/2, or known that it does, one connection is made at a time, for all may go there.

import NIOCore
import WASIHTTP

/// Connections to an origin, on one event loop.
// Proof of Sendable: used on the loop's event loop only.
final class OriginPool: @unchecked Sendable {
    let origin: Origin
    // A circle that lasts as long as there are connections.
    private let loop: ClientLoop
    /// The one used last at the end.
    private var idle: [HTTP1ClientConnection] = []
    private var multiplexed: [HTTP2ClientConnection] = []
    private var waiting = CircularBuffer<ClientRequest>()
    private var isServing = false
    /// Connections being made.
    private var attemptCount = 0
    /// Connections of HTTP/1.1, those at work included.
    private var serialCount = 0
    private var speaksHTTP2: Bool?
    /// What the metrics have been told of.
    private var countedIdle = 0

    init(_ origin: Origin, on loop: ClientLoop) {
        self.origin = origin
        self.loop = loop
        if loop.client.configuration.speaksPlainHTTP2(origin) { speaksHTTP2 = true }
    }

    var isEmpty: Bool { !hasConnections && waiting.isEmpty && !isServing }

    /// Whether there are as many connections as there may be.
    var isFull: Bool { attemptCount + serialCount + multiplexed.count >= loop.limits.connectionsPerHost }

    // MARK: - Requests

    func submit(_ request: ClientRequest) {
        request.pool = self
        waiting.append(request)
        serveWaiting()
    }

    /// Gives the request a connection that is there. One that is made again gets none that was idle, if it can be helped.
    private func serve(_ request: ClientRequest) -> Bool {
        if let connection = multiplexed.first(where: { $0.hasRoom }) {
            connection.begin(request)
            return true
        }
        if request.hasRetried, !isFull { return false }
        while let connection = idle.popLast() {
            if connection.isFree {
                connection.begin(request)
                return true
            }
        }
        return false
    }

    private var mayConnect: Bool {
        if attemptCount > 0, speaksHTTP2 ?? (origin.scheme == .https) { return false }
        return !isFull
    }

    /// A request does not wait any more.
    func leave(_ request: ClientRequest) {
        if let index = waiting.firstIndex(where: { $0 === request }) { waiting.remove(at: index) }
        loop.removeIfEmpty(self)
    }

    /// Finds connections for those who wait, in their order. What a request or a connection does in here may call it again,
    /// which has no effect: it goes on anyway.
    func serveWaiting() {
        guard !isServing else { return }
        isServing = true
        while let request = waiting.popFirst() {
            if serve(request) { continue }
            guard mayConnect else {
                waiting.prepend(request)
                break
            }
            if loop.makeRoom() {
                connect(for: request)
            } else if hasConnections {
                waiting.prepend(request)
                loop.starves(self)
                break
            } else {
                // There is none that could become free.
                request.fail(.connectionLimitReached)
            }
        }
        isServing = false
        countIdle()
        loop.removeIfEmpty(self)
    }

    private func countIdle() {
        guard let metrics = loop.metrics else { return }
        let count = idle.count + multiplexed.count { $0.streamCount == 0 }
        if count != countedIdle { metrics.changeIdle(by: count - countedIdle) }
        countedIdle = count
    }

    /// Whether there are connections, or will be.
    private var hasConnections: Bool { attemptCount > 0 || serialCount > 0 || !multiplexed.isEmpty }

    // MARK: - New connections

    private func connect(for request: ClientRequest) {
        attemptCount += 1
        loop.connectionBegan()
        let attempt = ConnectionAttempt(to: origin, on: loop, timeout: request.connectTime) { result in
            self.attemptCount -= 1
            switch result {
            case .success(.http1(let connection)): self.add(connection, for: request)
            case .success(.http2(let connection)): self.add(connection, for: request)
            case .failure(let error): self.attemptFailed(error, of: request)
            }
        }
        request.connecting(by: attempt)
        attempt.start()
    }

    private func attemptFailed(_ error: HTTPErrorCode, of request: ClientRequest) {
        loop.connectionEnded()
        request.fail(error)
        if !hasConnections {
            // They waited for this one.
            while let request = waiting.popFirst() { request.fail(error) }
        }
        serveWaiting()
    }

    /// The request that a connection was being made for does not want it any more, and it is made no further.
    func attemptEnded(of request: ClientRequest) {
        attemptCount -= 1
        loop.connectionEnded()
        serveWaiting()
    }

    private func add(_ connection: HTTP1ClientConnection, for request: ClientRequest) {
        speaksHTTP2 = false
        serialCount += 1
        loop.metrics?.connectionOpened()
        connection.onFree = { connection, isUsable in self.freed(connection, isUsable) }
        if request.wantsConnection {
            connection.begin(request)
        } else {
            freed(connection, true)
        }
        serveWaiting()
    }

    private func freed(_ connection: HTTP1ClientConnection, _ isUsable: Bool) {
        if isUsable {
            connection.idleDeadline = .now() + connection.idleLimit(loop.times.idle)
            idle.append(connection)
            loop.connectionBecameIdle()
        } else {
            connection.onFree = nil
            serialCount -= 1
            loop.connectionEnded()
            loop.metrics?.connectionClosed()
            if let index = idle.firstIndex(where: { $0 === connection }) { idle.remove(at: index) }
        }
        serveWaiting()
    }

    private func add(_ connection: HTTP2ClientConnection, for request: ClientRequest) {
        speaksHTTP2 = true
        loop.metrics?.connectionOpened()
        multiplexed.append(connection)
        connection.onChange = { self.changed($0) }
        if request.wantsConnection {
            connection.begin(request)
        } else {
            changed(connection)
        }
        serveWaiting()
    }

    private func changed(_ connection: HTTP2ClientConnection) {
        if !connection.isUsable {
            connection.onChange = nil
            if let index = multiplexed.firstIndex(where: { $0 === connection }) {
                multiplexed.remove(at: index)
                loop.connectionEnded()
                loop.metrics?.connectionClosed()
            }
        } else if connection.streamCount == 0 {
            connection.idleDeadline = .now() + loop.times.idle
            loop.connectionBecameIdle()
        }
        serveWaiting()
    }

    // MARK: - Idle connections

    /// When the connection that is idle for longest is to be closed.
    var oldestIdle: NIODeadline? {
        let deadlines = idle.map(\.idleDeadline) + multiplexed.filter { $0.streamCount == 0 }.map(\.idleDeadline)
        return deadlines.min()
    }

    /// Closes the connection that is idle for longest. Answers false if there is none.
    func closeOldestIdle() -> Bool {
        guard let oldest = oldestIdle else { return false }
        if let index = idle.firstIndex(where: { $0.idleDeadline == oldest }) {
            // The channel may tell of its end before `close` returns.
            idle.remove(at: index).close()
        } else {
            multiplexed.first { $0.streamCount == 0 && $0.idleDeadline == oldest }?.retire()
        }
        return true
    }

    /// Closes what has been idle for too long. Answers whether something is idle still.
    func closeIdle(at now: NIODeadline) -> Bool {
        let expired = idle.filter { $0.idleDeadline <= now }
        idle.removeAll { $0.idleDeadline <= now }
        for connection in expired { connection.close() }
        for connection in multiplexed where connection.streamCount == 0 && connection.idleDeadline <= now {
            connection.retire()
        }
        return !idle.isEmpty || multiplexed.contains { $0.streamCount == 0 }
    }

    func closeAll() {
        let closing = idle
        idle = []
        for connection in closing { connection.close() }
        for connection in multiplexed { connection.close() }
    }
}
