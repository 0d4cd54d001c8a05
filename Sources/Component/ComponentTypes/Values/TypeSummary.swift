// What is known about a type without walking it: bounds on walking it, and the properties that validation asks for.

/// Why a type could not be made.
public enum ComponentTypeError: Error, Hashable, Sendable {
    /// The type nests deeper than `TypeSummary.maximumDepth`.
    case nestingTooDeep
    /// The type, written out in full, has more than `TypeSummary.maximumNodeCount` parts.
    case tooComplex
    /// A value would take `CanonicalABI.valueSizeBound` bytes or more.
    case valueTooLarge
    /// A record, variant, tuple, enumeration or set of flags without members.
    case empty
    /// The parameters of a function, taken together, would take `CanonicalABI.parameterSizeBound` bytes or more.
    case parametersTooLarge
    /// More than `CanonicalABI.maximumFlagCount` flags.
    case tooManyFlags
}

/// Properties of a type that its parts determine.
public struct TypeSummary: Hashable, Sendable {
    /// How deep types may nest.
    public static let maximumDepth = 100
    /// How many parts a type may have when it is written out as a tree. Types share parts, so without this limit a
    /// short binary could describe a type that takes for ever to walk.
    public static let maximumNodeCount = 1_000_000

    public struct Traits: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8

        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        public static let containsOwn = Traits(rawValue: 1 << 0)
        public static let containsBorrow = Traits(rawValue: 1 << 1)
        /// A string or a list, for which a linear memory is needed.
        public static let containsPointer = Traits(rawValue: 1 << 2)
        /// A record, variant, enumeration or set of flags, which must have a name where it is imported or exported.
        public static let containsNameable = Traits(rawValue: 1 << 3)

        /// A stream, a future or an error context.
        public static let containsAsync = Traits(rawValue: 1 << 4)

        public static let containsResource: Traits = [.containsOwn, .containsBorrow]
    }

    public var depth: Int
    public var nodeCount: Int
    public var traits: Traits

    /// A type without parts.
    public init(traits: Traits = []) {
        depth = 1
        nodeCount = 1
        self.traits = traits
    }

    /// A type made of parts with these summaries.
    public init(traits: Traits = [], combining parts: some Sequence<TypeSummary>) throws(ComponentTypeError) {
        self.init(traits: traits)
        for part in parts { try add(part) }
    }

    /// Counts one more part in.
    public mutating func add(_ part: TypeSummary) throws(ComponentTypeError) {
        depth = max(depth, part.depth + 1)
        nodeCount += part.nodeCount
        traits.formUnion(part.traits)
        guard depth <= Self.maximumDepth else { throw .nestingTooDeep }
        guard nodeCount <= Self.maximumNodeCount else { throw .tooComplex }
    }
}
