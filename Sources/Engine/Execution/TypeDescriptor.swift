// What code and objects know of a defined type: its number, its ancestors, and where the fields of its objects lie.
//
// A type's descriptor lists its ancestors from the root down to itself, so whether an object is of a type is answered by
// looking at one place of that list, however deep the types are.

package import CApus
import WasmBinary
package import WasmTypes

/// A pointer to the record of a defined type.
// Proof of Sendable: the record is written once, before anybody else has the pointer, and is freed by its registry, which
// everything that holds a descriptor keeps alive.
@safe package struct TypeDescriptor: @unchecked Sendable {
    package let record: UnsafePointer<apus_type>

    /// The descriptor that stands for types for which there was no number. No type matches it.
    static let unnumbered = TypeDescriptor(
        DefinedType(.function(FunctionType(parameters: [], results: []))), number: TypeRegistry.unnumbered, supertype: nil)

    init(record: UnsafePointer<apus_type>) {
        unsafe self.record = record
    }

    /// - Parameters:
    ///   - type: names other types by their numbers.
    ///   - supertype: of `type`, if it has one.
    init(_ type: DefinedType, number: UInt32, supertype: TypeDescriptor?) {
        let depth = supertype.map { unsafe Int($0.record.pointee.depth) + 1 } ?? 0
        let fields = type.fields ?? []
        // One block: the record, the list of ancestors, the fields.
        let headSize = unsafe MemoryLayout<apus_type>.stride
        let listSize = (depth + 1) * MemoryLayout<UInt>.stride
        let block = UnsafeMutableRawPointer.allocate(
            byteCount: headSize + listSize + fields.count * MemoryLayout<apus_field>.stride,
            alignment: 16)
        let made = unsafe block.bindMemory(to: apus_type.self, capacity: 1)
        let ancestors = unsafe (block + headSize).bindMemory(to: UnsafePointer<apus_type>?.self, capacity: depth + 1)
        if let supertype {
            for index in 0..<depth {
                unsafe (ancestors + index).initialize(to: supertype.record.pointee.ancestors[index])
            }
        }
        unsafe (ancestors + depth).initialize(to: UnsafePointer(made))
        unsafe made.initialize(to: apus_type())
        unsafe made.pointee.number = number
        unsafe made.pointee.depth = UInt32(truncatingIfNeeded: depth)
        unsafe made.pointee.ancestors = UnsafePointer(ancestors)
        unsafe made.pointee.is_final = type.isFinal
        switch type.composite {
        case .function: unsafe made.pointee.kind = UInt8(APUS_KIND_FUNCTION.rawValue)
        case .array(let element):
            unsafe made.pointee.kind = UInt8(APUS_KIND_ARRAY.rawValue)
            unsafe made.pointee.element_storage = UInt8(element.storage.kind.rawValue)
            unsafe made.pointee.element_shift = UInt8(element.storage.byteCount.trailingZeroBitCount)
            unsafe made.pointee.holds_references = element.storage.kind == APUS_STORAGE_REFERENCE
        case .structure:
            unsafe made.pointee.kind = UInt8(APUS_KIND_STRUCTURE.rawValue)
            let list = unsafe (block + headSize + listSize).bindMemory(to: apus_field.self, capacity: fields.count)
            var size = Int(APUS_STRUCTURE_HEADER.rawValue)
            for (index, field) in fields.enumerated() {
                // In order and naturally aligned, so a subtype's fields begin with its supertype's.
                let alignment = min(field.storage.byteCount, 8)
                size = (size + alignment - 1) & ~(alignment - 1)
                unsafe (list + index).initialize(
                    to: apus_field(offset: UInt32(truncatingIfNeeded: size), storage: field.storage.kind.rawValue))
                size += field.storage.byteCount
                if field.storage.kind == APUS_STORAGE_REFERENCE { unsafe made.pointee.holds_references = true }
            }
            unsafe made.pointee.fields = UnsafePointer(list)
            unsafe made.pointee.field_count = UInt32(truncatingIfNeeded: fields.count)
            unsafe made.pointee.size = UInt32(truncatingIfNeeded: (size + 7) & ~7)
        }
        unsafe record = UnsafePointer(made)
    }

    func deallocate() {
        unsafe UnsafeMutableRawPointer(mutating: record).deallocate()
    }

    package var number: UInt32 { unsafe record.pointee.number }
    package var kind: apus_type_kind { unsafe apus_type_kind(UInt32(record.pointee.kind)) }

    /// Where a field of a structure lies, in bytes from the object's start; nil if there is no such field.
    package func offset(ofField index: Int) -> UInt32? {
        guard index >= 0, index < Int(unsafe record.pointee.field_count) else { return nil }
        return unsafe record.pointee.fields[index].offset
    }

    /// Whether the type is another or one of its subtypes.
    package func matches(_ wanted: TypeDescriptor) -> Bool {
        unsafe number != TypeRegistry.unnumbered && apus_type_matches(record, wanted.record)
    }

    /// The descriptor's address, as code has it.
    package var address: UInt64 { unsafe UInt64(UInt(bitPattern: record)) }
}

extension StorageType {
    /// How the storage is read and written.
    package var kind: apus_storage {
        switch self {
        case .i8: APUS_STORAGE_8
        case .i16: APUS_STORAGE_16
        case .value(.i32), .value(.f32): APUS_STORAGE_32
        case .value(.v128): APUS_STORAGE_128
        case .value(let type): type.isReference ? APUS_STORAGE_REFERENCE : APUS_STORAGE_64
        }
    }
}
