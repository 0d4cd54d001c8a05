// The identity of a resource type (Explainer.md, "Type Checking").
//
// Resource types are abstract and generative: each definition, each import with a `(sub resource)` bound and each
// instantiation that brings one forth makes a new one, unequal to all others. So an identity is a number that is never
// given out twice in a process.
//
// A resource type can have several names, and where a type crosses a component's border it matters by which of them it
// refers to the resource (Explainer.md, "External Visibility of Types"). So an identity carries the name through which
// it was reached, which takes no part in equality.

import Synchronization

/// A static resource type. Two handle types are equal if and only if these are.
///
/// This is the validator's notion: every *instance* of the component that defines the resource has a type of its own at
/// run time, which stands for this identity in the view that the instance has of its types.
public struct ResourceTypeID: Sendable {
    public let rawValue: UInt64
    /// Which of the resource's names this is: the definition's own, or that of an import or export.
    package let name: UInt64

    private static let next = Atomic<UInt64>(1)

    /// An identity unequal to all others.
    public static func fresh() -> ResourceTypeID {
        let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
        return ResourceTypeID(rawValue: number, name: number)
    }

    /// The same resource type under a name of its own.
    package func renamed() -> ResourceTypeID {
        ResourceTypeID(rawValue: rawValue, name: Self.next.wrappingAdd(1, ordering: .relaxed).oldValue)
    }

    /// Another resource type under the name that this one has.
    package func replaced(by other: ResourceTypeID) -> ResourceTypeID {
        ResourceTypeID(rawValue: other.rawValue, name: name)
    }
}

extension ResourceTypeID: Hashable {
    public static func == (a: ResourceTypeID, b: ResourceTypeID) -> Bool {
        a.rawValue == b.rawValue
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(rawValue)
    }
}
