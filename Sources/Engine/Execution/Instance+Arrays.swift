// Arrays made of, and filled from, segments (core specification, section 4.6.5, `array.new_data` and its kin).

import InternalUtilities
import CApus
import WasmBinary
import WasmTypes

extension Instance {
    /// Where the frames of the guest that asks for a service end; C has noted the place.
    private var stackEnd: UnsafePointer<UInt64> {
        let activation = unsafe store.stack.activation
        guard let pc = unsafe activation.pointee.trap_pc, let frame = unsafe activation.pointee.trap_frame else {
            return unsafe store.idleStackEnd
        }
        return unsafe store.stackEnd(pc, frame, in: self)
    }

    /// Makes an array of bytes of a data segment; gives its reference.
    func newArray(_ index: TypeIndex, from segment: DataIndex, start: UInt64, count: UInt64) throws(Trap) -> UInt64 {
        let type = module.typeDescriptor(index)
        let size = UInt64(UInt32(truncatingIfNeeded: count)) << UInt64(unsafe type.record.pointee.element_shift)
        let extent = try dataExtent(segment)
        guard size <= extent.count, start <= UInt64(extent.count) - size else { throw Trap(.memoryOutOfBounds) }
        let array = unsafe try store.makeArray(type, length: UInt32(truncatingIfNeeded: count), stackEnd: stackEnd)
        let lower = extent.lowerBound + Int(start)
        unsafe try copyBytes(
            lower..<lower + Int(size), to: UnsafeMutableRawPointer(array) + Int(APUS_ARRAY_HEADER.rawValue))
        return UInt64(UInt(bitPattern: array))
    }

    /// Makes an array of elements of an element segment; gives its reference.
    func newArray(_ index: TypeIndex, from segment: ElementIndex, start: UInt64, count: UInt64) throws(Trap) -> UInt64 {
        let available = try UInt64(elementCount(segment))
        guard count <= available, start <= available - count else { throw Trap(.tableOutOfBounds) }
        let array = unsafe try store.makeArray(
            module.typeDescriptor(index), length: UInt32(truncatingIfNeeded: count), stackEnd: stackEnd)
        let elements = unsafe (UnsafeMutableRawPointer(array) + Int(APUS_ARRAY_HEADER.rawValue))
            .assumingMemoryBound(to: UInt64.self)
        try copy(segment, start: start, count: count) { unsafe elements[$0] = $1 }
        return UInt64(UInt(bitPattern: array))
    }

    /// Copies bytes of a data segment into an array.
    func initializeArray(
        _ reference: UInt64, from segment: DataIndex, to target: UInt64, start: UInt64, count: UInt64
    ) throws(Trap) {
        let array = unsafe try array(reference)
        guard count <= UInt64(unsafe array.pointee.length), target <= UInt64(unsafe array.pointee.length) - count else {
            throw Trap(.arrayOutOfBounds)
        }
        guard let type = unsafe UnsafePointer<apus_type>(bitPattern: UInt(array.pointee.type)) else {
            throw Trap(.internalError)
        }
        let shift = UInt64(unsafe type.pointee.element_shift)
        let size = count << shift
        let extent = try dataExtent(segment)
        guard size <= extent.count, start <= UInt64(extent.count) - size else { throw Trap(.memoryOutOfBounds) }
        let elements = unsafe UnsafeMutableRawPointer(array) + Int(APUS_ARRAY_HEADER.rawValue)
        let lower = extent.lowerBound + Int(start)
        unsafe try copyBytes(lower..<lower + Int(size), to: elements + Int(target << shift))
    }

    /// Copies elements of an element segment into an array.
    func initializeArray(
        _ reference: UInt64, from segment: ElementIndex, to target: UInt64, start: UInt64, count: UInt64
    ) throws(Trap) {
        let array = unsafe try array(reference)
        guard count <= UInt64(unsafe array.pointee.length), target <= UInt64(unsafe array.pointee.length) - count else {
            throw Trap(.arrayOutOfBounds)
        }
        let available = try UInt64(elementCount(segment))
        guard count <= available, start <= available - count else { throw Trap(.tableOutOfBounds) }
        let elements = unsafe (UnsafeMutableRawPointer(array) + Int(APUS_ARRAY_HEADER.rawValue))
            .assumingMemoryBound(to: UInt64.self)
        try copy(segment, start: start, count: count) { unsafe elements[Int(target) + $0] = $1 }
    }

    private func array(_ reference: UInt64) throws(Trap) -> UnsafeMutablePointer<apus_object> {
        if reference == 0 { throw Trap(.nullArrayReference) }
        guard let object = unsafe store.heap.object(at: reference) else { throw Trap(.internalError) }
        return unsafe object
    }

    private func copy(
        _ segment: ElementIndex, start: UInt64, count: UInt64, to write: (Int, UInt64) -> Void
    ) throws(Trap) {
        guard module.binary.elements.indices.contains(segment.position) else { throw Trap(.internalError) }
        if case .functions(_, let extent) = module.binary.elements[segment.position].items {
            return try forEachFunction(in: extent, from: start, count: count) { write(Int($0), $1) }
        }
        for position in 0..<count {
            write(Int(position), try element(Int(start + position), of: segment))
            if position % Store.valuesAtOnce == 0 { try store.passInterrupt() }
        }
    }
}
