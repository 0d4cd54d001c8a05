// The identity of a resource type (Explainer.md, "Type Checking").
//
// Resource types are abstract and generative: each definition, each import with a `(sub resource)` bound and each
// instantiation that brings one forth makes a new one, unequal to all others. So an identity is a number that is never
// given out twice in a process.

import Synchronization

/// A static resource type. Two handle types are equal if and only if these are.
///
/// This is the validator's notion: every *instance* of the component that defines the resource has a type of its own at
/// run time, which stands for this identity in the view that the instance has of its types.
public struct ResourceTypeID: Hashable, Sendable {
    public let rawValue: UInt64

    private static let next = Atomic<UInt64>(1)

    private init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// An identity unequal to all others.
    public static func fresh() -> ResourceTypeID {
        ResourceTypeID(rawValue: next.wrappingAdd(1, ordering: .relaxed).oldValue)
    }
}
