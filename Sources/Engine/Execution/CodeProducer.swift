// The seam behind which code is made. The interpreter stands behind it now; a compiler will.

package import WasmBinary
package import WasmTypes

/// A catch clause as the unwinder wants it: which part of the code it covers, what it catches, where it goes on.
package struct ExceptionHandler: Sendable {
    /// In words of the function's code. The innermost clause that covers a place stands first.
    package var range: Range<Int>
    /// How many blocks its block stands in, the function's own included.
    package var depth: Int
    package var action: Action

    package enum Action: Sendable {
        /// Catches exceptions of a tag, or all of them if `tag` is nil. The values go to `firstSlot` and those behind it, the
        /// exception itself to `referenceSlot` where it is wanted; then control goes on at `target`, in words of the code.
        case take(tag: TagIndex?, firstSlot: Int, referenceSlot: Int?, target: Int)
        /// Passes what is thrown on to the blocks whose depth is at most this one, by `delegate`.
        case delegate(depth: Int)
    }

    package init(range: Range<Int>, depth: Int, action: Action) {
        self.range = range
        self.depth = depth
        self.action = action
    }
}

/// A function's code and frame as a producer makes them; see `apus_code` for the frame.
package struct ProducedCode {
    package var words: [UInt64] = []
    package var frameSlots = 0
    package var zeroedSlots = 0
    package var handlers: [ExceptionHandler] = []

    package init() {}
}

/// Makes a validated body executable.
package protocol CodeProducer: Sendable {
    /// The code of the function, which is not imported. Called once a function, on whatever thread calls it first.
    func produce(_ function: FunctionIndex, of module: Module) throws(BinaryError) -> ProducedCode
}
