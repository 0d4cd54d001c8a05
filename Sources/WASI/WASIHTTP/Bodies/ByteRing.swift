// The bytes that wait in a body: a ring that is as large as what it had to hold and never copies what it holds but to grow.

/// A queue of bytes in memory of its own.
// The memory has this one owner, which cannot be copied and goes to another thread as a whole: hence `Sendable`.
@safe struct ByteRing: ~Copyable, @unchecked Sendable {
    // Invariant: `count` bytes from `start` on, going round at `capacity`, are initialised; `memory` has `capacity` bytes.
    private var memory: UnsafeMutableRawPointer?
    private(set) var capacity = 0
    private var start = 0
    private(set) var count = 0

    private static let smallest = 512

    init() {
        unsafe memory = nil
    }

    deinit {
        unsafe memory?.deallocate()
    }

    /// Gives back the memory, with what is in it.
    mutating func removeAll() {
        unsafe memory?.deallocate()
        unsafe memory = nil
        capacity = 0
        start = 0
        count = 0
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count > 0 else { return }
        reserve(count + bytes.count)
        guard let memory = unsafe memory else { return }
        let end = (start + count) % capacity
        let first = min(bytes.count, capacity - end)
        unsafe UnsafeMutableRawBufferPointer(start: memory + end, count: first)
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<first]))
        if first < bytes.count {
            unsafe UnsafeMutableRawBufferPointer(start: memory, count: bytes.count - first)
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[first...]))
        }
        count += bytes.count
    }

    /// Moves bytes from the front into `buffer`, and answers how many.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        var done = 0
        while done < buffer.count, count > 0 {
            let piece = unsafe front(buffer.count - done)
            unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[done...]).copyMemory(from: piece)
            done += piece.count
            remove(piece.count)
        }
        return done
    }

    /// What lies in one piece at the front, at most `maximum` bytes. Valid until the ring is changed.
    func front(_ maximum: Int) -> UnsafeRawBufferPointer {
        guard let memory = unsafe memory else { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
        return unsafe UnsafeRawBufferPointer(start: memory + start, count: max(0, min(maximum, count, capacity - start)))
    }

    /// Forgets bytes at the front, as many as there are at most.
    mutating func remove(_ number: Int) {
        let number = max(0, min(number, count))
        count -= number
        if count == 0 {
            start = 0
        } else {
            start = (start + number) % capacity
        }
    }

    private mutating func reserve(_ needed: Int) {
        if needed <= capacity { return }
        var larger = max(capacity, Self.smallest)
        while larger < needed { larger *= 2 }
        let grown = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        let kept = count
        let moved = kept == 0 ? 0 : unsafe read(into: UnsafeMutableRawBufferPointer(start: grown, count: kept))
        unsafe memory?.deallocate()
        unsafe memory = grown
        capacity = larger
        start = 0
        count = moved
    }
}
