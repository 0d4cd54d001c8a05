// Where a memory's bytes lie, for those who read and write many values of it between two calls of the guest.

import CApus

/// The address and size of a memory's bytes at one moment.
///
/// Lies at a fixed address itself and follows the memory as that grows: read it anew after each call into the guest.
@safe @frozen public struct MemoryExtent {
    public let base: UnsafeMutableRawPointer?
    /// In bytes.
    public let byteCount: UInt64

    /// No bytes.
    package init() {
        unsafe base = nil
        byteCount = 0
    }
}

extension LinearMemory {
    /// The memory's extent, at an address that is fixed while the memory lives.
    package var extent: UnsafePointer<MemoryExtent> {
        // The record is a C structure of the same two fields.
        unsafe UnsafeRawPointer(record).assumingMemoryBound(to: MemoryExtent.self)
    }
}
