// Questions that everybody asks a decoded module: the types behind indices, and readers of its extents.

import InternalUtilities
package import WasmTypes

extension BinaryModule {
    /// A reader of a part of the module's file.
    @_lifetime(borrow self)
    package func reader(of extent: ByteExtent) -> ByteReader {
        ByteReader(source.bytes, extent: extent)
    }

    /// The function type with this index; nil if there is no such type, or it is not a function's.
    package func functionType(at index: TypeIndex) -> FunctionType? {
        index.position < types.count ? types[index.position].function : nil
    }

    /// The type of a function, imported or defined; nil if there is no such function.
    package func functionType(of function: FunctionIndex) -> FunctionType? {
        function.position < functions.count ? functionType(at: functions[function.position]) : nil
    }

    /// The function type whose parameters are the values that an exception with this tag carries.
    package func functionType(of tag: TagIndex) -> FunctionType? {
        tag.position < tags.count ? functionType(at: tags[tag.position].type) : nil
    }

    /// What a block takes from the operand stack and leaves there; nil if its type index names no function type.
    package func functionType(of block: BlockType) -> FunctionType? {
        switch block {
        case .empty: FunctionType(parameters: [], results: [])
        case .value(let type): FunctionType(parameters: [], results: [type])
        case .type(let index): functionType(at: index)
        }
    }

    /// How many values a block takes and leaves. Cheaper than its function type.
    package func arity(of block: BlockType) -> (parameters: Int, results: Int)? {
        switch block {
        case .empty: (0, 0)
        case .value: (0, 1)
        case .type(let index): functionType(at: index).map { ($0.parameters.count, $0.results.count) }
        }
    }

    /// The body of a function; nil if it is imported or there is no such function.
    package func body(of function: FunctionIndex) -> ByteExtent? {
        let position = function.position - importedFunctionCount
        return position >= 0 && position < bodies.count ? bodies[position] : nil
    }
}
