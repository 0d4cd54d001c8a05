// A function as the host holds it: a record in the store, and the type for those who want to look.

package import CApus
public import WasmTypes

/// A guest's or a host's function. Valid while its store lives; belongs to the thread that uses the store.
@safe public struct Function {
    public let type: FunctionType
    /// Owned by the store.
    package let record: UnsafeMutablePointer<apus_function>

    package init(type: FunctionType, record: UnsafeMutablePointer<apus_function>) {
        self.type = type
        unsafe self.record = record
    }

    /// The function as a raw reference: its record's address.
    package var rawReference: UInt64 { unsafe UInt64(UInt(bitPattern: record)) }
}

/// A function without its type: a plain number, valid as long as the store that the function belongs to.
@safe package struct FunctionReference {
    let record: UnsafeMutablePointer<apus_function>

    package init(_ function: Function) {
        unsafe record = function.record
    }
}

/// What an instance imports or exports.
public enum ExternalValue {
    case function(Function)
    case table(Table)
    case memory(LinearMemory)
    case global(Global)
    case tag(Tag)
}
