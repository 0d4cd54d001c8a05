// A growing stack of plain values for loops that run over every instruction of a program: its storage is kept from one
// use to the next, and an access is a compare and a load.

/// A stack of plain values with one owner.
// Invariant: `base` points to `capacity` elements of which the first `count` are initialised, and nobody else knows it.
@safe @usableFromInline
package struct PlainStack<Element: BitwiseCopyable>: ~Copyable {
    @usableFromInline var base: UnsafeMutablePointer<Element>
    @usableFromInline package internal(set) var count: Int
    @usableFromInline var capacity: Int

    @inlinable package init(capacity: Int = 64) {
        self.capacity = max(1, capacity)
        count = 0
        unsafe base = .allocate(capacity: self.capacity)
    }

    @inlinable deinit {
        unsafe base.deallocate()
    }

    @inlinable @inline(__always)
    package mutating func push(_ element: Element) {
        if count == capacity { grow() }
        unsafe (base + count).initialize(to: element)
        count &+= 1
    }

    @inlinable @inline(__always)
    package mutating func pop() -> Element? {
        guard count > 0 else { return nil }
        count &-= 1
        return unsafe base[count]
    }

    /// The element last pushed.
    @inlinable @inline(__always)
    package var last: Element? {
        count > 0 ? unsafe base[count &- 1] : nil
    }

    /// - Precondition: `index` is within bounds; checked.
    @inlinable
    package subscript(index: Int) -> Element {
        @inline(__always) get {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
            return unsafe base[index]
        }
        @inline(__always) set {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
            unsafe base[index] = newValue
        }
    }

    /// Drops all elements above the first `newCount`; keeps all if there are not as many.
    @inlinable
    package mutating func truncate(to newCount: Int) {
        if newCount < count { count = max(0, newCount) }
    }

    @inlinable @inline(never)
    mutating func grow() {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
        unsafe larger.moveInitialize(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = larger
        capacity *= 2
    }
}
