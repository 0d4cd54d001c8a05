// `list<u8>` without arrays: arguments are read where they lie in the guest's memory, and results copied there once.

import WasmTypes
public import ComponentTypes
public import Execution

/// A `list<u8>` parameter, in the guest's memory. Meant for the call that it was passed to: afterwards the guest may have
/// written something else there.
public struct GuestBytes {
    private let memory: LinearMemory?
    private let address: Int
    public let count: Int

    init(memory: LinearMemory?, address: Int, count: Int) {
        self.memory = memory
        self.address = address
        self.count = count
    }

    /// Calls `body` with the bytes. No function of the guest, nor anything that allocates in its memory, may be called
    /// from `body`; the buffer is not valid after it.
    @inlinable
    public func withUnsafeBytes<Value, Failure>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try unsafe body(contents)
    }

    @usableFromInline var contents: UnsafeRawBufferPointer {
        // The range was checked when the value was made, and a memory never shrinks.
        guard count > 0, let bytes = unsafe memory?.bytes(at: UInt64(address), count: UInt64(count)) else {
            return unsafe UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(bytes)
    }

    /// The bytes, copied.
    public var array: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }
}

extension GuestBytes: ComponentLiftable {
    public static func componentType() throws(ComponentTypeError) -> ComponentValueType? {
        .list(try ListType(element: .u8))
    }

    public static func lift(
        _ type: ABIType, from place: ABIPlace, in context: inout HostContext
    ) throws(Trap) -> GuestBytes {
        guard let element = type.member(0) else { throw ABIFault.typeMismatch }
        let (pointer, length) = context.readPointerAndLength(place)
        let address = try context.listRange(pointer, length, element: element)
        return GuestBytes(memory: context.options.memory, address: address, count: Int(length))
    }
}

/// A `list<u8>` result: an array, or bytes that stand in the guest's memory already.
public struct ByteList {
    enum Storage {
        case array([UInt8])
        case guest(address: Int, count: Int)
    }

    let storage: Storage

    /// Bytes that are copied into the guest's memory when the call returns. `HostContext.fill` saves the array.
    public init(_ bytes: [UInt8]) {
        storage = .array(bytes)
    }

    init(address: Int, count: Int) {
        storage = .guest(address: address, count: count)
    }

    public var count: Int {
        switch storage {
        case .array(let bytes): bytes.count
        case .guest(_, let count): count
        }
    }
}

extension ByteList: ComponentLowerable {
    public static func componentType() throws(ComponentTypeError) -> ComponentValueType? {
        .list(try ListType(element: .u8))
    }

    public func lower(_ type: ABIType, to place: ABIPlace, in context: inout HostContext) throws(Trap) {
        switch storage {
        case .array(let bytes): try bytes.lower(type, to: place, in: &context)
        case .guest(let address, let count):
            context.writePointerAndLength(address, UInt64(count), to: place)
        }
    }
}

extension HostContext {
    /// Has `body` write a `list<u8>` result, and puts it into the guest's memory. The guest is asked for memory once, and for
    /// as much as there is: its allocator need not be able to shrink what it has given for a list (Canonical ABI,
    /// `store_list`), and componentize-py's is not.
    ///
    /// - Parameters:
    ///   - maximum: how many bytes there is room for, at most 2^28 - 1.
    ///   - body: writes bytes to the front of the buffer and returns how many, or throws what the result shall be
    ///     instead.
    /// - Returns: the list, to be returned from the host function, or what `body` threw.
    /// - Throws: a trap of the guest's allocator; the host function must pass it on.
    public mutating func fill<Failure>(
        upTo maximum: Int, _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Trap) -> Result<ByteList, Failure> {
        let room = max(0, min(maximum, CanonicalABI.maximumStringByteLength))
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 16)
        defer { unsafe buffer.deallocate() }
        let count: Int
        do throws(Failure) { count = max(0, min(try unsafe body(buffer), room)) } catch { return .failure(error) }
        if count == 0 { return .success(ByteList([])) }
        let address = try allocate(count, alignment: 1)
        unsafe bytes(address, count).copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        return .success(ByteList(address: address, count: count))
    }
}
