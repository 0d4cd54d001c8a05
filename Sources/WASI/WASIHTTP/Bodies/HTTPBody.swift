// The body of a message, in all four directions: what a guest reads of a request or a response, and what it writes of one.
// One end is a guest's and the other the host's, on whatever threads these are.
//
//     the host writes:  append, append, …, finish(trailers:) or fail(_:)
//     the host reads:   read(into:) until it answers `end` or `failed`; or cancel()
//
// Nobody waits in here. Each end sees what is possible now, and is told when that changes: a guest by a readiness signal,
// the host by a callback. A body holds `capacity` bytes: a guest may not write more before some were read, and the host is
// told when it should stop reading its connection.

import WASIHost
import Synchronization

/// A stream of bytes and its end: trailers, an error, or that nobody reads any more. Safe to use from any thread.
///
/// Callbacks and signals come on the thread whose call caused them, after that call has let go of the body, so they may
/// use it. They should only note what happened and leave the work to somebody else.
public final class HTTPBody: Sendable {
    /// Which message the body belongs to, which decides by what name an error goes.
    public enum Message: Sendable {
        case request
        case response
    }

    /// How many bytes a body holds unless it is said otherwise: 64 KiB.
    public static let defaultCapacity = 1 << 16

    public let message: Message

    /// How many bytes may wait. What the host appends beyond that is held too: it has come already.
    public let capacity: Int

    private let state: Mutex<BodyState>

    /// An empty body that is open.
    ///
    /// - Parameters:
    ///   - length: how many bytes there will be, as `content-length` says; nil if that is not known. Writing more, or
    ///     ending with less, makes it a body that failed.
    public convenience init(of message: Message, length: UInt64? = nil, capacity: Int = HTTPBody.defaultCapacity) {
        self.init(of: message, length: length, capacity: capacity, isGuestWritten: false)
    }

    /// - Parameter isGuestWritten: whether a guest writes it, or else the host.
    init(of message: Message, length: UInt64?, capacity: Int, isGuestWritten: Bool) {
        self.message = message
        self.capacity = max(1, capacity)
        state = Mutex(
            BodyState(message: message, length: length, capacity: max(1, capacity), isGuestWritten: isGuestWritten))
    }

    /// A body that is all there.
    public convenience init(of message: Message, _ bytes: [UInt8], trailers: HTTPMessageFields? = nil) {
        self.init(of: message, capacity: max(1, bytes.count))
        append(bytes)
        finish(trailers: trailers)
    }

    /// Changes the state, then tells those who wait for what has become of it.
    @inline(__always)
    func change<Value: Sendable>(_ body: (inout BodyState) -> Value) -> Value {
        let (value, wakes) = state.withLock { state in
            let before = state.isWatched ? state.conditions : nil
            let value = body(&state)
            // Who has come to watch meanwhile sees the state as it is now.
            return (value, state.isWatched ? state.wakes(since: before ?? state.conditions) : nil)
        }
        wakes?.call()
        return value
    }

    /// Looks at the state.
    func look<Value: Sendable>(_ body: (borrowing BodyState) -> Value) -> Value {
        state.withLock { body($0) }
    }
}

extension HTTPBody {
    /// How many bytes have been written so far.
    public var writtenCount: UInt64 { look { $0.written } }

    /// How many bytes wait to be read.
    public var waitingCount: Int { look { $0.ring.count } }

    /// Whether the end has been written: by `finish` or `fail`.
    public var isEnded: Bool { look { $0.isEnded } }

    /// Whether the reader has ever wanted more than there was: until then nobody needs to send anything.
    public var isAwaited: Bool { look { $0.isAwaited } }

    /// Whether nothing is to come, nor to be read, and nothing is kept.
    var isSpent: Bool { look { $0.isCancelled || $0.isEnded && $0.ring.count == 0 } }

    /// Whether the reader has left.
    public var isCancelled: Bool { look { $0.isCancelled } }
}

extension HTTPBody {
    /// What a guest waits for.
    func pollable(_ condition: BodyState.Condition) -> Pollable {
        change { $0.pollable(condition) }
    }
}
