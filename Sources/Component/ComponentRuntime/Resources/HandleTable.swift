// The handles of one component instance (CanonicalABI.md, "Table State" and "Resource State").

import WasmTypes
import Execution

/// What a handle stands for.
struct Handle {
    /// The run-time resource type; never 0.
    var type: UInt32
    var representation: UInt32
    var isOwned: Bool
    /// Of a borrowed handle: the depth of the call that it was lent for, in its instance.
    var scope: UInt32 = 0
    /// How many calls in progress have borrowed from this handle.
    var lendCount: UInt32 = 0
}

/// Handles by index. Index 0 is never given out.
///
/// A plain pointer to copy: nearly every call looks handles up, and counts no reference for it. Valid until `free`.
@safe struct HandleTable {
    @safe private struct State {
        // Invariant: the first `places` of `capacity` places are initialised; place 0 is free for ever.
        var handles: UnsafeMutablePointer<Handle>
        var places = 1
        var capacity = 16
        /// The free places, as a list through `representation`; 0 ends it. A free place has type 0.
        var firstFree: UInt32 = 0
        let limit: Int
        var count = 0
    }

    private let state: UnsafeMutablePointer<State>

    /// The greatest index that the canonical ABI allows.
    private static let greatestIndex = 1 << 28 - 1

    init(limit: Int) {
        let new = unsafe State(handles: .allocate(capacity: 16), limit: min(limit, Self.greatestIndex))
        unsafe new.handles.initialize(to: Handle(type: 0, representation: 0, isOwned: false))
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: new)
    }

    /// For whoever made the table.
    func free() {
        unsafe state.pointee.handles.deallocate()
        unsafe state.deallocate()
    }

    var count: Int { unsafe state.pointee.count }

    /// The handle at an index; nil if there is none.
    @inline(__always)
    subscript(index: UInt32) -> Handle? {
        guard unsafe Int(index) < state.pointee.places else { return nil }
        let handle = unsafe state.pointee.handles[Int(index)]
        return handle.type == 0 ? nil : handle
    }

    /// Adds a handle and gives its index. Traps beyond the limit.
    @inline(__always)
    func insert(_ handle: Handle) throws(Trap) -> UInt32 {
        let index = unsafe state.pointee.firstFree
        guard index != 0 else { return try extend(handle) }
        unsafe state.pointee.firstFree = state.pointee.handles[Int(index)].representation
        unsafe state.pointee.handles[Int(index)] = handle
        unsafe state.pointee.count += 1
        return index
    }

    /// Adds a handle where none has been.
    private func extend(_ handle: Handle) throws(Trap) -> UInt32 {
        let index = unsafe state.pointee.places
        let limit = unsafe state.pointee.limit
        guard index <= limit else {
            throw Trap(.resourceLimit, detail: "more than \(limit) handles in one component instance")
        }
        if unsafe index == state.pointee.capacity { grow() }
        unsafe (state.pointee.handles + index).initialize(to: handle)
        unsafe state.pointee.places += 1
        unsafe state.pointee.count += 1
        return UInt32(truncatingIfNeeded: index)
    }

    /// Makes the table what it was when it was new.
    func removeAll() {
        unsafe state.pointee.places = 1
        unsafe state.pointee.firstFree = 0
        unsafe state.pointee.count = 0
    }

    private func grow() {
        let capacity = unsafe state.pointee.capacity * 2
        let grown = UnsafeMutablePointer<Handle>.allocate(capacity: capacity)
        unsafe grown.moveInitialize(from: state.pointee.handles, count: state.pointee.places)
        unsafe state.pointee.handles.deallocate()
        unsafe state.pointee.handles = grown
        unsafe state.pointee.capacity = capacity
    }

    /// Removes the handle at an index that has one.
    @inline(__always)
    func remove(_ index: UInt32) {
        guard self[index] != nil else { return }
        unsafe state.pointee.handles[Int(index)] =
            Handle(type: 0, representation: state.pointee.firstFree, isOwned: false)
        unsafe state.pointee.firstFree = index
        unsafe state.pointee.count -= 1
    }

    /// Counts a call in that borrows from the handle.
    func lend(_ index: UInt32) {
        if unsafe Int(index) < state.pointee.places { unsafe state.pointee.handles[Int(index)].lendCount &+= 1 }
    }

    /// Counts such a call out.
    func endLoan(_ index: UInt32) {
        if unsafe Int(index) < state.pointee.places { unsafe state.pointee.handles[Int(index)].lendCount &-= 1 }
    }
}
