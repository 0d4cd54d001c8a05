// Handles of host resources, as Swift objects.

import WasmTypes
public import ComponentTypes
public import Execution

/// A host resource that changes hands: as a parameter, the guest gives it up; as a result, the guest becomes its owner.
@frozen public struct Owned<Resource: AnyObject & SendableMetatype> {
    public var object: Resource

    @inlinable
    public init(_ object: Resource) {
        self.object = object
    }
}

/// A host resource that is lent for the call. The object is used in place.
@frozen public struct Borrowed<Resource: AnyObject & SendableMetatype> {
    public var object: Resource

    @inlinable
    public init(_ object: Resource) {
        self.object = object
    }
}

extension Owned: Sendable where Resource: Sendable {}
extension Borrowed: Sendable where Resource: Sendable {}

extension Owned: ComponentLiftable, ComponentLowerable {
    public static func componentType() -> ComponentValueType? { .own(HostResourceTypes.type(for: Resource.self)) }

    @inlinable
    public static func lift(
        _ type: ABIType, from place: ABIPlace, in context: inout HostContext
    ) throws(Trap) -> Owned {
        // Linking has made sure that the type in the slot is the one for this class, and the handle is of that type.
        Owned(unsafe unsafeDowncast(try context.takeObject(type, place), to: Resource.self))
    }

    @inlinable
    public consuming func lower(_ type: ABIType, to place: ABIPlace, in context: inout HostContext) throws(Trap) {
        try context.giveObject((consume self).object, type, place)
    }
}

extension Borrowed: ComponentLiftable, ComponentLowerable {
    public static func componentType() -> ComponentValueType? { .borrow(HostResourceTypes.type(for: Resource.self)) }

    @inlinable
    public static func lift(
        _ type: ABIType, from place: ABIPlace, in context: inout HostContext
    ) throws(Trap) -> Borrowed {
        // As above.
        Borrowed(unsafe unsafeDowncast(try context.borrowObject(type, place).takeUnretainedValue(), to: Resource.self))
    }

    /// As an argument of a guest's function: lends the object for the call.
    public func lower(_ type: ABIType, to place: ABIPlace, in context: inout HostContext) throws(Trap) {
        let representation = try context.options.objects.insert(object)
        context.recordLoan { $0.objects.append(representation) }
        context.write(try unsafe context.lowerBorrow(representation, slot: type.node.pointee.resource), to: place)
    }
}
