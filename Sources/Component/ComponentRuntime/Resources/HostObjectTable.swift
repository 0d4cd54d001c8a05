// The Swift objects behind the handles of host resources.

import WasmTypes
import Execution

/// Objects by number. The number is a handle's representation, so that host and guest resources pass through the same
/// tables.
struct HostObjectTable {
    private enum Place {
        case object(AnyObject)
        case free(next: UInt32?)
    }

    private var places: [Place] = []
    private var firstFree: UInt32?
    private let limit: Int
    private(set) var count = 0

    init(limit: Int) {
        self.limit = min(limit, Int(UInt32.max))
    }

    /// Adds an object and gives its number. Traps beyond the limit.
    mutating func insert(_ object: AnyObject) throws(Trap) -> UInt32 {
        if let index = firstFree, case .free(let next) = places[Int(index)] {
            firstFree = next
            places[Int(index)] = .object(object)
            count += 1
            return index
        }
        guard places.count < limit else {
            throw Trap(.resourceLimit, detail: "more than \(limit) host resources in one store")
        }
        places.append(.object(object))
        count += 1
        return UInt32(truncatingIfNeeded: places.count - 1)
    }

    subscript(index: UInt32) -> AnyObject? {
        guard Int(index) < places.count, case .object(let object) = places[Int(index)] else { return nil }
        return object
    }

    /// Takes the object out.
    mutating func remove(_ index: UInt32) -> AnyObject? {
        guard let object = self[index] else { return nil }
        places[Int(index)] = .free(next: firstFree)
        firstFree = index
        count -= 1
        return object
    }
}
