// Making objects from the host's side, and looking at references that come from it.

import CApus
import WasmTypes

extension Store {
    /// Room for an object, after a collection if need be; nil if the limit does not allow it. `stackEnd` says where the
    /// guest's frames end.
    func allocate(
        byteCount: UInt64, stackEnd: () -> UnsafePointer<UInt64>
    ) -> UnsafeMutablePointer<apus_object>? {
        if let cell = unsafe heap.takeCell(byteCount) { return unsafe cell }
        var hasCollected = false
        if heap.isCollectionDue, !heap.isExhausted {
            unsafe collect(upTo: stackEnd())
            hasCollected = true
            if let cell = unsafe heap.takeCell(byteCount) { return unsafe cell }
        }
        if let object = unsafe heap.takeFromNewBlocks(byteCount) { return unsafe object }
        if heap.takeExhaustion() || hasCollected || byteCount > heap.limit { return nil }
        unsafe collect(upTo: stackEnd())
        return unsafe heap.takeCell(byteCount) ?? heap.takeFromNewBlocks(byteCount)
    }

    func heapExhausted(_ byteCount: UInt64) -> Trap {
        Trap(.resourceLimit, detail: "no room for an object of \(byteCount) bytes: the limit for all is \(limits.heapBytes)")
    }

    /// Makes an array whose elements are all zero or null.
    func makeArray(
        _ type: TypeDescriptor, length: UInt32, stackEnd: UnsafePointer<UInt64>
    ) throws(Trap) -> UnsafeMutablePointer<apus_object> {
        let size = unsafe UInt64(APUS_ARRAY_HEADER.rawValue) + UInt64(length) << UInt64(type.record.pointee.element_shift)
        return unsafe try make(type, byteCount: size, length: length, stackEnd: stackEnd)
    }

    /// Makes a structure whose fields are all zero or null.
    func makeStructure(
        _ type: TypeDescriptor, stackEnd: UnsafePointer<UInt64>
    ) throws(Trap) -> UnsafeMutablePointer<apus_object> {
        let size = unsafe UInt64(type.record.pointee.size)
        return unsafe try make(type, byteCount: size, length: nil, stackEnd: stackEnd)
    }

    private func make(
        _ type: TypeDescriptor, byteCount: UInt64, length: UInt32?, stackEnd: UnsafePointer<UInt64>
    ) throws(Trap) -> UnsafeMutablePointer<apus_object> {
        guard let object = unsafe allocate(byteCount: byteCount, stackEnd: { unsafe stackEnd }) else {
            throw heapExhausted(byteCount)
        }
        // The limit is far below what an Int holds. Until it is complete it is no object, and nobody's if the guest is stopped.
        let count = Int(byteCount)
        for offset in stride(from: 0, to: count, by: Self.bytesAtOnce) {
            unsafe (UnsafeMutableRawPointer(object) + offset).initializeMemory(
                as: UInt8.self, repeating: 0, count: min(count - offset, Self.bytesAtOnce))
            if offset > 0 { try passInterrupt() }
        }
        unsafe object.pointee.type = type.address
        if let length { unsafe object.pointee.length = length }
        return unsafe object
    }

    // MARK: - References

    /// Whether a word is null, an i31, a thing of the host's or an object of this store.
    package func isReference(_ word: UInt64) -> Bool {
        if word == 0 { return true }
        if word & UInt64(APUS_REFERENCE_I31) != 0 { return word <= UInt64(UInt32.max) }
        if word & UInt64(APUS_REFERENCE_TAG) == UInt64(APUS_REFERENCE_HOST) { return true }
        return unsafe heap.object(at: word) != nil
    }

    /// Whether a word that the host passes may stand for a value of a type, which is the engine's. What refers to a
    /// function is not looked at: the host has it from the store.
    func admits(_ word: UInt64, as type: ValueType) -> Bool {
        guard let heapType = type.heapType else { return true }
        if word == 0 { return type.isNullable }
        let isNumber = word & UInt64(APUS_REFERENCE_I31) != 0 && word <= UInt64(UInt32.max)
        switch heapType {
        case .function, .noFunction, .external, .noExternal: return true
        case .exception, .noException: return exceptions[word] != nil
        case .any: return isReference(word)
        case .none: return false
        case .i31: return isNumber
        case .eq: return unsafe isNumber || heap.object(at: word) != nil
        case .structure: return descriptor(of: word)?.kind == APUS_KIND_STRUCTURE
        case .array: return descriptor(of: word)?.kind == APUS_KIND_ARRAY
        case .defined(let number):
            guard let wanted = registry.descriptor(numbered: number) else { return false }
            if wanted.kind == APUS_KIND_FUNCTION { return true }
            return descriptor(of: word)?.matches(wanted) ?? false
        }
    }

    /// Traps unless what a host function returns may stand for values of these types.
    func checkResults(_ frame: UnsafePointer<UInt64>, _ types: [ValueType]) throws(Trap) {
        var slot = 0
        for type in types {
            guard unsafe admits(frame[slot], as: type) else {
                throw Trap(.host, detail: "a host function returned what is no reference of type \(type)")
            }
            slot += type.isVector ? 2 : 1
        }
    }

    /// The type of the object that a word refers to; nil if it is none.
    private func descriptor(of word: UInt64) -> TypeDescriptor? {
        guard let object = unsafe heap.object(at: word),
            let type = unsafe UnsafePointer<apus_type>(bitPattern: UInt(object.pointee.type))
        else { return nil }
        return unsafe TypeDescriptor(record: type)
    }

    /// Keeps what a reference refers to until it is unpinned as often. What the host holds and did not pin may be gone
    /// after the next call.
    public func pin(_ reference: UInt64) {
        pinnedReferences[reference, default: 0] += 1
    }

    public func unpin(_ reference: UInt64) {
        guard let count = pinnedReferences[reference] else { return }
        pinnedReferences[reference] = count > 1 ? count - 1 : nil
    }
}

/// References as slots hold them, for hosts.
public enum Reference {
    /// The null reference of every type.
    public static var null: UInt64 { 0 }

    /// The `externref`, or `anyref`, for a thing of the host's, which knows it by a number below 2^62.
    public static func host(_ number: UInt64) -> UInt64 { number << 2 | UInt64(APUS_REFERENCE_HOST) }

    /// The number that `host` was given; nil for every other reference.
    public static func hostNumber(_ reference: UInt64) -> UInt64? {
        reference & UInt64(APUS_REFERENCE_TAG) == UInt64(APUS_REFERENCE_HOST) ? reference >> 2 : nil
    }

    /// The `i31ref` for the lower 31 bits of a number.
    public static func i31(_ number: UInt32) -> UInt64 { UInt64(number << 1) | UInt64(APUS_REFERENCE_I31) }
}

/// What a reference in the hierarchy of `any` refers to.
package enum ReferenceKind: Hashable, Sendable {
    case null
    case i31
    case structure
    case array
    case host
}

extension Store {
    /// What a reference refers to; nil if it is no reference of this store.
    package func kind(ofReference word: UInt64) -> ReferenceKind? {
        if word == 0 { return .null }
        if word & UInt64(APUS_REFERENCE_I31) != 0 { return .i31 }
        if Reference.hostNumber(word) != nil { return .host }
        return descriptor(of: word).map { $0.kind == APUS_KIND_STRUCTURE ? .structure : .array }
    }
}
