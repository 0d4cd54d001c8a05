// The Swift objects behind the handles of host resources.

import WasmTypes
import Execution

/// Objects by number. The number is a handle's representation, so that host and guest resources pass through the same
/// tables.
final class HostObjectTable {
    private var places: [AnyObject?] = []
    /// The free places, as a list.
    private var nextFree: [UInt32?] = []
    private var firstFree: UInt32?
    private let limit: Int
    private(set) var count = 0

    init(limit: Int) {
        self.limit = min(limit, Int(UInt32.max))
    }

    /// Adds an object and gives its number. Traps beyond the limit.
    func insert(_ object: AnyObject) throws(Trap) -> UInt32 {
        if let index = firstFree {
            firstFree = nextFree[Int(index)]
            places[Int(index)] = object
            count += 1
            return index
        }
        guard places.count < limit else {
            throw Trap(.resourceLimit, detail: "more than \(limit) host resources in one store")
        }
        places.append(object)
        nextFree.append(nil)
        count += 1
        return UInt32(truncatingIfNeeded: places.count - 1)
    }

    subscript(index: UInt32) -> AnyObject? {
        Int(index) < places.count ? places[Int(index)] : nil
    }

    /// Lets go of all objects; the next one gets the number that the first one had.
    func removeAll() {
        // Room that a guest has made for very many is not kept.
        let keepsRoom = places.count <= 1024
        places.removeAll(keepingCapacity: keepsRoom)
        nextFree.removeAll(keepingCapacity: keepsRoom)
        firstFree = nil
        count = 0
    }

    /// Takes the object out.
    func remove(_ index: UInt32) -> AnyObject? {
        guard let object = self[index] else { return nil }
        places[Int(index)] = nil
        nextFree[Int(index)] = firstFree
        firstFree = index
        count -= 1
        return object
    }
}
