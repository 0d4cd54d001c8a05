// Handles crossing the border (CanonicalABI.md, "Loading": lift_own, lift_borrow; "Storing": lower_own, lower_borrow).

import WasmTypes
import Execution

extension HostContext {
    /// The handle at an index, if it is of the resource type that stands in the slot.
    private func handle(_ index: UInt32, slot: UInt32) throws(Trap) -> Handle {
        let instance = options.instance
        guard let handle = instance.handles[index] else { throw ABIFault.unknownHandle(index) }
        guard Int(slot) < instance.resourceTypeNumbers.count else { throw ABIFault.typeMismatch }
        guard handle.type == instance.resourceTypeNumbers[Int(slot)] else {
            let state = instance.storeState
            throw ABIFault.wrongType(
                index, expected: state.resourceType(numbered: instance.resourceTypeNumbers[Int(slot)])?.description ?? "",
                found: state.resourceType(numbered: handle.type)?.description ?? "")
        }
        return handle
    }

    /// Takes an owned handle out of the caller's table.
    ///
    /// - Returns: the representation.
    func liftOwn(_ index: UInt32, slot: UInt32) throws(Trap) -> UInt32 {
        let handle = try handle(index, slot: slot)
        guard handle.lendCount == 0 else { throw ABIFault.lentHandle }
        guard handle.isOwned else { throw ABIFault.notOwned }
        options.instance.handles.remove(index)
        return handle.representation
    }

    /// Borrows from a handle until the call ends.
    ///
    /// - Returns: the representation.
    mutating func liftBorrow(_ index: UInt32, slot: UInt32) throws(Trap) -> UInt32 {
        let handle = try handle(index, slot: slot)
        options.instance.handles.changeLendCount(index, by: 1)
        if firstLender == 0 { firstLender = index } else { otherLenders.append(index) }
        return handle.representation
    }

    /// Gives the callee an owned handle.
    func lowerOwn(_ representation: UInt32, slot: UInt32) throws(Trap) -> UInt32 {
        let instance = options.instance
        guard Int(slot) < instance.resourceTypeNumbers.count else { throw ABIFault.typeMismatch }
        return try instance.handles.insert(
            Handle(
                type: instance.resourceTypeNumbers[Int(slot)], representation: representation, isOwned: true, scope: 0,
                lendCount: 0))
    }

    /// Lends the callee a handle for the call; the instance that defines the type gets the representation itself.
    func lowerBorrow(_ representation: UInt32, slot: UInt32) throws(Trap) -> UInt32 {
        let instance = options.instance
        guard Int(slot) < instance.resourceTypes.count, let type = instance.resourceTypes[Int(slot)],
            let depth = instance.borrowCounts.indices.last
        else { throw ABIFault.typeMismatch }
        if type.instance === instance { return representation }
        let index = try instance.handles.insert(
            Handle(
                type: type.number, representation: representation, isOwned: false,
                scope: UInt32(truncatingIfNeeded: depth), lendCount: 0))
        instance.borrowCounts[depth] += 1
        return index
    }
}
