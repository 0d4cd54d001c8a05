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
@safe final class HandleTable {
    // Invariant: the first `places` of `capacity` places are initialised; place 0 is free for ever. Handles are plain
    // values in memory of our own because nearly every call looks one up.
    private var handles: UnsafeMutablePointer<Handle>
    private var places = 1
    private var capacity = 16
    /// The free places, as a list through `representation`; 0 ends it. A free place has type 0.
    private var firstFree: UInt32 = 0
    private let limit: Int
    private(set) var count = 0

    /// The greatest index that the canonical ABI allows.
    private static let greatestIndex = 1 << 28 - 1

    init(limit: Int) {
        self.limit = min(limit, Self.greatestIndex)
        unsafe handles = UnsafeMutablePointer<Handle>.allocate(capacity: capacity)
        unsafe handles.initialize(to: Handle(type: 0, representation: 0, isOwned: false))
    }

    deinit {
        unsafe handles.deallocate()
    }

    /// The handle at an index; nil if there is none.
    subscript(index: UInt32) -> Handle? {
        guard Int(index) < places else { return nil }
        let handle = unsafe handles[Int(index)]
        return handle.type == 0 ? nil : handle
    }

    /// Adds a handle and gives its index. Traps beyond the limit.
    func insert(_ handle: Handle) throws(Trap) -> UInt32 {
        let index: Int
        if firstFree != 0 {
            index = Int(firstFree)
            firstFree = unsafe handles[index].representation
            unsafe handles[index] = handle
        } else {
            guard places <= limit else {
                throw Trap(.resourceLimit, detail: "more than \(limit) handles in one component instance")
            }
            if places == capacity { grow() }
            index = places
            unsafe (handles + index).initialize(to: handle)
            places += 1
        }
        count += 1
        return UInt32(truncatingIfNeeded: index)
    }

    /// Makes the table what it was when it was new.
    func removeAll() {
        places = 1
        firstFree = 0
        count = 0
    }

    private func grow() {
        let grown = UnsafeMutablePointer<Handle>.allocate(capacity: capacity * 2)
        unsafe grown.moveInitialize(from: handles, count: places)
        unsafe handles.deallocate()
        unsafe handles = grown
        capacity *= 2
    }

    /// Removes the handle at an index that has one.
    func remove(_ index: UInt32) {
        guard self[index] != nil else { return }
        unsafe handles[Int(index)] = Handle(type: 0, representation: firstFree, isOwned: false)
        firstFree = index
        count -= 1
    }

    /// Counts a call in that borrows from the handle.
    func lend(_ index: UInt32) {
        if Int(index) < places { unsafe handles[Int(index)].lendCount &+= 1 }
    }

    /// Counts such a call out.
    func endLoan(_ index: UInt32) {
        if Int(index) < places { unsafe handles[Int(index)].lendCount &-= 1 }
    }
}
