// Defined types, numbered engine-wide, so that most questions about two of them are one comparison.
//
// Two types are the same exactly if they have the same number (core specification, section 3.3.12 "Defined Types"). Types
// are numbered by recursion group: a group is written down with references into itself as positions in it and all others
// as the engine's numbers, and groups that read the same get the same numbers. So types of different modules compare,
// whatever indices the modules give them. Each number has a descriptor, which is what code and objects point to.

import CApus
import Synchronization
package import WasmBinary
package import WasmTypes

/// Gives every distinct defined type a number. Shared by all modules of an engine, from any thread.
package final class TypeRegistry: Sendable {
    private struct Entry {
        /// Names other types by their numbers.
        var type: DefinedType
        var descriptor: TypeDescriptor
    }

    private struct State {
        /// The number of the first type of each group.
        var groups: [[UInt64]: UInt32] = [:]
        var entries: [Entry] = []
    }

    /// The numbers and descriptors of a module's types, by type index.
    package struct Registration: Sendable {
        package fileprivate(set) var numbers: [UInt32] = []
        package fileprivate(set) var descriptors: [TypeDescriptor] = []
    }

    private let state = Mutex(State())

    /// How many types are numbered at most: each must fit into a packed value type.
    private static let limit = Int(ValueType.greatestTypeIndex)
    /// Stands for a type that could not be numbered; no type of a module ever has it.
    package static let unnumbered = UInt32.max

    package init() {}

    deinit {
        state.withLock { state in
            for entry in state.entries { entry.descriptor.deallocate() }
        }
    }

    // MARK: - Numbers

    /// The numbers of a validated module's types; nil if the engine already holds too many types.
    package func register(_ module: BinaryModule) -> Registration? {
        state.withLock { state in
            var registration = Registration()
            registration.numbers.reserveCapacity(module.types.count)
            registration.descriptors.reserveCapacity(module.types.count)
            for group in module.recursionGroups {
                guard let first = Self.register(module.types[group], group, registration.numbers, &state) else { return nil }
                for position in 0..<group.count {
                    registration.numbers.append(first + UInt32(truncatingIfNeeded: position))
                    registration.descriptors.append(state.entries[Int(first) + position].descriptor)
                }
            }
            return registration
        }
    }

    /// The descriptor of a function type that stands alone and names others by their numbers; that of no type if the engine
    /// already holds too many types.
    package func descriptor(of type: FunctionType) -> TypeDescriptor {
        state.withLock { state in
            let type = DefinedType(.function(type))
            var key: [UInt64] = []
            Self.write(type, to: &key) { UInt64($0.rawValue) }
            if let number = state.groups[key] { return state.entries[Int(number)].descriptor }
            guard state.entries.count < Self.limit else { return .unnumbered }
            let number = UInt32(truncatingIfNeeded: state.entries.count)
            state.groups[key] = number
            let descriptor = TypeDescriptor(type, number: number, supertype: nil)
            state.entries.append(Entry(type: type, descriptor: descriptor))
            return descriptor
        }
    }

    /// The number of a group's first type, new ones if the group is new.
    private static func register(
        _ types: ArraySlice<DefinedType>, _ group: Range<Int>, _ numbers: [UInt32], _ state: inout State
    ) -> UInt32? {
        var key: [UInt64] = []
        for type in types {
            write(type, to: &key) { index in
                if group.contains(index.position) { return ownGroup | UInt64(index.position - group.lowerBound) }
                return numbers.indices.contains(index.position) ? UInt64(numbers[index.position]) : UInt64(UInt32.max)
            }
        }
        if let number = state.groups[key] { return number }
        guard state.entries.count + types.count <= limit else { return nil }
        let first = UInt32(truncatingIfNeeded: state.entries.count)
        state.groups[key] = first
        for type in types {
            let renamed = type.renaming { index in
                if group.contains(index.position) {
                    return TypeIndex(first + UInt32(truncatingIfNeeded: index.position - group.lowerBound))
                }
                return TypeIndex(numbers.indices.contains(index.position) ? numbers[index.position] : unnumbered)
            }
            // A supertype stands before its subtypes.
            let supertype = renamed.supertype.flatMap { index in
                state.entries.indices.contains(index.position) ? state.entries[index.position].descriptor : nil
            }
            let number = UInt32(truncatingIfNeeded: state.entries.count)
            state.entries.append(
                Entry(type: renamed, descriptor: TypeDescriptor(renamed, number: number, supertype: supertype)))
        }
        return first
    }

    // MARK: - Keys

    private static let ownGroup: UInt64 = 1 << 32

    /// Writes a type down as words that are equal exactly for equal types. `reference` says what stands for a type that it
    /// names, in 33 bits.
    private static func write(_ type: DefinedType, to key: inout [UInt64], _ reference: (TypeIndex) -> UInt64) {
        func write(_ type: ValueType) {
            if case .defined(let index) = type.heapType {
                key.append(1 << 63 | (type.isNullable ? 1 << 62 : 0) | reference(index))
            } else {
                key.append(UInt64(type.word))
            }
        }
        func write(_ types: [ValueType]) {
            key.append(UInt64(types.count))
            for type in types { write(type) }
        }
        func write(_ field: FieldType) {
            switch field.storage {
            case .value(let type): write(type)
            case .i8: key.append(0x78)
            case .i16: key.append(0x77)
            }
            key.append(field.isMutable ? 1 : 0)
        }
        key.append(type.isFinal ? 1 : 0)
        key.append(type.supertype.map { reference($0) | 1 << 63 } ?? 0)
        switch type.composite {
        case .function(let function):
            key.append(0)
            write(function.parameters)
            write(function.results)
        case .structure(let fields):
            key.append(1)
            key.append(UInt64(fields.count))
            for field in fields { write(field) }
        case .array(let element):
            key.append(2)
            write(element)
        }
    }

    // MARK: - Questions

    /// The type with this number, which names other types by their numbers; nil if there is none.
    package func type(numbered number: UInt32) -> DefinedType? {
        state.withLock { state in
            state.entries.indices.contains(Int(number)) ? state.entries[Int(number)].type : nil
        }
    }

    /// Whether a value of type `actual` may stand where `wanted` is wanted. Both name types by their numbers.
    package func matches(_ actual: ValueType, _ wanted: ValueType) -> Bool {
        if actual == wanted { return true }
        guard let heap = actual.heapType, let wantedHeap = wanted.heapType, wanted.isNullable || !actual.isNullable else {
            return false
        }
        return matches(heap, wantedHeap)
    }

    func descriptor(numbered number: TypeIndex) -> TypeDescriptor? {
        state.withLock { state in
            state.entries.indices.contains(number.position) ? state.entries[number.position].descriptor : nil
        }
    }

    private func matches(_ heap: HeapType, _ wanted: HeapType) -> Bool {
        switch (heap, wanted) {
        case (.defined(let number), .defined(let other)):
            guard let type = descriptor(numbered: number), let wanted = descriptor(numbered: other) else { return false }
            return type.matches(wanted)
        case (.defined(let number), .function), (.noFunction, .defined(let number)):
            return descriptor(numbered: number)?.kind == APUS_KIND_FUNCTION
        case (.defined(let number), .structure): return descriptor(numbered: number)?.kind == APUS_KIND_STRUCTURE
        case (.defined(let number), .array): return descriptor(numbered: number)?.kind == APUS_KIND_ARRAY
        case (.defined(let number), .any), (.defined(let number), .eq), (.none, .defined(let number)):
            return descriptor(numbered: number).map { $0.kind != APUS_KIND_FUNCTION } ?? false
        case (.noFunction, .function), (.noExternal, .external), (.noException, .exception): return true
        case (.none, .any), (.none, .eq), (.none, .i31), (.none, .structure), (.none, .array): return true
        case (.eq, .any), (.i31, .any), (.structure, .any), (.array, .any): return true
        case (.i31, .eq), (.structure, .eq), (.array, .eq): return true
        default: return heap == wanted
        }
    }
}

extension ValueType {
    /// The same type with the type that it names, if any, under the number that `number` gives it.
    func renumbered(_ number: (TypeIndex) -> UInt32) -> ValueType {
        renaming { TypeIndex(number($0)) }
    }
}

extension FunctionType {
    /// Whether a parameter or result is a reference to a defined type.
    var namesTypes: Bool {
        func names(_ type: ValueType) -> Bool {
            if type.isReference, case .defined = type.heapType { return true }
            return false
        }
        return parameters.contains(where: names) || results.contains(where: names)
    }

    func renumbered(_ number: (TypeIndex) -> UInt32) -> FunctionType {
        FunctionType(
            parameters: parameters.map { $0.renumbered(number) }, results: results.map { $0.renumbered(number) })
    }
}
