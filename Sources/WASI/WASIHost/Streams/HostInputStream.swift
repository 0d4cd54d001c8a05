// What bytes come from: `input-stream` of `wasi:io/streams`. A stream fills memory that the caller lends, a guest's own
// if need be. A kind of stream says how to read without waiting and what to wait for; the rest follows here.

/// A source of bytes. Every kind in this module is safe to use from any thread; of two reads at the same time each gets
/// other bytes.
public protocol HostInputStream: AnyObject, Sendable {
    /// Reads what is there into `buffer`, without waiting, and answers how many bytes.
    ///
    /// Zero means that nothing is there now, or that `buffer` is empty. Throws `closed` at the end, and every time
    /// after that; an error is thrown once as `lastOperationFailed`, and `closed` after that.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int

    /// Reads and forgets at most `count` bytes, without waiting, and answers how many.
    func skip(_ count: Int) throws(StreamError) -> Int

    /// What to wait for when `read` had nothing.
    var readiness: Pollable { get }

    /// Whether the stream is a terminal.
    var isTerminal: Bool { get }

    /// How many bytes can be read now, as far as it is known, and whether the end is known to follow them.
    var available: (count: UInt64, isLast: Bool) { get }
}

extension HostInputStream {
    public var isTerminal: Bool { false }

    public var available: (count: UInt64, isLast: Bool) { (1, false) }

    public func skip(_ count: Int) throws(StreamError) -> Int {
        try unsafe withScratch(min(count, StreamLimits.scratchLength)) { (buffer) throws(StreamError) -> Int in
            try unsafe read(into: buffer)
        }
    }

    /// Reads into `buffer`, after waiting until there is something. Answers zero only if `buffer` is empty.
    public func blockingRead(
        into buffer: UnsafeMutableRawBufferPointer, waiter: any Waiter
    ) throws(StreamError) -> Int {
        while true {
            let count = try unsafe read(into: buffer)
            if count > 0 || buffer.count == 0 { return count }
            try waiter.waitForStream(readiness)
        }
    }

    /// Skips at most `count` bytes, after waiting until there is something. Answers zero only if `count` is.
    public func blockingSkip(_ count: Int, waiter: any Waiter) throws(StreamError) -> Int {
        while true {
            let skipped = try skip(count)
            if skipped > 0 || count <= 0 { return skipped }
            try waiter.waitForStream(readiness)
        }
    }
}

extension Waiter {
    func waitForStream(_ pollable: Pollable) throws(StreamError) {
        do throws(WaitInterrupted) {
            try wait(for: pollable)
        } catch {
            throw .interrupted
        }
    }
}

/// Numbers of `wasi:io/streams`.
package enum StreamLimits {
    /// What `blocking-write-and-flush` and its sibling for zeros take at most; more is a fault of the guest.
    package static let blockingWriteLength = 4096

    /// What a stream that is always ready permits in one write.
    package static let writePermit = 1 << 20

    /// How much is carried at a time when bytes go from one stream to another, or nowhere.
    static let scratchLength = 1 << 16
}

/// Lends memory that holds nothing.
func withScratch<Result>(
    _ count: Int, _ body: (UnsafeMutableRawBufferPointer) throws(StreamError) -> Result
) throws(StreamError) -> Result {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(count, 0), alignment: 16)
    defer { unsafe buffer.deallocate() }
    return try unsafe body(buffer)
}
