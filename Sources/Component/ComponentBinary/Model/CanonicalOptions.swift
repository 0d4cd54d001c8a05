// Options of canonical definitions (Binary.md, "Canonical Definitions"; CanonicalABI.md, "Canonical ABI Options").

public import ComponentTypes
public import WasmTypes

/// How strings lie in linear memory.
public enum StringEncoding: Hashable, Sendable {
    case utf8
    case utf16
    /// Latin-1, or UTF-16 where the highest bit of the length says so.
    case latin1OrUTF16
}

/// The options of a canonical definition; validated, so that what the function type needs is there.
public struct CanonicalOptions: Hashable, Sendable {
    public var stringEncoding = StringEncoding.utf8
    public var memory: MemoryIndex?
    /// Of the memory; `i32` without one.
    public var addressType = AddressType.i32
    /// Takes four addresses and returns one.
    public var realloc: FunctionIndex?
    /// For `lift` only. Takes what the core function returns.
    public var postReturn: FunctionIndex?
    public var isAsync = false
    /// For an async `lift` only. Has type `[i32 i32 i32] -> [i32]`.
    public var callback: FunctionIndex?

    public init() {}

    public var convention: ComponentFunctionType.CallingConvention {
        isAsync ? (callback == nil ? .async : .asyncWithCallback) : .synchronous
    }
}
