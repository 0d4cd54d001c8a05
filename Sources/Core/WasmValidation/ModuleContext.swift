// What the validation of bodies needs to know of the module around them, in flat arrays: the context `C` of the
// specification (section 3.1.1). It is made once, after the module's own rules were checked, and shared by all threads.

import InternalUtilities
import WasmBinary
import WasmTypes

/// A list of value types: an extent of a flat array of their words.
struct TypeList: BitwiseCopyable {
    var start: UInt32
    var count: UInt32

    static let empty = TypeList(start: 0, count: 0)
}

/// What kind of thing a defined type describes.
enum TypeKind: UInt8, BitwiseCopyable {
    case function
    case structure
    case array
}

/// What a function takes and gives; or the fields of a structure or array.
struct FlatFunctionType: BitwiseCopyable {
    var parameters: TypeList
    var results: TypeList
    var kind: TypeKind
    /// The extent of the fields in the table of all of them; an array has one, for its elements.
    var fields = TypeList.empty
    /// Whether all fields have a default value.
    var isDefaultable = true

    var isFunction: Bool { kind == .function }
}

/// A field of a structure, or what the elements of an array are.
struct FlatField: BitwiseCopyable {
    /// The word of the type that it has outside of the object.
    var word: UInt32
    var isPacked: Bool
    var isMutable: Bool
    /// 8 and 16 for packed fields; 0 otherwise.
    var packedBits: UInt8

    /// Whether its bytes can come from a data segment: anything but a reference.
    var isNumericOrVector: Bool { word & 0xFF != 1 }

    init(_ field: FieldType) {
        word = field.storage.unpacked.word
        isPacked = field.storage.isPacked
        isMutable = field.isMutable
        packedBits =
            switch field.storage {
            case .i8: 8
            case .i16: 16
            case .value: 0
            }
    }
}

/// The types of a module, flat.
final class TypeTable: Sendable {
    /// The words of all types in all type lists. The first are those in `singleWords`.
    let words: FixedArray<UInt32>
    let types: FixedArray<FlatFunctionType>
    /// The fields of all structures and arrays.
    let fields: FixedArray<FlatField>
    /// The index of the first type that is the same as this one.
    let canonicalTypes: FixedArray<UInt32>
    /// The index of each type's supertype, or its own where it has none.
    let supertypes: FixedArray<UInt32>

    /// - Parameter canonical: as `CanonicalTypes` computes it.
    init(_ module: BinaryModule, canonicalTypes canonical: [UInt32]) {
        var words: [UInt32] = Self.singleWords
        var types: [FlatFunctionType] = []
        types.reserveCapacity(module.types.count)
        func list(_ types: [ValueType]) -> TypeList {
            if types.isEmpty { return .empty }
            let start = words.count
            for type in types { words.append(type.word) }
            return TypeList(start: UInt32(start), count: UInt32(types.count))
        }
        var fields: [FlatField] = []
        func aggregate(_ kind: TypeKind, _ members: [FieldType]) -> FlatFunctionType {
            let start = fields.count
            fields.append(contentsOf: members.map(FlatField.init))
            return FlatFunctionType(
                parameters: .empty, results: .empty, kind: kind,
                fields: TypeList(start: UInt32(truncatingIfNeeded: start), count: UInt32(members.count)),
                isDefaultable: members.allSatisfy(\.storage.unpacked.isDefaultable))
        }
        for type in module.types {
            switch type.composite {
            case .function(let function):
                types.append(
                    FlatFunctionType(
                        parameters: list(function.parameters), results: list(function.results), kind: .function))
            case .structure(let members): types.append(aggregate(.structure, members))
            case .array(let element): types.append(aggregate(.array, [element]))
            }
        }
        self.fields = FixedArray(fields)
        self.words = FixedArray(words)
        self.types = FixedArray(types)
        canonicalTypes = FixedArray(canonical)
        supertypes = FixedArray(
            module.types.enumerated().map { index, type in type.supertype?.rawValue ?? UInt32(index) })
    }

    /// The types that a block can name without a type index, but for spelled-out references; the numbers and the vector in
    /// the order of their codes.
    static let singleWords: [UInt32] =
        [ValueType.i32, .i64, .f32, .f64, .v128, .funcref, .externref, .exnref].map(\.word)

    /// The list of one number or vector type, or of one of the common references; nil for other references.
    func singleList(of word: UInt32) -> TypeList? {
        if word >= 0x7B, word <= 0x7F { return TypeList(start: 0x7F - word, count: 1) }
        for index in 5..<8 where words[index] == word { return TypeList(start: UInt32(index), count: 1) }
        return nil
    }
}

/// The module as seen by its bodies.
package final class ModuleContext: Sendable {
    let module: BinaryModule
    let features: FeatureSet
    let types: TypeTable
    /// The type index of each function.
    let functions: FixedArray<UInt32>
    /// Whether `ref.func` may name the function.
    let declaredFunctions: FixedArray<Bool>
    let globals: FixedArray<FlatGlobal>
    let tables: FixedArray<FlatTable>
    /// The word of each memory's address type.
    let memories: FixedArray<UInt32>
    /// The type index of each tag.
    let tags: FixedArray<UInt32>
    /// The word of each element segment's type.
    let elements: FixedArray<UInt32>

    struct FlatGlobal: BitwiseCopyable {
        var word: UInt32
        var isMutable: Bool
    }

    struct FlatTable: BitwiseCopyable {
        var word: UInt32
        /// The word of the address type.
        var address: UInt32
    }

    /// - Parameter declared: for each function, whether something outside of the bodies refers to it.
    init(_ module: BinaryModule, features: FeatureSet, types: TypeTable, declaredFunctions declared: [Bool]) {
        self.module = module
        self.features = features
        self.types = types
        functions = FixedArray(module.functions.map(\.rawValue))
        declaredFunctions = FixedArray(declared)
        globals = FixedArray(
            module.globals.map { FlatGlobal(word: $0.type.valueType.word, isMutable: $0.type.isMutable) })
        tables = FixedArray(
            module.tables.map {
                FlatTable(word: $0.type.elementType.word, address: $0.type.addressType.valueType.word)
            })
        memories = FixedArray(module.memories.map { $0.addressType.valueType.word })
        tags = FixedArray(module.tags.map(\.type.rawValue))
        elements = FixedArray(module.elements.map(\.type.word))
    }
}
