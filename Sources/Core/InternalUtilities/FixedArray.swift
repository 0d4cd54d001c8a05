// An array that is filled once and then read by hot loops and by several threads: no reference counting, no copy on
// write, a bounds check at each access.

/// A fixed number of plain values with one owner.
// Invariant: `base` points to `count` initialised elements (or is not looked at when there are none) that nobody else
// owns; nothing writes to them after `init`, hence the conformance to `Sendable`.
@safe @usableFromInline
package struct FixedArray<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
    @usableFromInline let base: UnsafeMutablePointer<Element>
    @usableFromInline package let count: Int

    @inlinable package init(_ elements: [Element]) {
        count = elements.count
        unsafe base = .allocate(capacity: max(1, elements.count))
        for index in 0..<elements.count { unsafe (base + index).initialize(to: elements[index]) }
    }

    @inlinable deinit {
        unsafe base.deallocate()
    }

    /// - Precondition: `index` is within bounds; checked.
    @inlinable package subscript(index: Int) -> Element {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
        return unsafe base[index]
    }

    /// The element, or nil where there is none.
    @inlinable package func at(_ index: UInt32) -> Element? {
        Int(index) < count ? unsafe base[Int(index)] : nil
    }
}
