// Swift types that stand for component value types.
//
// A conforming type says which component type it stands for and how one value is read and written; aggregates pass on
// to their parts. Nothing in a conformance knows an offset: `ABIType` is the component's own type, which linking has
// compared with `componentType()`, and `ABIPlace` is where the value lies.

public import ComponentTypes
public import Execution

/// A type of which a value can be made out of what a guest passes.
public protocol ComponentLiftable: SendableMetatype {
    /// The component type; nil for `Nothing` alone. Throws for a type that the component model does not allow.
    static func componentType() throws(ComponentTypeError) -> ComponentValueType?
    /// Reads a value. Traps where the guest's bytes are none.
    static func lift(_ type: ABIType, from place: ABIPlace, in context: inout HostContext) throws(Trap) -> Self
}

/// A type of which a value can be given to a guest.
public protocol ComponentLowerable: SendableMetatype {
    /// The component type; nil for `Nothing` alone. Throws for a type that the component model does not allow.
    static func componentType() throws(ComponentTypeError) -> ComponentValueType?
    /// Writes the value, which is not needed afterwards. Traps where the guest's allocator or a limit refuses.
    consuming func lower(_ type: ABIType, to place: ABIPlace, in context: inout HostContext) throws(Trap)
}

/// A type whose values go both ways.
public typealias ComponentConvertible = ComponentLiftable & ComponentLowerable

/// No value: the result of a function that has none, and the payload of a `result` or variant case that has none.
@frozen public struct Nothing: ComponentConvertible, Error, Hashable, Sendable {
    @inlinable public init() {}

    public static func componentType() -> ComponentValueType? { nil }

    @inlinable
    public static func lift(_ type: ABIType, from place: ABIPlace, in context: inout HostContext) -> Nothing { Nothing() }

    @inlinable
    public func lower(_ type: ABIType, to place: ABIPlace, in context: inout HostContext) {}
}

extension ComponentLiftable {
    /// The component type of a value, where there must be one.
    @usableFromInline
    static func requiredType() throws(ComponentTypeError) -> ComponentValueType {
        guard let type = try componentType() else { throw .empty }
        return type
    }
}

extension ComponentLowerable {
    /// The component type of a value, where there must be one.
    @usableFromInline
    static func requiredLoweredType() throws(ComponentTypeError) -> ComponentValueType {
        guard let type = try componentType() else { throw .empty }
        return type
    }
}
