// A table of references.

package import CApus
public import WasmTypes

/// A table. Belongs to its store and to the thread that uses the store.
@safe public final class Table {
    public let type: TableType
    /// What generated code reads; its address is fixed.
    package let record: UnsafeMutablePointer<apus_table>
    private var capacity: Int
    private let limit: UInt64

    /// Makes a table of its type's minimum size, filled with `element`. Traps with `.resourceLimit` above `limit`.
    ///
    /// - Parameter pause: called now and then.
    package init(
        type: TableType, element: UInt64, limit: UInt64, _ pause: () throws(Trap) -> Void = {}
    ) throws(Trap) {
        self.type = type
        let addressable = type.addressType == .i32 ? UInt64(UInt32.max) : .max
        self.limit = min(limit, type.limits.maximum ?? limit, addressable)
        guard type.limits.minimum <= limit else {
            throw Trap(.resourceLimit, detail: "a table of \(type.limits.minimum) elements exceeds the limit of \(limit)")
        }
        let count = Int(type.limits.minimum)
        capacity = count
        unsafe record = UnsafeMutablePointer<apus_table>.allocate(capacity: 1)
        let elements = UnsafeMutablePointer<UInt64>.allocate(capacity: max(1, count))
        unsafe record.initialize(to: apus_table(elements: elements, count: 0))
        // All is initialized, so `deinit` runs where this throws.
        try Self.inPieces(0..<count, pause) { piece in
            unsafe (elements + piece.lowerBound).initialize(repeating: element, count: piece.count)
        }
        unsafe record.pointee.count = UInt64(count)
    }

    deinit {
        unsafe record.pointee.elements.deallocate()
        unsafe record.deallocate()
    }

    /// In elements.
    public var count: UInt64 { unsafe record.pointee.count }

    /// The raw reference at an index; nil beyond the end.
    package subscript(raw index: UInt64) -> UInt64? {
        unsafe index < record.pointee.count ? record.pointee.elements[Int(index)] : nil
    }

    /// Stores a raw reference. Returns whether the index is inside the table.
    package func store(_ element: UInt64, at index: UInt64) -> Bool {
        guard unsafe index < record.pointee.count else { return false }
        unsafe record.pointee.elements[Int(index)] = element
        return true
    }

    /// All raw references.
    var elements: [UInt64] { unsafe Array(UnsafeBufferPointer(start: record.pointee.elements, count: Int(count))) }

    /// Makes the table what it was when it had these elements; a table does not shrink, so there is room for them.
    func restore(_ elements: [UInt64]) -> Bool {
        guard elements.count <= capacity else { return false }
        unsafe elements.withUnsafeBufferPointer { saved in
            if let first = saved.baseAddress { unsafe record.pointee.elements.update(from: first, count: saved.count) }
        }
        unsafe record.pointee.count = UInt64(elements.count)
        return true
    }

    /// Adds elements. Returns the count before; nil if a limit does not allow it.
    ///
    /// - Parameter pause: called now and then. If it throws, the table is as it was.
    package func grow(
        by added: UInt64, filledWith element: UInt64, _ pause: () throws(Trap) -> Void = {}
    ) throws(Trap) -> UInt64? {
        let old = unsafe record.pointee.count
        guard added <= limit, old <= limit - added else { return nil }
        let count = Int(old + added)
        if count > capacity {
            let grown = max(count, min(capacity * 2, Int(limit)))
            let elements = UnsafeMutablePointer<UInt64>.allocate(capacity: grown)
            do throws(Trap) {
                try Self.inPieces(0..<Int(old), pause) { piece in
                    unsafe (elements + piece.lowerBound).initialize(
                        from: record.pointee.elements + piece.lowerBound, count: piece.count)
                }
            } catch {
                unsafe elements.deallocate()
                throw error
            }
            unsafe record.pointee.elements.deallocate()
            unsafe record.pointee.elements = elements
            capacity = grown
        }
        try Self.inPieces(Int(old)..<count, pause) { piece in
            unsafe (record.pointee.elements + piece.lowerBound).initialize(repeating: element, count: piece.count)
        }
        unsafe record.pointee.count = UInt64(count)
        return old
    }

    private static func inPieces(
        _ range: Range<Int>, _ pause: () throws(Trap) -> Void, _ body: (Range<Int>) -> Void
    ) throws(Trap) {
        let size = Int(Store.valuesAtOnce)
        for start in stride(from: range.lowerBound, to: range.upperBound, by: size) {
            if start > range.lowerBound { try pause() }
            body(start..<min(start + size, range.upperBound))
        }
    }
}
