// Streams that are not the system's: nothing to read, nowhere to write, and memory for both. A program that embeds a
// guest feeds its input and takes its output by them.

import Synchronization

/// An input that is at its end.
public final class EmptyInput: HostInputStream {
    public init() {}

    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int { throw .closed }

    public var readiness: Pollable { .ready }

    public var available: (count: UInt64, isLast: Bool) { (0, true) }
}

/// An output that forgets all that is written to it.
public final class DiscardingOutput: HostOutputStream {
    public init() {}

    public func checkWrite() throws(StreamError) -> Int { StreamLimits.writePermit }

    public func write(_ bytes: UnsafeRawBufferPointer, waiter: any Waiter) throws(StreamError) {}
}

/// An input that gives what the program puts in, now or later.
public final class BufferInput: HostInputStream {
    private struct State {
        var bytes: [UInt8]
        var position = 0
        var isFinished: Bool
    }

    private let state: Mutex<State>
    private let signal: ReadinessSignal

    /// An input of `bytes`, and of nothing more unless `isFinished` says otherwise.
    public init(_ bytes: [UInt8], isFinished: Bool = true) {
        self.state = Mutex(State(bytes: bytes, isFinished: isFinished))
        self.signal = ReadinessSignal(isRaised: isFinished || !bytes.isEmpty)
    }

    /// Puts in more. The guest may be waiting for it. Has no effect after `finish`.
    public func append(_ bytes: some Sequence<UInt8>) {
        state.withLock { state in
            if state.isFinished { return }
            state.bytes.removeFirst(state.position)
            state.position = 0
            state.bytes.append(contentsOf: bytes)
            if !state.bytes.isEmpty { signal.raise() }
        }
    }

    /// Lets the input end after what is in it.
    public func finish() {
        state.withLock { state in
            state.isFinished = true
            signal.raise()
        }
    }

    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
        try state.withLock { (state) throws(StreamError) -> Int in
            let rest = state.bytes[state.position...]
            if rest.isEmpty, state.isFinished { throw .closed }
            let count = min(rest.count, buffer.count)
            unsafe buffer.copyBytes(from: rest.prefix(count))
            state.position += count
            if state.position == state.bytes.count, !state.isFinished { signal.lower() }
            return count
        }
    }

    public var readiness: Pollable { .raised(signal) }

    public var available: (count: UInt64, isLast: Bool) {
        state.withLock { (UInt64($0.bytes.count - $0.position), $0.isFinished) }
    }
}

/// An output that keeps what is written to it.
public final class BufferOutput: HostOutputStream {
    private let capacity: Int
    private let bytes = Mutex<[UInt8]>([])

    /// An output that keeps at most `capacity` bytes, 64 MiB unless it is said otherwise, and is closed when they are
    /// there.
    public init(capacity: Int = 64 << 20) {
        self.capacity = capacity
    }

    /// What was written until now.
    public var contents: [UInt8] { bytes.withLock { $0 } }

    /// What was written until now, as text; what is not UTF-8 is replaced by U+FFFD.
    public var text: String { String(decoding: contents, as: UTF8.self) }

    /// Takes out what was written until now.
    public func takeContents() -> [UInt8] {
        bytes.withLock { bytes in
            let taken = bytes
            bytes = []
            return taken
        }
    }

    public func checkWrite() throws(StreamError) -> Int {
        let permit = min(capacity - bytes.withLock { $0.count }, StreamLimits.writePermit)
        if permit <= 0 { throw .closed }
        return permit
    }

    public func write(_ bytes: UnsafeRawBufferPointer, waiter: any Waiter) throws(StreamError) {
        try self.bytes.withLock { (kept) throws(StreamError) in
            if bytes.count > capacity - kept.count {
                throw .misuse("write of \(bytes.count) bytes is more than the \(capacity - kept.count) permitted")
            }
            unsafe kept.append(contentsOf: bytes)
        }
    }

    public func flush() {}
}

/// An output that hands each write to the program, on the guest's thread.
@safe public final class CallbackOutput: HostOutputStream {
    private let callback: @Sendable (UnsafeRawBufferPointer) throws -> Void

    /// The memory that `callback` is lent is the guest's, and its content is good for the call only. If it throws, the
    /// guest finds the stream closed.
    public init(_ callback: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void) {
        unsafe self.callback = callback
    }

    private let isClosed = Atomic<Bool>(false)

    public func checkWrite() throws(StreamError) -> Int {
        if isClosed.load(ordering: .relaxed) { throw .closed }
        return StreamLimits.writePermit
    }

    public func write(_ bytes: UnsafeRawBufferPointer, waiter: any Waiter) throws(StreamError) {
        if isClosed.load(ordering: .relaxed) { throw .closed }
        do {
            try unsafe callback(bytes)
        } catch {
            isClosed.store(true, ordering: .relaxed)
            throw .closed
        }
    }
}
