// The seam behind which code is made. The interpreter stands behind it now; a compiler will.

package import WasmBinary
package import WasmTypes

/// A catch clause as the unwinder wants it: which part of the code it covers, what it catches, where it goes on.
package struct ExceptionHandler: Sendable {
    /// In words of the function's code. The innermost clause that covers a place stands first.
    package var range: Range<Int>
    /// nil catches everything.
    package var tag: TagIndex?
    /// Whether the exception itself is wanted behind the values.
    package var wantsReference: Bool
    /// The slot where the values go.
    package var firstSlot: Int
    /// In words of the function's code.
    package var target: Int

    package init(range: Range<Int>, tag: TagIndex?, wantsReference: Bool, firstSlot: Int, target: Int) {
        self.range = range
        self.tag = tag
        self.wantsReference = wantsReference
        self.firstSlot = firstSlot
        self.target = target
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
