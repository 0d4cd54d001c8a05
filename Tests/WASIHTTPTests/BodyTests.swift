// The pipe that carries a body.

import Synchronization
import Testing
import WASIHTTP

struct BodyTests {
    private func bytes(_ count: Int, from start: Int = 0) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: ($0 + start) &* 31) }
    }

    private func text(_ piece: HTTPBodyPiece) -> String {
        switch piece {
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        case .nothing: "(nothing)"
        case .end(let trailers): "(end \(trailers?.description ?? "-"))"
        case .failed(let error): "(failed \(error))"
        }
    }

    @Test func inOrder() {
        let body = HTTPBody(of: .request)
        #expect(text(body.read(upTo: 10)) == "(nothing)")
        body.append(Array("hello ".utf8))
        body.append(Array("world".utf8))
        #expect(body.waitingCount == 11)
        #expect(text(body.read(upTo: 4)) == "hell")
        #expect(text(body.read(upTo: 100)) == "o world")
        body.append(Array("!".utf8))
        body.finish(trailers: ["x": "y"])
        #expect(body.append([1]) == nil)
        #expect(text(body.read(upTo: 100)) == "!")
        #expect(text(body.read(upTo: 100)) == "(end x: y)")
        #expect(text(body.read(upTo: 100)) == "(end x: y)")
        #expect(body.writtenCount == 12)
    }

    @Test func roomAndCallbacks() {
        let body = HTTPBody(of: .request, capacity: 10)
        let readable = Counter()
        let writable = Counter()
        body.onReadable { readable.add() }
        body.onWritable { writable.add() }
        #expect(readable.count == 0 && writable.count == 1)
        #expect(body.append([1, 2, 3]) == 7)
        #expect(readable.count == 1)
        #expect(body.append([4, 5, 6]) == 4)
        #expect(readable.count == 1)
        // All that comes is taken, and the sender told to stop.
        #expect(body.append(bytes(10)) == 0)
        _ = body.read(upTo: 8)
        #expect(writable.count == 1)
        // Half of the room is free again.
        _ = body.read(upTo: 4)
        #expect(writable.count == 2)
        _ = body.read(upTo: 100)
        body.append([1])
        #expect(readable.count == 2)
        _ = body.read(upTo: 100)
        body.finish()
        #expect(readable.count == 3)
        #expect(text(body.read(upTo: 1)) == "(end -)")
    }

    @Test func remaining() {
        let body = HTTPBody(of: .response)
        body.append([1, 2, 3])
        #expect(body.remainingCount == nil)
        body.finish()
        #expect(body.remainingCount == 3)
        _ = body.read(upTo: 2)
        #expect(body.remainingCount == 1)
        #expect(HTTPBody(of: .response, [1], trailers: ["a": "b"]).remainingCount == nil)
        #expect(HTTPBody(of: .response, length: 1).finish() != nil)
    }

    @Test func atOnceIfReadable() {
        let body = HTTPBody(of: .request, [1, 2])
        let readable = Counter()
        body.onReadable { readable.add() }
        #expect(readable.count == 1)
    }

    @Test func failureComesAfterTheBytes() {
        let body = HTTPBody(of: .response)
        body.append(Array("part".utf8))
        body.fail(.connectionTerminated)
        body.fail(.httpProtocolError)
        body.finish()
        #expect(text(body.read(upTo: 10)) == "part")
        #expect(text(body.read(upTo: 10)) == "(failed connection-terminated)")
    }

    @Test func cancelled() {
        let body = HTTPBody(of: .request, capacity: 4)
        let writable = Counter()
        body.append(bytes(9))
        body.onWritable { writable.add() }
        #expect(writable.count == 0)
        body.cancel()
        #expect(writable.count == 1)
        #expect(body.isCancelled && body.waitingCount == 0)
        #expect(body.append([1]) == nil)
    }

    @Test func announcedLength() {
        let right = HTTPBody(of: .request, length: 3)
        right.append([1, 2, 3])
        #expect(right.finish() == nil)

        let short = HTTPBody(of: .response, length: 3)
        short.append([1, 2])
        #expect(short.finish() == .httpResponseIncomplete)
        _ = short.read(upTo: 9)
        #expect(text(short.read(upTo: 9)) == "(failed HTTP-response-incomplete)")

        let shortRequest = HTTPBody(of: .request, length: 3)
        #expect(shortRequest.finish() == .httpRequestBodySize(0))

        let long = HTTPBody(of: .request, length: 3)
        #expect(long.append([1, 2, 3, 4]) == nil)
        #expect(text(long.read(upTo: 9)) == "(failed HTTP-request-body-size: 4 bytes)")
    }

    /// Pieces of all sizes through a small ring, which goes round and grows.
    @Test func readersThatLeave() {
        let left = Counter()
        let body = HTTPBody(of: .response)
        body.onCancel { left.add() }
        body.append([1])
        #expect(left.count == 0)
        body.cancel()
        body.cancel()
        #expect(left.count == 1)
        // Told at once, if it has happened; not at all once the end was written.
        body.onCancel { left.add() }
        #expect(left.count == 2)
        let ended = HTTPBody(of: .response, [1])
        ended.onCancel { left.add() }
        ended.cancel()
        #expect(left.count == 2)
        let failed = HTTPBody(of: .request)
        failed.append([1])
        #expect(failed.failure == nil)
        failed.fail(.connectionTerminated)
        #expect(failed.failure == .connectionTerminated)
    }

    @Test func manyPieces() {
        let body = HTTPBody(of: .request, capacity: 700)
        var sent = 0
        var received: [UInt8] = []
        var generator = Numbers()
        while received.count < 200_000 {
            if generator.next(3) != 0 {
                let count = generator.next(900)
                body.append(bytes(count, from: sent))
                sent += count
            }
            if case .bytes(let piece) = body.read(upTo: generator.next(1000) + 1) { received += piece }
        }
        while case .bytes(let piece) = body.read(upTo: 1000) { received += piece }
        #expect(received == bytes(sent))
    }

    /// A writer and a reader on threads of their own; each goes on only when it was told to.
    @Test func twoThreads() async {
        let body = HTTPBody(of: .request, capacity: 1000)
        let total = 1_000_000
        async let sum: Int = {
            var count = 0
            while true {
                switch body.read(upTo: 777) {
                case .bytes(let piece): count += piece.count
                case .nothing:
                    await withCheckedContinuation { continuation in
                        let once = Once { continuation.resume() }
                        body.onReadable { once.run() }
                    }
                case .end: return count
                case .failed: return -1
                }
            }
        }()
        var sent = 0
        while sent < total {
            let count = min(333, total - sent)
            sent += count
            if body.append(bytes(count)) == 0 {
                await withCheckedContinuation { continuation in
                    let once = Once { continuation.resume() }
                    body.onWritable { once.run() }
                }
            }
        }
        body.finish()
        #expect(await sum == total)
    }

    @Test func futures() {
        let future = FutureHTTPResponse()
        #expect(future.complete(.success(IncomingHTTPResponse(status: 200))))
        #expect(!future.complete(.failure(.connectionRefused)))
        guard case .result(.success(let response)) = future.take() else {
            Issue.record("no response")
            return
        }
        #expect(response.status == 200)
        guard case .takenBefore = future.take() else {
            Issue.record("taken twice")
            return
        }

        let cancelled = Counter()
        let unwanted = FutureHTTPResponse(onCancel: { cancelled.add() })
        unwanted.cancel()
        unwanted.cancel()
        #expect(cancelled.count == 1 && unwanted.isCancelled)
        let body = HTTPBody(of: .response, [1])
        #expect(!unwanted.complete(.success(IncomingHTTPResponse(status: 200, body: body))))
        #expect(body.isCancelled)
    }
}

final class Counter: Sendable {
    private let value = Atomic(0)
    var count: Int { value.load(ordering: .relaxed) }
    func add() { value.add(1, ordering: .relaxed) }
}

/// Runs something the first time that it is asked to.
private final class Once: Sendable {
    private let action: Mutex<(@Sendable () -> Void)?>

    init(_ action: @escaping @Sendable () -> Void) {
        self.action = Mutex(action)
    }

    func run() {
        let action = self.action.withLock { action in
            let taken = action
            action = nil
            return taken
        }
        action?()
    }
}

/// The same numbers each time.
private struct Numbers {
    private var state: UInt64 = 42

    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }
}
