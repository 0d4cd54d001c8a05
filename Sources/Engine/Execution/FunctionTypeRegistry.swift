// Defined types, numbered engine-wide, so that the check of an indirect call is one comparison of integers.
//
// Two types are the same exactly if they have the same number (core specification, section 3.3.12 "Defined Types"). Types
// are numbered by recursion group: a group is written down with references into itself as positions in it and all others
// as the engine's numbers, and groups that read the same get the same numbers. So types of different modules compare,
// whatever indices the modules give them.

import Synchronization
package import WasmBinary
package import WasmTypes

/// Gives every distinct defined type a number. Shared by all modules of an engine, from any thread.
package final class FunctionTypeRegistry: Sendable {
    private struct Entry {
        /// Names other types by their numbers.
        var type: FunctionType
        /// The number of the supertype; nil where there is none.
        var supertype: UInt32?
    }

    private struct State {
        /// The number of the first type of each group.
        var groups: [[UInt64]: UInt32] = [:]
        var entries: [Entry] = []
    }

    private let state = Mutex(State())

    /// How many types are numbered at most: each must fit into a packed value type.
    private static let limit = Int(ValueType.greatestTypeIndex)
    /// Stands for a type that could not be numbered; no type of a module ever has it.
    package static let unnumbered = UInt32.max

    package init() {}

    // MARK: - Numbers

    /// The numbers of a validated module's types, by type index; nil if the engine already holds too many types.
    package func numbers(of module: BinaryModule) -> [UInt32]? {
        state.withLock { state in
            var numbers: [UInt32] = []
            numbers.reserveCapacity(module.types.count)
            for group in module.recursionGroups {
                guard let first = Self.register(module.types[group], group, numbers, &state) else { return nil }
                for position in 0..<group.count { numbers.append(first + UInt32(truncatingIfNeeded: position)) }
            }
            return numbers
        }
    }

    /// The number of a type that stands alone and names others by their numbers; `unnumbered` if the engine already holds
    /// too many types.
    package func number(of type: FunctionType) -> UInt32 {
        state.withLock { state in
            var key: [UInt64] = []
            Self.write(DefinedType(.function(type)), to: &key) { UInt64($0.rawValue) }
            if let number = state.groups[key] { return number }
            guard state.entries.count < Self.limit else { return Self.unnumbered }
            let number = UInt32(truncatingIfNeeded: state.entries.count)
            state.groups[key] = number
            state.entries.append(Entry(type: type, supertype: nil))
            return number
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
        func number(_ index: TypeIndex) -> UInt32 {
            if group.contains(index.position) { return first + UInt32(truncatingIfNeeded: index.position - group.lowerBound) }
            return numbers.indices.contains(index.position) ? numbers[index.position] : unnumbered
        }
        for type in types {
            let function = type.function ?? FunctionType(parameters: [], results: [])
            state.entries.append(
                Entry(type: function.renumbered(number), supertype: type.supertype.map(number)))
        }
        return first
    }

    // MARK: - Keys

    private static let ownGroup: UInt64 = 1 << 32

    /// Writes a type down as words that are equal exactly for equal types. `reference` says what stands for a type that it
    /// names, in 33 bits.
    private static func write(_ type: DefinedType, to key: inout [UInt64], _ reference: (TypeIndex) -> UInt64) {
        func write(_ types: [ValueType]) {
            key.append(UInt64(types.count))
            for type in types {
                if case .defined(let index) = type.heapType {
                    key.append(1 << 63 | (type.isNullable ? 1 << 62 : 0) | reference(index))
                } else {
                    key.append(UInt64(type.word))
                }
            }
        }
        key.append(type.isFinal ? 1 : 0)
        key.append(type.supertype.map { reference($0) | 1 << 63 } ?? 0)
        switch type.composite {
        case .function(let function):
            write(function.parameters)
            write(function.results)
        }
    }

    // MARK: - Questions

    /// The type with this number, which names other types by their numbers; nil if there is none.
    package func type(numbered number: UInt32) -> FunctionType? {
        state.withLock { state in
            state.entries.indices.contains(Int(number)) ? state.entries[Int(number)].type : nil
        }
    }

    /// Whether a type is another or one of its subtypes, both by their numbers.
    package func matches(_ number: UInt32, _ wanted: UInt32) -> Bool {
        if number == wanted { return number != Self.unnumbered }
        return state.withLock { state in
            var current = number
            // The depth of subtyping is limited by validation.
            while state.entries.indices.contains(Int(current)), let supertype = state.entries[Int(current)].supertype {
                if supertype == wanted { return true }
                current = supertype
            }
            return false
        }
    }

    /// Whether a value of type `actual` may stand where `wanted` is wanted. Both name types by their numbers.
    package func matches(_ actual: ValueType, _ wanted: ValueType) -> Bool {
        if actual == wanted { return true }
        guard let heap = actual.heapType, let wantedHeap = wanted.heapType, wanted.isNullable || !actual.isNullable else {
            return false
        }
        switch (heap, wantedHeap) {
        case (.defined(let number), .defined(let other)): return matches(number.rawValue, other.rawValue)
        // Every defined type is a function's.
        case (.defined, .function), (.noFunction, .defined), (.noFunction, .function): return true
        case (.noExternal, .external), (.noException, .exception): return true
        default: return heap == wantedHeap
        }
    }
}

extension ValueType {
    /// The same type with the type that it names, if any, under the name that `number` gives it.
    func renumbered(_ number: (TypeIndex) -> UInt32) -> ValueType {
        guard case .defined(let index) = heapType else { return self }
        return .reference(.defined(TypeIndex(number(index))), nullable: isNullable)
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
