// What a body is made of, behind its lock.

import WASIHost

/// The state of an `HTTPBody`.
struct BodyState: ~Copyable, Sendable {
    enum End: Sendable {
        case open
        case finished(HTTPMessageFields?)
        case failed(HTTPErrorCode)
    }

    let message: HTTPBody.Message
    let capacity: Int
    /// What the length must be; nil if any is right.
    var length: UInt64?
    /// Whether the bytes are a guest's own, so that a wrong length is its own fault.
    let isGuestWritten: Bool
    var ring = ByteRing()
    private(set) var end = End.open
    var written: UInt64 = 0
    private(set) var isCancelled = false
    /// Whether what comes is forgotten: the reader wants the end only.
    private(set) var isDiscarding = false
    /// Whether the writer was told to stop. It is told to go on when half of the room is free again.
    private(set) var isFull = false
    /// Whether the reader has ever wanted more than there was.
    var isAwaited = false

    /// Made when somebody first waits.
    private var readableSignal: ReadinessSignal?
    private var writableSignal: ReadinessSignal?
    private var endSignal: ReadinessSignal?
    var onReadable: (@Sendable () -> Void)?
    var onWritable: (@Sendable () -> Void)?
    var onCancel: (@Sendable () -> Void)?

    init(message: HTTPBody.Message, length: UInt64?, capacity: Int, isGuestWritten: Bool) {
        self.message = message
        self.isGuestWritten = isGuestWritten
        self.length = length
        self.capacity = capacity
    }

    // MARK: - Conditions

    var isEnded: Bool {
        if case .open = end { false } else { true }
    }

    /// Whether reading has something to say.
    var isReadable: Bool { ring.count > 0 || isEnded || isCancelled }

    /// Whether writing has something to say: that there is room, or that there never will be.
    var isWritable: Bool { !isFull || isEnded || isCancelled }

    /// Whether so many bytes more are not more than were announced.
    func fits(_ count: Int) -> Bool {
        guard let length else { return true }
        let (sum, overflow) = written.addingReportingOverflow(UInt64(count))
        return !overflow && sum <= length
    }

    /// How many bytes there is room for.
    var room: Int { max(0, capacity - ring.count) }

    /// What a guest can wait for.
    enum Condition {
        case readable
        case writable
        case ended
    }

    /// What to wait for until a condition holds.
    mutating func pollable(_ condition: Condition) -> Pollable {
        switch condition {
        case .readable:
            if isReadable { return .ready }
            isAwaited = true
            let signal = readableSignal ?? ReadinessSignal()
            readableSignal = signal
            return .raised(signal)
        case .writable:
            if isWritable { return .ready }
            let signal = writableSignal ?? ReadinessSignal()
            writableSignal = signal
            return .raised(signal)
        case .ended:
            if isEnded || isCancelled { return .ready }
            // The end does not come either, unless somebody sends what is before it.
            isAwaited = true
            let signal = endSignal ?? ReadinessSignal()
            endSignal = signal
            return .raised(signal)
        }
    }

    // MARK: - Changes

    /// Takes bytes in. The caller has checked that the body is open.
    mutating func take(_ bytes: UnsafeRawBufferPointer) {
        written &+= UInt64(bytes.count)
        if isDiscarding { return }
        unsafe ring.append(bytes)
        if ring.count >= capacity { isFull = true }
    }

    /// To be called after bytes were read.
    mutating func updateFullness() {
        if ring.count <= capacity / 2 { isFull = false }
        // The memory goes as soon as it is not needed, or is more than it should be.
        if ring.count == 0, isEnded || ring.capacity > max(capacity, 1024) { ring.removeAll() }
    }

    /// Ends the body, unless it has ended.
    mutating func end(_ end: End) {
        guard !isEnded else { return }
        self.end = end
        onWritable = nil
        onCancel = nil
        updateFullness()
    }

    /// Ends a body that is open; it fails if there is less of it than was announced.
    ///
    /// - Returns: the error with which it failed.
    mutating func finish(_ trailers: HTTPMessageFields?) -> HTTPErrorCode? {
        if let length, written != length {
            let error =
                message == .response && !isGuestWritten ? HTTPErrorCode.httpResponseIncomplete : wrongLength(written)
            end(.failed(error))
            return error
        }
        end(.finished(trailers))
        return nil
    }

    mutating func cancel() {
        guard !isCancelled else { return }
        isCancelled = true
        ring.removeAll()
        isFull = false
    }

    mutating func discard() {
        isDiscarding = true
        ring.removeAll()
        isFull = false
    }

    /// The error for a body of `count` bytes where others were announced.
    func wrongLength(_ count: UInt64) -> HTTPErrorCode {
        switch message {
        case .request: .httpRequestBodySize(count)
        case .response: .httpResponseBodySize(count)
        }
    }

    // MARK: - Telling

    /// Whether anybody is to be told anything. Most bodies are written by a guest that runs, and read when it has ended.
    var isWatched: Bool {
        readableSignal != nil || writableSignal != nil || endSignal != nil || onReadable != nil || onWritable != nil
            || onCancel != nil
    }

    /// What can come to hold.
    var conditions: (readable: Bool, writable: Bool) { (isReadable, isWritable) }

    /// Sets the signals by the conditions, and collects who is to be told that one has come to hold.
    mutating func wakes(since before: (readable: Bool, writable: Bool)) -> BodyWakes {
        var wakes = BodyWakes()
        if isCancelled, let onCancel {
            wakes.cancelled = onCancel
            self.onCancel = nil
        }
        if let readableSignal { Self.set(readableSignal, isReadable, &wakes) }
        if let writableSignal { Self.set(writableSignal, isWritable, &wakes) }
        if let endSignal { Self.set(endSignal, isEnded || isCancelled, &wakes) }
        if !before.readable, isReadable { wakes.readable = onReadable }
        if !before.writable, isWritable { wakes.writable = onWritable }
        return wakes
    }

    private static func set(_ signal: ReadinessSignal, _ holds: Bool, _ wakes: inout BodyWakes) {
        if holds {
            wakes.observers += signal.raiseQuietly()
        } else {
            signal.lower()
        }
    }
}

/// Who is to be told something once the lock is open.
struct BodyWakes: Sendable {
    var observers: [@Sendable () -> Void] = []
    var readable: (@Sendable () -> Void)?
    var writable: (@Sendable () -> Void)?
    var cancelled: (@Sendable () -> Void)?

    func call() {
        for observer in observers { observer() }
        readable?()
        writable?()
        cancelled?()
    }
}
