// The Swift objects behind the handles of host resources.

import WasmTypes
import Execution

/// Objects by number. The number is a handle's representation, so that host and guest resources pass through the same
/// tables.
@safe final class HostObjectTable {
    /// What a place holds: an object, or the number of the next free place.
    private struct Place {
        var object: AnyObject?
        var nextFree = UInt32.max
    }

    // Invariant: the first `usedCount` of `capacity` places are initialised; a free one holds no object. They are in memory
    // of our own because nearly every call of a host function looks one up.
    private var places: UnsafeMutablePointer<Place>
    private var usedCount = 0
    private var capacity: Int
    /// The first of the free places; `UInt32.max` ends the list.
    private var firstFree = UInt32.max
    private let limit: Int
    private(set) var count = 0

    private static let initialCapacity = 16
    /// Room that a guest has made for more is not kept.
    private static let keptCapacity = 1024

    init(limit: Int) {
        self.limit = min(limit, Int(UInt32.max) - 1)
        capacity = Self.initialCapacity
        unsafe places = UnsafeMutablePointer<Place>.allocate(capacity: capacity)
    }

    deinit {
        unsafe places.deinitialize(count: usedCount)
        unsafe places.deallocate()
    }

    /// Adds an object and gives its number. Traps beyond the limit.
    func insert(_ object: AnyObject) throws(Trap) -> UInt32 {
        let index = firstFree
        if Int(index) < usedCount {
            firstFree = unsafe places[Int(index)].nextFree
            unsafe places[Int(index)].object = object
            count += 1
            return index
        }
        guard usedCount < limit else {
            throw Trap(.resourceLimit, detail: "more than \(limit) host resources in one store")
        }
        if usedCount == capacity { move(to: capacity * 2) }
        unsafe (places + usedCount).initialize(to: Place(object: object))
        usedCount += 1
        count += 1
        return UInt32(truncatingIfNeeded: usedCount - 1)
    }

    subscript(index: UInt32) -> AnyObject? {
        Int(index) < usedCount ? unsafe places[Int(index)].object : nil
    }

    /// Lets go of all objects; the next one gets the number that the first one had.
    func removeAll() {
        firstFree = UInt32.max
        count = 0
        // One by one: the end of an object may run code that uses the table.
        while usedCount > 0 {
            usedCount -= 1
            _ = unsafe (places + usedCount).move()
        }
        if capacity > Self.keptCapacity { move(to: Self.initialCapacity) }
    }

    /// Takes the object out.
    func remove(_ index: UInt32) -> AnyObject? {
        guard Int(index) < usedCount else { return nil }
        let place = unsafe places + Int(index)
        guard let object = unsafe place.pointee.object else { return nil }
        unsafe place.pointee = Place(object: nil, nextFree: firstFree)
        firstFree = index
        count -= 1
        return object
    }

    private func move(to capacity: Int) {
        let moved = UnsafeMutablePointer<Place>.allocate(capacity: capacity)
        unsafe moved.moveInitialize(from: places, count: usedCount)
        unsafe places.deallocate()
        unsafe places = moved
        self.capacity = capacity
    }
}
