// The guest's memory as the functions see it. An address that leads out of it, or is not aligned as its type wants, is
// the guest's fault and ends it, as the specification of WASI 0.1 says ("shall trap"); `EFAULT` is never answered.

import Execution
import WASIHost
import WasmTypes

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The memory of the instance that makes a call. What it lends is good until the guest runs again. It counts no
/// references, for it is used with every call: its store keeps the memory, and whoever holds this is the store's.
@safe struct GuestMemory {
    private let extent: UnsafePointer<MemoryExtent>

    init(_ memory: LinearMemory) {
        unsafe extent = memory.extent
    }

    /// Lends bytes.
    func bytes(
        at address: UInt32, count: UInt64, alignment: UInt32 = 1
    ) throws(Trap) -> UnsafeMutableRawBufferPointer {
        guard address & (alignment - 1) == 0 else {
            throw Trap(.host, detail: "the address \(address) is not a multiple of \(alignment)")
        }
        let size = unsafe extent.pointee.byteCount
        guard count <= size, UInt64(address) <= size - count else {
            throw Trap(.memoryOutOfBounds, detail: "\(count) bytes at \(address) of a memory of \(size)")
        }
        let base = unsafe extent.pointee.base
        return unsafe UnsafeMutableRawBufferPointer(start: base.map { unsafe $0 + Int(address) }, count: Int(count))
    }

    /// What is copied of a guest's text, in bytes; no system takes paths of this length.
    private static let longestText = 1 << 16

    func bytes(of list: List<UInt8>) throws(Trap) -> UnsafeMutableRawBufferPointer {
        try unsafe bytes(at: list.address, count: UInt64(list.count))
    }

    func store<Value: FixedWidthInteger>(_ value: Value, to pointer: Pointer<Value>) throws(Trap) {
        let size = MemoryLayout<Value>.size
        let bytes = unsafe try bytes(at: pointer.address, count: UInt64(size), alignment: UInt32(size))
        unsafe bytes.storeBytes(of: value.littleEndian, as: Value.self)
    }

    /// Lends the bytes of a record, whose fields are aligned to 8 bytes at most.
    func record(at address: UInt32, size: UInt32, alignment: UInt32 = 8) throws(Trap) -> Record {
        unsafe Record(try bytes(at: address, count: UInt64(size), alignment: alignment))
    }

    /// A string: a path, which must be UTF-8 or is `EILSEQ`, and no longer than any path is or is `ENAMETOOLONG`.
    func text(_ text: Text) throws -> String {
        let bytes = unsafe try bytes(at: text.address, count: UInt64(text.count))
        if bytes.count > Self.longestText { throw Errno.nametoolong }
        guard let string = unsafe String(validating: bytes, as: UTF8.self) else { throw Errno.ilseq }
        return string
    }

    /// Lends the pieces that `vectors` tells of, as many as the system takes in one call.
    func withPieces<Result>(
        _ vectors: List<Vector>, _ body: (UnsafeBufferPointer<iovec>) throws -> Result
    ) throws -> Result {
        let list = unsafe try bytes(
            at: vectors.address, count: UInt64(vectors.count) * Vector.size, alignment: 4)
        let count = min(Int(vectors.count), Descriptor.maximumPieces)
        if count == 1 {
            var piece = unsafe try piece(0, of: list)
            return unsafe try withUnsafePointer(to: &piece) { try unsafe body(UnsafeBufferPointer(start: $0, count: 1)) }
        }
        return try unsafe withUnsafeTemporaryAllocation(of: iovec.self, capacity: max(count, 1)) { pieces in
            for index in 0..<count {
                unsafe pieces.initializeElement(at: index, to: try piece(index, of: list))
            }
            return try unsafe body(UnsafeBufferPointer(rebasing: pieces[..<count]))
        }
    }

    private func piece(_ index: Int, of list: UnsafeMutableRawBufferPointer) throws(Trap) -> iovec {
        let offset = index * Int(Vector.size)
        let address = unsafe UInt32(littleEndian: list.load(fromByteOffset: offset, as: UInt32.self))
        let length = unsafe UInt32(littleEndian: list.load(fromByteOffset: offset + 4, as: UInt32.self))
        let piece = unsafe try bytes(at: address, count: UInt64(length))
        return unsafe iovec(iov_base: piece.baseAddress, iov_len: piece.count)
    }
}

/// `iovec` and `ciovec`: the address and length of a piece of memory.
enum Vector {
    /// In bytes.
    static let size: UInt64 = 8
}

/// The bytes of a record in the guest's memory, whose fields are at fixed offsets.
@safe struct Record {
    private let bytes: UnsafeMutableRawBufferPointer

    init(_ bytes: UnsafeMutableRawBufferPointer) {
        unsafe self.bytes = bytes
    }

    func set<Value: FixedWidthInteger>(_ value: Value, at offset: Int) {
        unsafe precondition(offset >= 0 && offset + MemoryLayout<Value>.size <= bytes.count, "a field lies outside its record")
        unsafe bytes.storeBytes(of: value.littleEndian, toByteOffset: offset, as: Value.self)
    }

    func get<Value: FixedWidthInteger>(_ offset: Int, as type: Value.Type) -> Value {
        unsafe precondition(offset >= 0 && offset + MemoryLayout<Value>.size <= bytes.count, "a field lies outside its record")
        return unsafe Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }

    /// Sets all bytes to zero, those between the fields too.
    func clear() {
        unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0)
    }
}

/// A string in the guest's memory.
struct Text: GuestParameter {
    let address: UInt32
    let count: UInt32

    static var coreTypes: [ValueType] { [.i32, .i32] }

    init(_ slots: inout Slots) {
        address = UInt32(&slots)
        count = UInt32(&slots)
    }
}
