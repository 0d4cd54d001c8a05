// The Swift objects behind the handles of host resources.

import WasmTypes
import Execution

/// Objects by number. The number is a handle's representation, so that host and guest resources pass through the same
/// tables.
///
/// A plain pointer to copy: nearly every call of a host function looks an object up, and counts no reference to the table
/// for it. Valid until `free`.
@safe struct HostObjectTable {
    /// What a place holds: an object, or the number of the next free place.
    private struct Place {
        var object: AnyObject?
        var nextFree = UInt32.max
    }

    @safe private struct State {
        // Invariant: the first `usedCount` of `capacity` places are initialised; a free one holds no object.
        var places: UnsafeMutablePointer<Place>
        var usedCount = 0
        var capacity: Int
        /// The first of the free places; `UInt32.max` ends the list.
        var firstFree = UInt32.max
        let limit: Int
        var count = 0
    }

    private let state: UnsafeMutablePointer<State>

    private static let initialCapacity = 16
    /// Room that a guest has made for more is not kept.
    private static let keptCapacity = 1024

    init(limit: Int) {
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(
            to: State(
                places: .allocate(capacity: Self.initialCapacity), capacity: Self.initialCapacity,
                limit: min(limit, Int(UInt32.max) - 1)))
    }

    /// For whoever made the table.
    func free() {
        removeAll()
        unsafe state.pointee.places.deallocate()
        unsafe state.deallocate()
    }

    var count: Int { unsafe state.pointee.count }

    /// Adds an object and gives its number. Traps beyond the limit.
    @inline(__always)
    func insert(_ object: consuming AnyObject) throws(Trap) -> UInt32 {
        let index = unsafe state.pointee.firstFree
        guard unsafe Int(index) < state.pointee.usedCount else { return try extend(object) }
        let place = unsafe state.pointee.places + Int(index)
        unsafe state.pointee.firstFree = place.pointee.nextFree
        // The place holds nothing that would have to be let go of.
        unsafe place.initialize(to: Place(object: object))
        unsafe state.pointee.count += 1
        return index
    }

    /// Adds an object where none has been.
    private func extend(_ object: consuming AnyObject) throws(Trap) -> UInt32 {
        let index = unsafe state.pointee.usedCount
        let limit = unsafe state.pointee.limit
        guard index < limit else {
            throw Trap(.resourceLimit, detail: "more than \(limit) host resources in one store")
        }
        if unsafe index == state.pointee.capacity { move(to: index * 2) }
        unsafe (state.pointee.places + index).initialize(to: Place(object: object))
        unsafe state.pointee.usedCount += 1
        unsafe state.pointee.count += 1
        return UInt32(truncatingIfNeeded: index)
    }

    subscript(index: UInt32) -> AnyObject? { unsafe unretained(index)?.takeUnretainedValue() }

    /// The object with a number, which stays as long as it is not removed.
    @inline(__always)
    func unretained(_ index: UInt32) -> Unmanaged<AnyObject>? {
        guard unsafe Int(index) < state.pointee.usedCount, let object = unsafe state.pointee.places[Int(index)].object
        else { return nil }
        return unsafe .passUnretained(object)
    }

    /// Lets go of all objects; the next one gets the number that the first one had.
    func removeAll() {
        unsafe state.pointee.firstFree = UInt32.max
        unsafe state.pointee.count = 0
        // One by one: the end of an object may run code that uses the table.
        while unsafe state.pointee.usedCount > 0 {
            unsafe state.pointee.usedCount -= 1
            _ = unsafe (state.pointee.places + state.pointee.usedCount).move()
        }
        if unsafe state.pointee.capacity > Self.keptCapacity { move(to: Self.initialCapacity) }
    }

    /// Takes the object out.
    @inline(__always)
    func remove(_ index: UInt32) -> AnyObject? {
        guard unsafe Int(index) < state.pointee.usedCount else { return nil }
        let place = unsafe state.pointee.places + Int(index)
        guard let object = unsafe place.pointee.object.take() else { return nil }
        unsafe place.pointee.nextFree = state.pointee.firstFree
        unsafe state.pointee.firstFree = index
        unsafe state.pointee.count -= 1
        return object
    }

    private func move(to capacity: Int) {
        let moved = UnsafeMutablePointer<Place>.allocate(capacity: capacity)
        unsafe moved.moveInitialize(from: state.pointee.places, count: state.pointee.usedCount)
        unsafe state.pointee.places.deallocate()
        unsafe state.pointee.places = moved
        unsafe state.pointee.capacity = capacity
    }
}
