// All types of a file, and the work that was spent on them.

import ComponentTypes
import WasmBinary

/// Holds definitions by number, and knows which name stands for which.
struct TypeArena {
    private var definitions: [TypeDefinition] = []
    /// For each definition how deep it nests, and how many parts it has when written out.
    private var sizes: [(depth: Int, nodes: Int)] = []
    /// For each name the one that it stands for.
    private var originals: [Int] = []
    private var effort = 0

    /// How many types and names are made, and how many looked at, at most. Types share parts and components are
    /// instantiated again and again, so that a short file can ask for a great deal.
    private static let effortLimit = 5_000_000

    mutating func charge(_ amount: Int, at offset: Int) throws(BinaryError) {
        effort += amount
        guard effort <= Self.effortLimit else {
            throw BinaryError(.limit, "the component's types are too complex to be shown", at: offset)
        }
    }

    subscript(reference: TypeReference) -> TypeDefinition { definitions[reference.index] }

    /// Takes in a definition.
    mutating func add(_ definition: TypeDefinition, at offset: Int) throws(BinaryError) -> TypeReference {
        try charge(1, at: offset)
        var size = (depth: 1, nodes: 1)
        for reference in definition.references {
            let other = sizes[reference.index]
            size.depth = max(size.depth, other.depth + 1)
            size.nodes += other.nodes
            guard size.depth <= TypeSummary.maximumDepth, size.nodes <= TypeSummary.maximumNodeCount else {
                throw BinaryError(.limit, "a type nests too deeply or has too many parts to be shown", at: offset)
            }
        }
        definitions.append(definition)
        sizes.append(size)
        return TypeReference(index: definitions.count - 1)
    }

    /// The same type under a name of its own.
    mutating func renamed(_ reference: TypeReference, at offset: Int) throws(BinaryError) -> TypeReference {
        try charge(1, at: offset)
        originals.append(reference.name)
        return TypeReference(index: reference.index, name: originals.count - 1)
    }

    /// What a name stands for; nil for a definition itself.
    func original(of reference: TypeReference) -> TypeReference? {
        guard reference.name >= 0 else { return nil }
        return TypeReference(index: reference.index, name: originals[reference.name])
    }
}
