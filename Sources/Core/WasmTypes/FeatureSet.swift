// The proposals that the decoder and the validator accept. What is off is reported by the feature's name, not as a
// malformed binary.

/// A set of WebAssembly features, named as their proposals are.
public struct FeatureSet: OptionSet, Hashable, Sendable {
    public let rawValue: UInt64

    @inlinable public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    @inlinable public static var mutableGlobals: FeatureSet { FeatureSet(rawValue: 1 << 0) }
    @inlinable public static var signExtension: FeatureSet { FeatureSet(rawValue: 1 << 1) }
    @inlinable public static var nontrappingConversions: FeatureSet { FeatureSet(rawValue: 1 << 2) }
    @inlinable public static var multiValue: FeatureSet { FeatureSet(rawValue: 1 << 3) }
    @inlinable public static var bulkMemory: FeatureSet { FeatureSet(rawValue: 1 << 4) }
    @inlinable public static var referenceTypes: FeatureSet { FeatureSet(rawValue: 1 << 5) }
    @inlinable public static var extendedConstants: FeatureSet { FeatureSet(rawValue: 1 << 6) }
    @inlinable public static var tailCalls: FeatureSet { FeatureSet(rawValue: 1 << 7) }
    @inlinable public static var multipleMemories: FeatureSet { FeatureSet(rawValue: 1 << 8) }
    @inlinable public static var exceptions: FeatureSet { FeatureSet(rawValue: 1 << 9) }
    @inlinable public static var legacyExceptions: FeatureSet { FeatureSet(rawValue: 1 << 10) }
    @inlinable public static var simd: FeatureSet { FeatureSet(rawValue: 1 << 11) }
    @inlinable public static var relaxedSIMD: FeatureSet { FeatureSet(rawValue: 1 << 12) }
    @inlinable public static var memory64: FeatureSet { FeatureSet(rawValue: 1 << 13) }
    @inlinable public static var functionReferences: FeatureSet { FeatureSet(rawValue: 1 << 14) }
    @inlinable public static var threads: FeatureSet { FeatureSet(rawValue: 1 << 15) }
    @inlinable public static var gc: FeatureSet { FeatureSet(rawValue: 1 << 16) }
    @inlinable public static var wideArithmetic: FeatureSet { FeatureSet(rawValue: 1 << 17) }
    @inlinable public static var customPageSizes: FeatureSet { FeatureSet(rawValue: 1 << 18) }

    /// What the engine executes today.
    public static let supported: FeatureSet = [
        .mutableGlobals, .signExtension, .nontrappingConversions, .multiValue, .bulkMemory, .referenceTypes,
        .extendedConstants, .tailCalls, .multipleMemories, .exceptions, .functionReferences, .memory64,
        .customPageSizes, .wideArithmetic, .threads, .legacyExceptions, .simd, .relaxedSIMD, .gc,
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
