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
    var scope: UInt32
    /// How many calls in progress have borrowed from this handle.
    var lendCount: UInt32
}

/// Handles by index. Index 0 is never given out.
struct HandleTable {
    private var handles: [Handle]
    /// The free places, as a list through `representation`; 0 ends it. A free place has type 0.
    private var firstFree: UInt32 = 0
    private let limit: Int
    private(set) var count = 0

    /// The greatest index that the canonical ABI allows.
    private static let greatestIndex = 1 << 28 - 1

    init(limit: Int) {
        self.limit = min(limit, Self.greatestIndex)
        handles = [Handle(type: 0, representation: 0, isOwned: false, scope: 0, lendCount: 0)]
    }

    /// The handle at an index; nil if there is none.
    subscript(index: UInt32) -> Handle? {
        guard Int(index) < handles.count else { return nil }
        let handle = handles[Int(index)]
        return handle.type == 0 ? nil : handle
    }

    /// Adds a handle and gives its index. Traps beyond the limit.
    mutating func insert(_ handle: Handle) throws(Trap) -> UInt32 {
        if firstFree != 0 {
            let index = firstFree
            firstFree = handles[Int(index)].representation
            handles[Int(index)] = handle
            count += 1
            return index
        }
        guard handles.count <= limit else {
            throw Trap(.resourceLimit, detail: "more than \(limit) handles in one component instance")
        }
        handles.append(handle)
        count += 1
        return UInt32(truncatingIfNeeded: handles.count - 1)
    }

    /// Removes the handle at an index that has one.
    mutating func remove(_ index: UInt32) {
        guard self[index] != nil else { return }
        handles[Int(index)] = Handle(type: 0, representation: firstFree, isOwned: false, scope: 0, lendCount: 0)
        firstFree = index
        count -= 1
    }

    /// Counts a call in or out that borrows from the handle.
    mutating func changeLendCount(_ index: UInt32, by difference: Int32) {
        guard Int(index) < handles.count else { return }
        handles[Int(index)].lendCount = UInt32(
            truncatingIfNeeded: Int64(handles[Int(index)].lendCount) + Int64(difference))
    }
}
