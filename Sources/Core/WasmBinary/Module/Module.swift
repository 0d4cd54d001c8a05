// A decoded module: an index over its bytes (core specification, section 2.5 "Modules").
//
// Decoding reads headers, types, imports, exports and the extents of bodies and segments; function bodies, data and
// names stay where they are in the source and are read when they are wanted.

package import InternalUtilities
public import WasmTypes

/// An extent of bytes, in offsets from the start of the outermost file.
public typealias ByteExtent = Range<Int>

/// A module as its binary lists it. Immutable once decoded; shared freely between threads.
public struct BinaryModule: Sendable {
    /// Owns the bytes that all extents point into.
    package var source: ByteSource
    /// The module's own bytes, from its magic number to its end.
    package var extent: ByteExtent

    /// Defined types, flat; `recursionGroups` says which of them stand in one group.
    package var types: [DefinedType] = []
    /// The extent of each recursion group in `types`, in order. A type outside a `rec` is a group of one.
    package var recursionGroups: [Range<Int>] = []
    package var imports: [Import] = []

    /// The index spaces, imports first.
    package var functions: [TypeIndex] = []
    package var tables: [Table] = []
    package var memories: [MemoryType] = []
    package var globals: [Global] = []
    package var tags: [TagType] = []

    package var importedFunctionCount = 0
    package var importedTableCount = 0
    package var importedMemoryCount = 0
    package var importedGlobalCount = 0
    package var importedTagCount = 0

    package var exports: [Export] = []
    package var start: FunctionIndex?
    package var elements: [ElementSegment] = []
    /// The data count section's number, where there is one.
    package var dataCount: UInt32?
    package var data: [DataSegment] = []
    /// One for each function that is not imported: the body's bytes, locals included, without the size before it.
    package var bodies: [ByteExtent] = []
    package var customSections: [CustomSection] = []

    package init(source: ByteSource, extent: ByteExtent) {
        self.source = source
        self.extent = extent
    }
}

/// A type as a module defines it.
public struct DefinedType: Hashable, Sendable {
    public enum Composite: Hashable, Sendable {
        case function(FunctionType)
        case structure([FieldType])
        case array(FieldType)
    }

    public var composite: Composite
    public var isFinal: Bool
    public var supertype: TypeIndex?

    public init(_ composite: Composite, isFinal: Bool = true, supertype: TypeIndex? = nil) {
        self.composite = composite
        self.isFinal = isFinal
        self.supertype = supertype
    }

    /// nil if it is not a function's.
    public var function: FunctionType? {
        if case .function(let type) = composite { type } else { nil }
    }

    /// The fields of a structure; nil for other types.
    public var fields: [FieldType]? {
        if case .structure(let fields) = composite { fields } else { nil }
    }

    /// What the elements of an array are; nil for other types.
    public var element: FieldType? {
        if case .array(let element) = composite { element } else { nil }
    }
}

extension DefinedType {
    /// The same type with every type that it names under the name that `name` gives it.
    package func renaming(_ name: (TypeIndex) -> TypeIndex) -> DefinedType {
        DefinedType(composite.renaming(name), isFinal: isFinal, supertype: supertype.map(name))
    }
}

extension DefinedType.Composite {
    fileprivate func renaming(_ name: (TypeIndex) -> TypeIndex) -> DefinedType.Composite {
        switch self {
        case .function(let type):
            .function(
                FunctionType(
                    parameters: type.parameters.map { $0.renaming(name) }, results: type.results.map { $0.renaming(name) }))
        case .structure(let fields): .structure(fields.map { $0.renaming(name) })
        case .array(let element): .array(element.renaming(name))
        }
    }
}

extension FieldType {
    fileprivate func renaming(_ name: (TypeIndex) -> TypeIndex) -> FieldType {
        guard case .value(let type) = storage else { return self }
        return FieldType(.value(type.renaming(name)), isMutable: isMutable)
    }
}

extension ValueType {
    /// The same type with the type that it names, if any, under the name that `name` gives it.
    package func renaming(_ name: (TypeIndex) -> TypeIndex) -> ValueType {
        guard isReference, case .defined(let index) = heapType else { return self }
        return .reference(.defined(name(index)), nullable: isNullable)
    }
}

/// What an import asks for.
public enum ImportType: Hashable, Sendable {
    case function(TypeIndex)
    case table(TableType)
    case memory(MemoryType)
    case global(GlobalType)
    case tag(TagType)
}

public struct Import: Hashable, Sendable {
    public var module: String
    public var name: String
    public var type: ImportType
    /// Where the import stands in the file.
    public var offset: Int
}

public struct Table: Sendable {
    public var type: TableType
    /// The expression for the elements' first value; nil means null.
    public var initializer: ConstantExpression?
}

public struct Global: Sendable {
    public var type: GlobalType
    /// nil for an imported global.
    public var initializer: ConstantExpression?
}

/// A constant expression's bytes, `end` included. They are read by `ConstantExpression`'s evaluator and validator.
public struct ConstantExpression: Hashable, Sendable {
    public var extent: ByteExtent
}

public enum ExternalIndex: Hashable, Sendable {
    case function(FunctionIndex)
    case table(TableIndex)
    case memory(MemoryIndex)
    case global(GlobalIndex)
    case tag(TagIndex)
}

public struct Export: Hashable, Sendable {
    public var name: String
    public var index: ExternalIndex
    public var offset: Int
}

public struct ElementSegment: Sendable {
    public enum Mode: Sendable {
        case passive
        case declarative
        case active(TableIndex, offset: ConstantExpression)
    }

    public enum Items: Sendable {
        /// The extent of a vector of function indices (without its count).
        case functions(count: UInt32, ByteExtent)
        case expressions([ConstantExpression])
    }

    public var mode: Mode
    public var type: ValueType
    public var items: Items
    public var offset: Int
}

public struct DataSegment: Sendable {
    public enum Mode: Sendable {
        case passive
        case active(MemoryIndex, offset: ConstantExpression)
    }

    public var mode: Mode
    /// The bytes themselves, in the source.
    public var bytes: ByteExtent
}

public struct CustomSection: Sendable {
    public var name: String
    /// The contents, without the name.
    public var bytes: ByteExtent
}
