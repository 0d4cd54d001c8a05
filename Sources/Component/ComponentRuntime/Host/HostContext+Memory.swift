// Ranges of linear memory, checked; memory that the guest allocates (CanonicalABI.md, "Loading", "Storing").

import ComponentTypes
import Execution
import WasmTypes

extension ABIOptions {
    /// In bytes.
    var memoryByteCount: Int { unsafe Int(truncatingIfNeeded: extent.pointee.byteCount) }

    /// Checks the place of an aggregate that is passed in memory.
    ///
    /// - Parameter pointer: a core value; of a 32-bit address only the low half counts.
    @inline(__always)
    func place(at pointer: UInt64, of type: ABIType) throws(Trap) -> ABIPlace {
        let address = Int(clamping: isWide ? pointer : pointer & 0xFFFF_FFFF)
        guard address & (type.alignment - 1) == 0 else { throw ABIFault.unalignedPointer }
        guard type.byteCount <= memoryByteCount, address <= memoryByteCount - type.byteCount else {
            throw ABIFault.pointerOutOfBounds
        }
        return ABIPlace(address: address)
    }
}

extension HostContext {
    /// In bytes.
    var memoryByteCount: Int { options.memoryByteCount }

    /// The bytes of a range that has been checked. Valid until the guest runs.
    @usableFromInline
    func bytes(_ address: Int, _ count: Int) -> UnsafeMutableRawBufferPointer {
        guard count > 0, let base = unsafe options.extent.pointee.base else {
            return unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
        }
        return unsafe UnsafeMutableRawBufferPointer(start: base + address, count: count)
    }

    /// Checks a list's range and gives its address.
    @usableFromInline
    func listRange(_ pointer: UInt64, _ length: UInt64, element: ABIType) throws(Trap) -> Int {
        let address = Int(clamping: pointer)
        let (count, overflow) = Int(clamping: length).multipliedReportingOverflow(by: element.byteCount)
        guard !overflow, count <= CanonicalABI.maximumStringByteLength else { throw ABIFault.listOutOfBounds }
        guard address & (element.alignment - 1) == 0 else { throw ABIFault.unalignedPointer }
        guard count <= memoryByteCount, address <= memoryByteCount - count else { throw ABIFault.listOutOfBounds }
        return address
    }

    /// Asks the guest for memory.
    ///
    /// - Returns: the address, which is aligned and has `count` bytes behind it.
    @usableFromInline
    mutating func allocate(_ count: Int, alignment: Int) throws(Trap) -> Int {
        try reallocate(0, 0, alignment: alignment, to: count)
    }

    /// Asks the guest to change the size of what it has allocated before.
    mutating func reallocate(
        _ old: Int, _ oldCount: Int, alignment: Int, to count: Int
    ) throws(Trap) -> Int {
        guard let realloc = options.realloc else { throw ABIFault.noRealloc }
        guard options.isWide || count <= Int(UInt32.max) else { throw ABIFault.reallocOutOfBounds }
        unsafe options.flags.pointee.mayLeave = false
        var arguments = (UInt64(old), UInt64(oldCount), UInt64(alignment), UInt64(count))
        let pointer = try unsafe withUnsafeBytes(of: &arguments) { (bytes) throws(Trap) in
            guard let slots = unsafe bytes.assumingMemoryBound(to: UInt64.self).baseAddress else {
                throw Trap(.internalError)
            }
            return try unsafe options.call(realloc, copying: slots, count: 4)
        }
        unsafe options.flags.pointee.mayLeave = true
        let address = Int(clamping: options.isWide ? pointer : pointer & 0xFFFF_FFFF)
        guard address & (alignment - 1) == 0 else {
            throw isJoined ? ABIFault.unalignedPointer : ABIFault.reallocUnaligned
        }
        guard count <= memoryByteCount, address <= memoryByteCount - count else {
            throw isJoined ? ABIFault.listOutOfBounds : ABIFault.reallocOutOfBounds
        }
        return address
    }
}
