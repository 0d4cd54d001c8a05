// Which of a module's types are the same (core specification, section 3.3.12 "Defined Types"): recursion groups are equal
// if they are after references into the group itself are written as positions in it, and all others as equal types.

import WasmBinary
import WasmTypes

enum CanonicalTypes {
    /// For each type, the index of the first type that is the same.
    ///
    /// All type indices in `module` must be known to name a type of the same or an earlier group.
    /// Without typed references no two types are ever compared, and each stands for itself.
    static func indices(of module: BinaryModule, features: FeatureSet) -> [UInt32] {
        if features.isDisjoint(with: [.functionReferences, .gc]) { return (0..<module.types.count).map { UInt32($0) } }
        var canonical: [UInt32] = []
        canonical.reserveCapacity(module.types.count)
        var groups: [[DefinedType]: Int] = [:]
        for group in module.recursionGroups {
            let key = module.types[group].map { normalized($0, group: group, canonical: canonical) }
            let first = groups[key] ?? group.lowerBound
            if first == group.lowerBound { groups[key] = first }
            for position in 0..<group.count { canonical.append(UInt32(first + position)) }
        }
        return canonical
    }

    /// Bit of an index that stands for a position in the type's own group; above every index that the decoder lets in.
    private static let ownGroup: UInt32 = 1 << 21

    private static func normalized(_ type: DefinedType, group: Range<Int>, canonical: [UInt32]) -> DefinedType {
        type.renaming { index in
            if group.contains(index.position) { return TypeIndex(ownGroup | UInt32(index.position - group.lowerBound)) }
            return index.position < canonical.count ? TypeIndex(canonical[index.position]) : index
        }
    }
}
