// Where bytes go: `output-stream` of `wasi:io/streams`. Nothing is kept back here: what was written has gone to the
// system, so there is nothing to flush and nothing to lose. A stream that cannot take all of a write at once waits for
// it, which holds up the guest that writes and no other.

/// A sink of bytes. Every kind in this module is safe to use from any thread; writes at the same time may mix.
public protocol HostOutputStream: AnyObject, Sendable {
    /// How many bytes the next write may have. Zero means none now, and that `readiness` tells when.
    /// Throws `closed` once the stream takes no more.
    func checkWrite() throws(StreamError) -> Int

    /// Writes all of `bytes`. Throws `misuse` for more than the stream can permit, `closed` if nobody reads any more,
    /// and an error once as `lastOperationFailed`, then `closed`.
    func write(_ bytes: UnsafeRawBufferPointer, waiter: any Waiter) throws(StreamError)

    /// Sends on what is kept back.
    func flush() throws(StreamError)

    /// What to wait for when `checkWrite` permitted nothing.
    var readiness: Pollable { get }

    /// Whether the stream is a terminal.
    var isTerminal: Bool { get }

    /// Whether it is known that nobody reads any more.
    var isHungUp: Bool { get }
}

extension HostOutputStream {
    public var isTerminal: Bool { false }

    public var isHungUp: Bool { false }

    public var readiness: Pollable { .ready }

    public func flush() throws(StreamError) {
        _ = try checkWrite()
    }

    /// Flushes and waits until writing is possible again.
    public func blockingFlush(waiter: any Waiter) throws(StreamError) {
        try flush()
        _ = try waitForPermit(waiter)
    }

    /// Writes all of `bytes`, of which the guest may give 4096 at most, and flushes.
    public func blockingWriteAndFlush(_ bytes: UnsafeRawBufferPointer, waiter: any Waiter) throws(StreamError) {
        if bytes.count > StreamLimits.blockingWriteLength {
            throw .misuse("blocking-write-and-flush takes at most 4096 bytes, and was given \(bytes.count)")
        }
        try unsafe writeInPermits(bytes, waiter)
        try flush()
    }

    /// Writes `count` zeros, as `write` does with as many bytes.
    public func writeZeroes(_ count: UInt64, waiter: any Waiter) throws(StreamError) {
        if count > UInt64(StreamLimits.writePermit) {
            throw .misuse("write-zeroes of \(count) bytes is more than check-write permits")
        }
        let count = Int(count)
        try unsafe withScratch(count) { (buffer) throws(StreamError) in
            unsafe buffer.initializeMemory(as: UInt8.self, repeating: 0)
            try unsafe write(UnsafeRawBufferPointer(buffer), waiter: waiter)
        }
    }

    /// Writes `count` zeros, of which the guest may ask for 4096 at most, and flushes.
    public func blockingWriteZeroesAndFlush(_ count: UInt64, waiter: any Waiter) throws(StreamError) {
        if count > UInt64(StreamLimits.blockingWriteLength) {
            throw .misuse("blocking-write-zeroes-and-flush takes at most 4096 bytes, and was given \(count)")
        }
        try unsafe withScratch(Int(count)) { (buffer) throws(StreamError) in
            unsafe buffer.initializeMemory(as: UInt8.self, repeating: 0)
            try unsafe writeInPermits(UnsafeRawBufferPointer(buffer), waiter)
        }
        try flush()
    }

    /// Carries over what is there in `source`, at most `count` bytes and what may be written now. Answers how many.
    public func splice(
        from source: any HostInputStream, count: UInt64, waiter: any Waiter
    ) throws(StreamError) -> UInt64 {
        let permit = try checkWrite()
        return try unsafe carry(count, permit: permit, waiter) { (buffer) throws(StreamError) -> Int in
            try unsafe source.read(into: buffer)
        }
    }

    /// The same after waiting until it can be written to and there is something to read.
    public func blockingSplice(
        from source: any HostInputStream, count: UInt64, waiter: any Waiter
    ) throws(StreamError) -> UInt64 {
        let permit = try waitForPermit(waiter)
        return try unsafe carry(count, permit: permit, waiter) { (buffer) throws(StreamError) -> Int in
            try unsafe source.blockingRead(into: buffer, waiter: waiter)
        }
    }

    private func carry(
        _ count: UInt64, permit: Int, _ waiter: any Waiter,
        _ read: (UnsafeMutableRawBufferPointer) throws(StreamError) -> Int
    ) throws(StreamError) -> UInt64 {
        let length = min(Int(clamping: count), permit, StreamLimits.scratchLength)
        if length == 0 { return 0 }
        return try unsafe withScratch(length) { (buffer) throws(StreamError) -> UInt64 in
            let count = try unsafe read(buffer)
            if count == 0 { return 0 }
            try unsafe write(UnsafeRawBufferPointer(rebasing: buffer[..<count]), waiter: waiter)
            return UInt64(count)
        }
    }

    private func waitForPermit(_ waiter: any Waiter) throws(StreamError) -> Int {
        while true {
            let permit = try checkWrite()
            if permit > 0 { return permit }
            try waiter.waitForStream(readiness)
        }
    }

    /// Writes all of `bytes`, however many, after waiting for each part as long as the stream wants.
    package func writeInPermits(_ bytes: UnsafeRawBufferPointer, _ waiter: any Waiter) throws(StreamError) {
        var rest = unsafe bytes
        while rest.count > 0 {
            let count = min(try waitForPermit(waiter), rest.count)
            try unsafe write(UnsafeRawBufferPointer(rebasing: rest[..<count]), waiter: waiter)
            unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }
}
