// The proposals that the decoder and the validator accept. What is off is reported by the feature's name, not as a
// malformed binary.

/// A set of WebAssembly features, named as their proposals are.
public struct FeatureSet: OptionSet, Hashable, Sendable {
    public let rawValue: UInt64

    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    public static let mutableGlobals = FeatureSet(rawValue: 1 << 0)
    public static let signExtension = FeatureSet(rawValue: 1 << 1)
    public static let nontrappingConversions = FeatureSet(rawValue: 1 << 2)
    public static let multiValue = FeatureSet(rawValue: 1 << 3)
    public static let bulkMemory = FeatureSet(rawValue: 1 << 4)
    public static let referenceTypes = FeatureSet(rawValue: 1 << 5)
    public static let extendedConstants = FeatureSet(rawValue: 1 << 6)
    public static let tailCalls = FeatureSet(rawValue: 1 << 7)
    public static let multipleMemories = FeatureSet(rawValue: 1 << 8)
    public static let exceptions = FeatureSet(rawValue: 1 << 9)
    public static let legacyExceptions = FeatureSet(rawValue: 1 << 10)
    public static let simd = FeatureSet(rawValue: 1 << 11)
    public static let relaxedSIMD = FeatureSet(rawValue: 1 << 12)
    public static let memory64 = FeatureSet(rawValue: 1 << 13)
    public static let functionReferences = FeatureSet(rawValue: 1 << 14)
    public static let threads = FeatureSet(rawValue: 1 << 15)
    public static let gc = FeatureSet(rawValue: 1 << 16)
    public static let wideArithmetic = FeatureSet(rawValue: 1 << 17)
    public static let customPageSizes = FeatureSet(rawValue: 1 << 18)

    /// What the engine executes today.
    public static let supported: FeatureSet = [
        .mutableGlobals, .signExtension, .nontrappingConversions, .multiValue, .bulkMemory, .referenceTypes,
        .extendedConstants, .tailCalls, .multipleMemories, .exceptions,
    ]
}

extension FeatureSet {
    private static let named: [(FeatureSet, String)] = [
        (.mutableGlobals, "mutable-globals"), (.signExtension, "sign-extension"),
        (.nontrappingConversions, "nontrapping-conversions"), (.multiValue, "multi-value"),
        (.bulkMemory, "bulk-memory"), (.referenceTypes, "reference-types"),
        (.extendedConstants, "extended-constants"), (.tailCalls, "tail-calls"),
        (.multipleMemories, "multiple-memories"), (.exceptions, "exceptions"),
        (.legacyExceptions, "legacy-exceptions"), (.simd, "simd"), (.relaxedSIMD, "relaxed-simd"),
        (.memory64, "memory64"), (.functionReferences, "function-references"), (.threads, "threads"), (.gc, "gc"),
        (.wideArithmetic, "wide-arithmetic"), (.customPageSizes, "custom-page-sizes"),
    ]

    /// The names of the features in the set, as errors and the command line have them.
    public var names: String {
        Self.named.filter { contains($0.0) }.map(\.1).joined(separator: ", ")
    }

    /// The feature with this name; nil if there is none.
    public init?(name: String) {
        guard let feature = Self.named.first(where: { $0.1 == name })?.0 else { return nil }
        self = feature
    }
}
