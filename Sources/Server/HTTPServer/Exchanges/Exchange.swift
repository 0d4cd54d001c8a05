// One request and its response: between a connection, which brings the one and takes the other, and a guest on a fiber.
//
// What the guest does while it runs is only noted; when its fiber is put aside or has ended, `pump` sends what there is.
// A response that is complete by then goes out in one piece with its length, which is what most responses are.

import Execution
import NIOCore
import Tracing
import WASIHTTP

/// A request under way.
// Proof of Sendable: everything is used on `loop`'s thread only. The callbacks of bodies, which may come from anywhere, go
// there by themselves before they touch anything.
final class Exchange: GuestWork, @unchecked Sendable {
    private enum Response {
        /// The guest has not answered.
        case awaited
        /// It has, and the head has not been written.
        case given(Result<OutgoingHTTPResponse, HTTPResponseFailure>)
        /// The head has been written.
        case begun
        case ended
    }

    let loop: ServerLoop
    let head: RequestHead
    /// The connection or stream; nil once it is gone, or has the whole response.
    private var writer: (any ResponseWriter)?
    private let peer: PeerName
    private let start = NIODeadline.now()
    private let deadline: NIODeadline

    /// What answers; nil if there is no route to anything.
    private var application: Application?

    /// What the guest reads of the request.
    let requestBody: HTTPBody?
    private var receivedCount: UInt64 = 0
    private var responseBody: HTTPBody?
    private var response = Response.awaited
    private var informational: [InformationalHTTPResponse] = []
    private(set) var task: GuestTask?
    private var isGuestFinished = false
    /// Whether it is one of the requests that guests are at work on.
    private var isCounted = false
    private var isTimedOut = false
    /// Whether the guest was stopped for a fault of the other end's.
    private var isStopped = false
    /// Whether it trapped or was stopped, which is in the log.
    private var hasGuestFailed = false
    private var isPumping = false
    private var isPumpScheduled = false
    private var hasBodyCallback = false
    /// Whether the other end waits for a leave to send its body. It gets that when the guest wants to read: what is
    /// answered without it need not be sent at all.
    private var owesContinue = false
    private var span: RequestSpan?
    var watchPlace: Int?

    // For the log.
    private var status: UInt16 = 0
    private var sentCount: UInt64 = 0
    private var route: String? { application?.name }

    init(_ head: consuming RequestHead, on loop: ServerLoop, writer: any ResponseWriter, peer: PeerName) {
        self.loop = loop
        self.writer = writer
        self.peer = peer
        deadline = start + loop.core.times.request
        requestBody = head.hasBody ? HTTPBody(of: .request, length: head.contentLength) : nil
        owesContinue = head.expectsContinue
        self.head = head
    }

    // MARK: - The beginning

    /// Finds a guest for the request and lets it run. The response may be complete when this returns.
    func begin() {
        loop.eventLoop.assertInEventLoop()
        let core = loop.core
        guard let application = core.router.application(for: head) else {
            return refuse(Refusal(404, "no route", closesConnection: false))
        }
        self.application = application
        if let length = head.contentLength, length > core.limits.bodyBytes {
            return refuse(Refusal(413, "body of \(length) bytes"))
        }
        guard loop.guests.waitingCount <= core.limits.waitingRequests else {
            core.metrics.countRefusedRequest()
            return refuse(Refusal(503, "too many requests wait", closesConnection: head.hasBody))
        }
        span = RequestSpan.begin(head, core)
        if let requestBody {
            requestBody.onWritable { [weak self] in self?.requestBodyIsWritable() }
        }
        if loop.guests.mayBegin(for: peer.connection) {
            startGuest()
        } else {
            loop.watch(self)
            loop.guests.begin(for: peer.connection) { self.startGuest() }
        }
    }

    /// Lets the guest run, unless that has become pointless meanwhile.
    private func startGuest() {
        if isTimedOut, case .awaited = response { writeError(504, closes: false) }
        if case .ended = response { return guestEnded() }
        // Not before its turn: whoever asks again as soon as he is refused would else be refused all the time, and be heard more
        // often than those wait that were not.
        guard loop.core.metrics.beginRequest(limit: loop.core.limits.concurrentRequests) else {
            guestEnded()
            return refuse(Refusal(503, "too many requests at once", closesConnection: head.hasBody))
        }
        isCounted = true
        do throws(Trap) {
            try loop.guests.start(self)
        } catch {
            loop.core.log.error("\(route ?? ""): no guest can be started: \(error)")
            guestEnded()
            refuse(Refusal(503, "no room for a guest", closesConnection: head.hasBody))
        }
    }

    /// Answers without a guest.
    private func refuse(_ refusal: Refusal) {
        if refusal.status != 404 { loop.core.log.refused(peer, refusal) }
        requestBody?.cancel()
        writeError(refusal.status, closes: refusal.closesConnection)
    }

    func run(_ task: GuestTask) {
        self.task = task
        guard let application else { return }
        do {
            try loop.withInstance(of: application, for: task) { (instance) throws(Trap) in
                try instance.handle(
                    IncomingHTTPRequest(
                        method: head.method, scheme: head.scheme, authority: head.authority, pathWithQuery: head.target,
                        headers: span?.propagated(head.fields) ?? head.fields, body: requestBody),
                    informational: { response in self.informational.append(response) },
                    respond: { result in self.answered(result) })
            }
        } catch {
            hasGuestFailed = true
            if !isStopped {
                loop.core.metrics.count(error, timedOut: isTimedOut)
                loop.core.log.guestFailed(
                    application.name, "\(head.method.name) \(head.target ?? "")", error, timedOut: isTimedOut)
            }
            answered(.failure(.notSet))
        }
    }

    /// On the guest's fiber. Only the first answer counts.
    private func answered(_ result: Result<OutgoingHTTPResponse, HTTPResponseFailure>) {
        guard case .awaited = response else { return }
        response = .given(result)
        if case .failure(let failure) = result {
            switch failure {
            case .trap: break
            case .guest, .notSet: logError("\(failure)")
            }
        }
    }

    func paused(_ task: GuestTask) {
        loop.eventLoop.assertInEventLoop()
        guard case .finished = task.state else {
            // Nothing else could come to its time limit: until now the guest has had the loop for itself.
            loop.watch(self)
            if case .yielded = task.state { loop.endTurns() }
            return pump()
        }
        guestEnded()
        pump()
        loop.renewInstances()
    }

    private func guestEnded() {
        guard !isGuestFinished else { return }
        isGuestFinished = true
        task = nil
        if isCounted { loop.core.metrics.endRequest() }
        unwatchIfOver()
    }

    // MARK: - The request's body

    /// Whether more of the body is welcome.
    var wantsMore: Bool {
        guard let requestBody, !requestBody.isCancelled else { return true }
        return requestBody.waitingCount < requestBody.capacity
    }

    /// How much of the body the guest has read.
    var takenCount: UInt64 { receivedCount &- UInt64(requestBody?.waitingCount ?? 0) }

    /// Whether the guest may still read what comes.
    var isReading: Bool { requestBody.map { !$0.isCancelled && !$0.isEnded } ?? false }

    /// Whether the other end may still wait with its body.
    var withholdsContinue: Bool { owesContinue && receivedCount == 0 }

    func receive(_ bytes: ByteBuffer) {
        loop.eventLoop.assertInEventLoop()
        guard let requestBody else { return }
        receivedCount &+= UInt64(bytes.readableBytes)
        if receivedCount > loop.core.limits.bodyBytes {
            requestBody.fail(.httpRequestBodySize(receivedCount))
            if case .awaited = response {
                loop.core.log.refused(peer, Refusal(413, "body of more than \(loop.core.limits.bodyBytes) bytes"))
                isStopped = true
                task?.interrupt()
                response = .ended
                writeError(413, closes: true)
            }
            return
        }
        _ = unsafe bytes.withUnsafeReadableBytes { unsafe requestBody.append($0) }
    }

    func receiveEnd(_ trailers: HTTPMessageFields?) {
        loop.eventLoop.assertInEventLoop()
        requestBody?.finish(trailers: trailers)
    }

    /// What comes of the body cannot be trusted, or does not come. The guest learns it; the other end too, where the
    /// response has not begun.
    func spoil(_ refusal: Refusal) {
        loop.eventLoop.assertInEventLoop()
        requestBody?.fail(refusal.errorCode)
        guard let writer else { return }
        switch response {
        case .awaited:
            response = .ended
            writeError(refusal.status, closes: true)
        case .given, .begun: abort(writer)
        case .ended: break
        }
    }

    /// From any thread.
    private func requestBodyIsWritable() {
        if loop.eventLoop.inEventLoop, loop.guests.current == nil {
            writer?.readMore()
        } else {
            loop.eventLoop.execute { self.writer?.readMore() }
        }
    }

    // MARK: - The response

    func writabilityChanged() {
        pump()
    }

    /// The connection is gone, or its request cannot be trusted any more. The guest goes on until it notices.
    func connectionLost(_ error: HTTPErrorCode = .connectionTerminated) {
        loop.eventLoop.assertInEventLoop()
        writer = nil
        requestBody?.fail(error)
        responseBody?.cancel()
        if case .ended = response { return }
        if case .given(.success(let given)) = response { given.body?.cancel() }
        response = .ended
        finish()
    }

    /// Sends what there is to send.
    private func pump() {
        loop.eventLoop.assertInEventLoop()
        guard !isPumping else { return }
        isPumping = true
        defer { isPumping = false }
        guard let writer else {
            // Nobody takes a response; the guest learns it when it writes.
            if case .given(let result) = response {
                (try? result.get())?.body?.cancel()
                response = .ended
                finish()
            }
            return
        }
        if owesContinue, let requestBody, requestBody.isAwaited { grantContinue(requestBody, writer) }
        if !informational.isEmpty {
            for response in informational where head.version != .http10 {
                if writer.takes(response.headers) {
                    writer.writeInformational(status: response.status, response.headers.withoutLength)
                } else {
                    logError("a response with status \(response.status) has more fields than \(head.version.text) can carry")
                }
            }
            informational = []
            writer.flush()
        }
        if case .given(let result) = response {
            switch result {
            case .success(let given): begin(given, writer)
            case .failure(let failure):
                let status = isTimedOut ? 504 : failure.recommendedStatus
                writeError(status, closes: false)
            }
        }
        if case .begun = response, let body = responseBody { send(body, writer) }
    }

    private func grantContinue(_ requestBody: HTTPBody, _ writer: any ResponseWriter) {
        owesContinue = false
        switch response {
        case .awaited, .given:
            if receivedCount > 0 || requestBody.isEnded { return }
            writer.writeInformational(status: 100, HTTPMessageFields())
            writer.flush()
        // Too late to say.
        case .begun, .ended: break
        }
    }

    /// Writes the head, with the length of the body if all of it is there already.
    private func begin(_ given: OutgoingHTTPResponse, _ writer: any ResponseWriter) {
        guard writer.takes(given.headers) else {
            logError("the response has more fields than \(head.version.text) can carry")
            given.body?.cancel()
            return writeError(500, closes: false)
        }
        response = .begun
        status = given.status
        let isBodiless = head.method == .head || given.status == 204 || given.status == 304
        let headers = given.status == 204 ? given.headers.withoutLength : given.headers
        guard let body = given.body else {
            writer.writeHead(status: given.status, headers, isBodiless ? .none : .length(0))
            return end(writer, nil)
        }
        if isBodiless {
            writer.writeHead(status: given.status, headers, .none)
            body.cancel()
            return end(writer, nil)
        }
        responseBody = body
        let length = given.headers.contentLength
        if let count = body.remainingCount, count <= Self.smallBody {
            // It goes straight to where it is sent from.
            writer.writeHead(status: given.status, given.headers, .length(length ?? UInt64(count)))
            if count > 0 { writer.writeBody(count, of: body) }
            sentCount &+= UInt64(count)
            return end(writer, nil)
        }
        var bytes = loop.takeBuffer(capacity: min(body.waitingCount, body.capacity))
        defer { loop.giveBack(bytes) }
        switch read(body, into: &bytes) {
        case .nothing, .bytes:
            writer.writeHead(status: given.status, given.headers, length.map { .length($0) } ?? .open)
        case .end(let trailers):
            let isOpen = length == nil && !(trailers?.isEmpty ?? true)
            writer.writeHead(
                status: given.status, given.headers, isOpen ? .open : .length(length ?? UInt64(bytes.readableBytes)))
            write(bytes, writer)
            return end(writer, trailers)
        case .failed(let error):
            // Nothing has been sent, so this can still be told.
            logFailure(of: error)
            response = .given(.failure(.notSet))
            responseBody = nil
            return writeError(isTimedOut ? 504 : 500, closes: false)
        }
        write(bytes, writer)
    }

    private static let smallBody = 4 << 10

    /// Reads until there is nothing, or the buffer would get large.
    private func read(_ body: HTTPBody, into bytes: inout ByteBuffer) -> HTTPBodyRead {
        while bytes.readableBytes < 4 * HTTPBody.defaultCapacity {
            var outcome = HTTPBodyRead.nothing
            _ = unsafe bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: max(1, min(body.waitingCount, 1 << 16))) { room in
                outcome = unsafe body.read(into: room)
                if case .bytes(let count) = outcome { return count }
                return 0
            }
            guard case .bytes = outcome else { return outcome }
        }
        return .bytes(bytes.readableBytes)
    }

    private func write(_ bytes: ByteBuffer, _ writer: any ResponseWriter) {
        guard bytes.readableBytes > 0 else { return }
        sentCount &+= UInt64(bytes.readableBytes)
        writer.writeBody(bytes)
    }

    private func send(_ body: HTTPBody, _ writer: any ResponseWriter) {
        while writer.isWritable {
            var bytes = loop.allocator.buffer(capacity: min(body.waitingCount, body.capacity))
            let outcome = read(body, into: &bytes)
            write(bytes, writer)
            switch outcome {
            case .bytes: continue
            case .nothing:
                writer.flush()
                if !hasBodyCallback {
                    hasBodyCallback = true
                    body.onReadable { [weak self] in self?.responseBodyIsReadable() }
                }
                return
            case .end(let trailers): return end(writer, trailers)
            case .failed(let error):
                logFailure(of: error, "response cut short: ")
                return abort(writer)
            }
        }
        writer.flush()
    }

    private func logError(_ text: String) {
        loop.core.log.error("\(route ?? ""): \(head.method.name) \(head.target ?? ""): \(text)")
    }

    /// Says why a body did not come to its end, unless the end of the guest says it.
    private func logFailure(of body: HTTPErrorCode, _ prefix: String = "") {
        if !hasGuestFailed { logError("\(prefix)\(body)") }
    }

    /// From any thread, and from the guest's fiber.
    private func responseBodyIsReadable() {
        if loop.eventLoop.inEventLoop {
            // The guest's own: its fiber is put aside or ends before long, and then comes `pump`.
            if let task, task === loop.guests.current { return }
            schedulePump()
        } else {
            loop.eventLoop.execute { self.schedulePump() }
        }
    }

    private func schedulePump() {
        guard !isPumpScheduled, !isPumping else { return }
        isPumpScheduled = true
        loop.eventLoop.execute {
            self.isPumpScheduled = false
            self.pump()
        }
    }

    private func end(_ writer: any ResponseWriter, _ trailers: HTTPMessageFields?) {
        if let trailers, !writer.takes(trailers) {
            logError("the response has more trailers than \(head.version.text) can carry")
            return abort(writer)
        }
        response = .ended
        self.writer = nil
        finish()
        writer.writeEnd(trailers)
    }

    private func abort(_ writer: any ResponseWriter) {
        response = .ended
        self.writer = nil
        loop.core.metrics.countCut()
        finish()
        writer.abort()
    }

    /// Answers with a status and a line of text.
    private func writeError(_ status: UInt16, closes: Bool) {
        guard let writer else {
            response = .ended
            return finish()
        }
        self.status = status
        var fields = HTTPMessageFields()
        fields.append("content-type", "text/plain; charset=utf-8")
        if status == 503 { fields.append("retry-after", "1") }
        if closes, head.version != .http2 { fields.append("connection", "close") }
        let text = "\(status) \(StatusText.of(status))\n"
        writer.writeHead(status: status, fields, .length(UInt64(text.utf8.count)))
        if head.method != .head { write(ByteBuffer(string: text), writer) }
        end(writer, nil)
    }

    /// The response has ended, one way or the other.
    private func finish() {
        let duration = NIODeadline.now() - start
        loop.core.metrics.countResponse(status: status, sent: sentCount, received: receivedCount, duration: duration)
        span?.end(status: status)
        if loop.core.accessLog.format != .off {
            loop.core.accessLog.write(
                AccessRecord(
                    head: head, peer: peer.text, status: status, sent: sentCount, received: receivedCount,
                    duration: duration, route: route, trace: span?.traceParent))
        }
        unwatchIfOver()
    }

    private func unwatchIfOver() {
        if isGuestFinished, case .ended = response { loop.unwatch(self) }
    }
}

extension HTTPMessageFields {
    /// Where there never is a body, nothing may be said of its length (RFC 9110, section 8.6).
    fileprivate var withoutLength: HTTPMessageFields {
        var fields = self
        fields.removeAll("content-length")
        return fields
    }
}

extension Exchange: Watched {
    func look(at now: NIODeadline) {
        guard now >= deadline, !isTimedOut, !isGuestFinished else { return }
        isTimedOut = true
        task?.interrupt()
    }
}
