// One request of a guest, from `handle` until both its body and the response's are over, or one of them has failed.
//
//     waiting ─ a connection is free ─→ active ─ the response has ended ──→ ended
//        └──── connecting ────────────────┘└──── it failed, was cancelled ──→ ended
//
// The guest is on the other side of three things that any thread may use: the future with the response's head, and the two
// bodies. Their callbacks only put a task on the event loop, for they may come on a guest's fiber, where nothing may be done
// to a connection.

import NIOCore
import Synchronization
import WASIHTTP

/// A request under way.
// Proof of Sendable: what is not constant is used on the loop's event loop only, but for `isPumpDue`, which is atomic.
final class ClientRequest: @unchecked Sendable {
    enum State {
        /// For a connection of the pool.
        case waiting
        case connecting(ConnectionAttempt)
        case active(any RequestCarrier)
        case ended
    }

    /// What the deadline is for.
    enum Wait {
        case connection
        case room
        case response
        case body
        /// Bytes that nobody wants, to have the connection back.
        case rest
        /// The whole of the response.
        case whole
    }

    let request: OutgoingHTTPRequest
    let origin: Origin
    let loop: ClientLoop
    private var future: FutureHTTPResponse?
    private(set) var state = State.waiting
    /// The pool that the request waits in; nil when it waits in none.
    weak var pool: OriginPool?

    /// Whether the connection had answered a request before.
    private var isReused = false
    private var retryCount = 0

    // The request's body.
    private var hasSentHead = false
    private var hasTakenBody = false
    /// Whether all of the request has been handed to the carrier.
    private(set) var isSent = false
    private var isPumping = false
    private let isPumpDue = Atomic(false)

    // The response.
    private var status: UInt16?
    private var hasHead: Bool { status != nil }
    private var responseBody: HTTPBody?
    private var bytesToReadAway = 0

    private let started = NIODeadline.now()
    private var wait = Wait.connection
    private var deadline: NIODeadline?
    /// For the whole of the response.
    private var lastDeadline: NIODeadline?
    private var timer: Scheduled<Void>?

    /// How long it may take a guest to show whether a request that mostly has no body has one.
    private static let framingTime = TimeAmount.milliseconds(10)
    /// How much of a response that nobody wants is read to keep its connection, and for how long.
    private static let bytesReadAway = 64 << 10
    private static let timeReadAway = TimeAmount.milliseconds(500)
    private static let pieceSize = 64 << 10
    /// How often a request is made again that other ends have refused.
    private static let mostRetries = 3

    init(_ request: OutgoingHTTPRequest, on loop: ClientLoop) {
        self.request = request
        self.loop = loop
        origin = Origin(request)
    }

    /// Looks for a connection.
    func start(_ future: FutureHTTPResponse) {
        self.future = future
        loop.metrics?.began()
        if future.isCancelled { return cancel() }
        expect(.connection, within: connectTime)
        loop.submit(self)
    }

    private var isEnded: Bool { if case .ended = state { true } else { false } }

    // MARK: - A connection

    /// How long there is left to connect.
    var connectTime: TimeAmount { Self.amount(request.options.connectTimeout) ?? loop.times.connect }

    func connecting(by attempt: ConnectionAttempt) {
        state = .connecting(attempt)
    }

    /// Whether the request waits for a connection, which may be another than the one that is being made for it.
    var wantsConnection: Bool {
        switch state {
        case .waiting, .connecting: true
        case .active, .ended: false
        }
    }

    /// A connection will carry the request before long; the pool has nothing more to do with it.
    func assigned() {
        guard wantsConnection else { return }
        state = .waiting
        pool = nil
    }

    /// Sends the request. What comes of it the carrier tells.
    func begin(on carrier: any RequestCarrier, isReused: Bool) {
        guard wantsConnection else { return carrier.abandon() }
        state = .active(carrier)
        pool = nil
        self.isReused = isReused
        lastDeadline = loop.times.response.map { .now() + $0 }
        expect(.response, within: firstByteTime)
        if let framing = framing(isLate: carrier.isFramedByItself) {
            send(framing, carrier)
        } else {
            loop.eventLoop.scheduleTask(in: Self.framingTime) { self.sendHeadIfDue() }
            request.body?.onReadable { [weak self] in self?.schedulePump() }
        }
    }

    private func sendHeadIfDue() {
        guard case .active(let carrier) = state, !hasSentHead, let framing = framing(isLate: true) else { return }
        send(framing, carrier)
    }

    /// How the body's end is told; nil if that should wait a little.
    private func framing(isLate: Bool) -> RequestFraming? {
        if let length = request.headers.contentLength { return .length(length) }
        let meansBody: Bool
        switch request.method {
        case .post, .put, .patch: meansBody = true
        default: meansBody = false
        }
        guard let body = request.body else { return meansBody ? .length(0) : RequestFraming.none }
        if let count = body.remainingCount {
            return count == 0 && !meansBody ? RequestFraming.none : .length(UInt64(count))
        }
        // Many guests open a body, write nothing and finish it; with chunks that would be a body to many servers.
        return meansBody || isLate || body.isEnded || body.waitingCount > 0 ? .open : nil
    }

    private func send(_ framing: RequestFraming, _ carrier: any RequestCarrier) {
        if let error = request.body?.failure { return abandon(error) }
        do throws(HTTPErrorCode) {
            try carrier.writeHead(request, framing)
        } catch {
            return abandon(error)
        }
        hasSentHead = true
        guard let body = request.body else { return sendEnd(nil, carrier) }
        body.onReadable { [weak self] in self?.schedulePump() }
        pump()
    }

    // MARK: - The request's body

    /// From any thread, and from a guest's fiber.
    private func schedulePump() {
        if isPumpDue.exchange(true, ordering: .acquiringAndReleasing) { return }
        loop.eventLoop.execute {
            self.isPumpDue.store(false, ordering: .releasing)
            if self.hasSentHead { self.pump() } else { self.sendHeadIfDecided() }
        }
    }

    private func sendHeadIfDecided() {
        guard case .active(let carrier) = state, !hasSentHead, let framing = framing(isLate: false) else { return }
        send(framing, carrier)
    }

    /// Sends what there is to send.
    private func pump() {
        guard !isPumping, hasSentHead, !isSent, case .active(let carrier) = state, let body = request.body else { return }
        isPumping = true
        defer { isPumping = false }
        repeat {
            while carrier.isWritable {
                if !sendPiece(of: body, carrier) { return }
            }
            // What is written may be gone at once, and then nobody tells of it but this.
            carrier.flush()
        } while carrier.isWritable
        // The carrier may have failed meanwhile.
        if !hasHead, case .active(let current) = state, current === carrier { expect(.room, within: loop.times.write) }
    }

    /// Hands on what is there of the body. Answers false if that was all for now, or for ever.
    private func sendPiece(of body: HTTPBody, _ carrier: any RequestCarrier) -> Bool {
        var bytes = loop.allocator.buffer(capacity: max(1, min(body.waitingCount, Self.pieceSize)))
        var outcome = HTTPBodyRead.nothing
        _ = unsafe bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: 1) { room in
            outcome = unsafe body.read(into: room)
            if case .bytes(let count) = outcome { return count }
            return 0
        }
        switch outcome {
        case .bytes:
            hasTakenBody = true
            carrier.writeBody(bytes)
            progressed()
            return true
        case .nothing: carrier.flush()
        case .end(let trailers): sendEnd(trailers, carrier)
        case .failed(let error): abandon(error)
        }
        return false
    }

    private func sendEnd(_ trailers: HTTPMessageFields?, _ carrier: any RequestCarrier) {
        do throws(HTTPErrorCode) {
            if let trailers { try loop.limits.check(requestTrailers: trailers) }
            isSent = true
            try carrier.writeEnd(trailers)
            progressed()
        } catch {
            isSent = false
            abandon(error)
        }
    }

    /// The other end has been sent something, and may take its time anew.
    private func progressed() {
        if !hasHead { expect(.response, within: firstByteTime) }
    }

    func writabilityChanged() {
        guard case .active(let carrier) = state, carrier.isWritable else { return }
        progressed()
        pump()
    }

    // MARK: - The response

    /// Whether the guest, or nobody, waits for more.
    var wantsMore: Bool {
        guard let responseBody, !responseBody.isCancelled else { return true }
        return responseBody.waitingCount < responseBody.capacity
    }

    /// The head has come. If there is no body, `receiveEnd` follows all the same.
    func receive(status: UInt16, _ fields: HTTPMessageFields, length: UInt64?, hasBody: Bool) {
        guard case .active = state else { return }
        self.status = status
        if hasBody {
            let body = HTTPBody(of: .response, length: length)
            responseBody = body
            body.onWritable { [weak self] in self?.onLoop { $0.readMore() } }
            body.onCancel { [weak self] in self?.onLoop { $0.responseUnwanted() } }
        }
        expect(.body, within: betweenBytesTime)
        let future = self.future
        self.future = nil
        future?.complete(.success(IncomingHTTPResponse(status: status, headers: fields, body: responseBody)))
    }

    /// From any thread, and from a guest's fiber: not now, but soon.
    private func onLoop(_ body: @escaping @Sendable (ClientRequest) -> Void) {
        loop.eventLoop.execute { body(self) }
    }

    func receive(_ bytes: ByteBuffer) {
        guard let responseBody, case .active = state else { return }
        if responseBody.isCancelled {
            bytesToReadAway -= bytes.readableBytes
            if bytesToReadAway < 0 { abandonQuietly() }
            return
        }
        _ = unsafe bytes.withUnsafeReadableBytes { unsafe responseBody.append($0) }
        if responseBody.isEnded {
            // More than was announced.
            return abandonQuietly()
        }
        if wantsMore {
            expect(.body, within: betweenBytesTime)
        } else {
            // It is the guest that takes its time.
            wait = .whole
            deadline = lastDeadline
        }
    }

    private func readMore() {
        guard case .active(let carrier) = state, hasHead, let responseBody, !responseBody.isCancelled, wantsMore else { return }
        if deadline == nil || wait == .whole { expect(.body, within: betweenBytesTime) }
        carrier.readMore()
    }

    /// The response is complete.
    func receiveEnd(_ trailers: HTTPMessageFields?) {
        guard case .active = state else { return }
        responseBody?.finish(trailers: trailers)
        end()
    }

    /// Nobody reads the response any more.
    private func responseUnwanted() {
        guard case .active(let carrier) = state else { return }
        guard isSent, carrier.canReadAway else { return abandonQuietly() }
        bytesToReadAway = Self.bytesReadAway
        expect(.rest, within: Self.timeReadAway)
        carrier.readMore()
    }

    // MARK: - The end

    /// The carrier has failed. It takes no more, and has nothing more to say.
    ///
    /// - Parameters:
    ///   - mayRetry: whether nothing of a response has come, and the connection may have been closed before the request
    ///     arrived there.
    ///   - isRefused: whether the other end has said that it did nothing with the request.
    func fail(_ error: HTTPErrorCode, mayRetry: Bool = false, isRefused: Bool = false) {
        guard !isEnded else { return }
        if mayRetry, canRetry(isRefused: isRefused) { return retry() }
        tell(error)
        end(error)
    }

    private func tell(_ error: HTTPErrorCode) {
        if hasHead {
            responseBody?.fail(error)
        } else {
            future?.complete(.failure(error))
        }
    }

    /// Whether the request can be made again as if it never had been: a connection that was idle may have been closed
    /// while the request was on its way (RFC 9110, section 9.2.2; RFC 9112, section 9.3.1).
    private func canRetry(isRefused: Bool) -> Bool {
        if retryCount >= Self.mostRetries || hasTakenBody || hasHead { return false }
        if isRefused { return true }
        if hasRetried { return false }
        if !hasSentHead { return true }
        guard isReused else { return false }
        switch request.method {
        case .get, .head, .options, .trace, .put, .delete: return true
        default: return false
        }
    }

    var hasRetried: Bool { retryCount > 0 }

    private func retry() {
        retryCount += 1
        loop.metrics?.countRetry()
        hasSentHead = false
        isSent = false
        lastDeadline = nil
        state = .waiting
        expect(.connection, within: connectTime)
        // What the connection was told may not have reached all of it: not now, but soon.
        onLoop { if $0.wantsConnection { $0.loop.submit($0) } }
    }

    /// The future is not wanted any more. On the loop.
    func cancel() {
        guard !isEnded else { return }
        abandonQuietly()
    }

    /// From any thread.
    func cancelFromAnywhere() {
        onLoop { $0.cancel() }
    }

    private func abandon(_ error: HTTPErrorCode) {
        let carrier = leave()
        tell(error)
        end(error)
        carrier?.abandon()
    }

    private func abandonQuietly() {
        let carrier = leave()
        end()
        carrier?.abandon()
    }

    /// Takes back what was begun to get an answer.
    private func leave() -> (any RequestCarrier)? {
        switch state {
        case .waiting:
            pool?.leave(self)
            return nil
        case .connecting(let attempt):
            attempt.cancel()
            pool?.attemptEnded(of: self)
            return nil
        case .active(let carrier): return carrier
        case .ended: return nil
        }
    }

    private func end(_ error: HTTPErrorCode? = nil) {
        state = .ended
        loop.metrics?.ended(status: status, error ?? responseBody?.failure, after: .now() - started)
        pool = nil
        timer?.cancel()
        timer = nil
        deadline = nil
        future = nil
        if let body = request.body {
            body.onReadable(nil)
            if !isSent { body.cancel() }
        }
        responseBody?.onWritable(nil)
    }

    // MARK: - Time

    private var firstByteTime: TimeAmount { Self.amount(request.options.firstByteTimeout) ?? loop.times.firstByte }
    private var betweenBytesTime: TimeAmount { Self.amount(request.options.betweenBytesTimeout) ?? loop.times.betweenBytes }

    private static func amount(_ nanoseconds: UInt64?) -> TimeAmount? {
        nanoseconds.map { .nanoseconds(Int64(min($0, 365 * 86_400 * 1_000_000_000))) }
    }

    private func expect(_ wait: Wait, within time: TimeAmount) {
        if isEnded { return }
        self.wait = wait
        var deadline = NIODeadline.now() + time
        if let lastDeadline, lastDeadline < deadline, wait != .rest {
            self.wait = .whole
            deadline = lastDeadline
        }
        self.deadline = deadline
        // A timer that is early looks again; most requests are over long before.
        if timer != nil, timerDeadline <= deadline { return }
        setTimer(deadline)
    }

    private var timerDeadline = NIODeadline.distantFuture

    private func setTimer(_ deadline: NIODeadline) {
        timer?.cancel()
        timerDeadline = deadline
        timer = loop.eventLoop.scheduleTask(deadline: deadline) { [weak self] in self?.look() }
    }

    private func look() {
        timer = nil
        guard let deadline, !isEnded else { return }
        if NIODeadline.now() < deadline { return setTimer(deadline) }
        self.deadline = nil
        switch wait {
        case .connection:
            switch state {
            case .connecting(let attempt): abandon(attempt.isResolving ? .dnsTimeout : .connectionTimeout)
            case .waiting: abandon(pool?.isFull ?? false ? .connectionLimitReached : .connectionTimeout)
            case .active, .ended: break
            }
        case .room: abandon(.connectionWriteTimeout)
        case .response:
            // The connection may be one that leads nowhere any more.
            if case .active(let carrier) = state { carrier.suspect() }
            abandon(.connectionReadTimeout)
        case .body: abandon(.connectionReadTimeout)
        case .rest: abandonQuietly()
        case .whole: abandon(.httpResponseTimeout)
        }
    }
}
