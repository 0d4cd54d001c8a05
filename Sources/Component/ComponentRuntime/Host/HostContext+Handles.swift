// Handles crossing the border (CanonicalABI.md, "Loading": lift_own, lift_borrow; "Storing": lower_own, lower_borrow).

import WasmTypes
import Execution

extension HostContext {
    /// The handle at an index, if it is of the resource type that stands in the slot.
    @inline(__always)
    private func handle(_ index: UInt32, slot: UInt32) throws(Trap) -> Handle {
        guard let handle = options.handles[index], handle.type == options.resourceTypeNumber(slot: slot) else {
            let expected = options.instance.storeState.resourceType(numbered: options.resourceTypeNumber(slot: slot))
            throw options.instance.wrongHandle(index, expected: expected)
        }
        return handle
    }

    /// The object of a host resource that the guest gives up.
    @usableFromInline
    func takeObject(_ type: ABIType, _ place: ABIPlace) throws(Trap) -> AnyObject {
        let representation = try unsafe liftOwn(read(place), slot: type.node.pointee.resource)
        guard let object = options.objects.remove(representation) else { throw ABIFault.typeMismatch }
        return object
    }

    /// Makes the guest the owner of an object of a host resource.
    @usableFromInline
    func giveObject(_ object: consuming AnyObject, _ type: ABIType, _ place: ABIPlace) throws(Trap) {
        let representation = try options.objects.insert(object)
        write(try unsafe lowerOwn(representation, slot: type.node.pointee.resource), to: place)
    }

    /// The object of a host resource that the guest lends until the call ends; until then the table holds it.
    @usableFromInline
    mutating func borrowObject(_ type: ABIType, _ place: ABIPlace) throws(Trap) -> Unmanaged<AnyObject> {
        let representation = try unsafe liftBorrow(read(place), slot: type.node.pointee.resource)
        guard let object = unsafe options.objects.unretained(representation) else { throw ABIFault.typeMismatch }
        return unsafe object
    }

    /// Takes an owned handle out of the caller's table.
    ///
    /// - Returns: the representation.
    @inline(__always)
    func liftOwn(_ index: UInt32, slot: UInt32) throws(Trap) -> UInt32 {
        let handle = try handle(index, slot: slot)
        guard handle.lendCount == 0 else { throw ABIFault.lentHandle }
        guard handle.isOwned else { throw ABIFault.notOwned }
        options.handles.remove(index)
        return handle.representation
    }

    /// Borrows from a handle until the call ends.
    ///
    /// - Returns: the representation.
    @inline(__always)
    mutating func liftBorrow(_ index: UInt32, slot: UInt32) throws(Trap) -> UInt32 {
        let handle = try handle(index, slot: slot)
        options.handles.lend(index)
        if firstLender == 0 { firstLender = index } else { recordLoan { $0.otherLenders.append(index) } }
        return handle.representation
    }

    /// Gives the callee an owned handle.
    @inline(__always)
    func lowerOwn(_ representation: UInt32, slot: UInt32) throws(Trap) -> UInt32 {
        let number = options.resourceTypeNumber(slot: slot)
        guard number != 0 else { throw Trap(.internalError) }
        return try options.handles.insert(Handle(type: number, representation: representation, isOwned: true))
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
                scope: UInt32(truncatingIfNeeded: depth)))
        instance.borrowCounts[depth] += 1
        return index
    }
}
