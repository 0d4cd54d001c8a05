// Function types, numbered engine-wide, so that the check of an indirect call is one comparison of integers.
//
// Two function types are the same type exactly if they have the same number. Types that name other types by index
// (typed function references) will be numbered by recursion group; until then equality is structural.

import Synchronization
package import WasmTypes

/// Gives every distinct function type a number. Shared by all modules of an engine, from any thread.
package final class FunctionTypeRegistry: Sendable {
    private struct State {
        var numbers: [FunctionType: UInt32] = [:]
        var types: [FunctionType] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// The type's number, a new one if the type is new.
    package func number(of type: FunctionType) -> UInt32 {
        state.withLock { state in
            if let number = state.numbers[type] { return number }
            let number = UInt32(truncatingIfNeeded: state.types.count)
            state.types.append(type)
            state.numbers[type] = number
            return number
        }
    }

    /// The type with this number; nil if there is none.
    package func type(numbered number: UInt32) -> FunctionType? {
        state.withLock { state in
            state.types.indices.contains(Int(number)) ? state.types[Int(number)] : nil
        }
    }
}
