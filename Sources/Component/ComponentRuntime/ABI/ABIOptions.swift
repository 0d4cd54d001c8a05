// The options of one lifted or lowered function in one instance, resolved (CanonicalABI.md, "Canonical ABI Options").

import ComponentBinary
public import Execution

/// Where a function's values lie, and how memory is had for them. Made when the instance is made; each call uses it.
@safe public final class ABIOptions {
    let memory: LinearMemory?
    /// The memory's bytes; of no memory, no bytes.
    @usableFromInline let extent: UnsafePointer<MemoryExtent>
    let realloc: Function?
    let encoding: StringEncoding
    /// The instance on whose side the core function stands. The store owns it.
    unowned let instance: ComponentInstanceState
    unowned let store: Store

    private static nonisolated(unsafe) let noExtent: UnsafePointer<MemoryExtent> = {
        // Never written to again.
        let extent = UnsafeMutablePointer<MemoryExtent>.allocate(capacity: 1)
        unsafe extent.initialize(to: MemoryExtent())
        return unsafe UnsafePointer(extent)
    }()

    init(instance: ComponentInstanceState, memory: LinearMemory?, realloc: Function?, encoding: StringEncoding) {
        self.instance = instance
        store = instance.storeState.store
        self.memory = memory
        unsafe extent = memory?.extent ?? Self.noExtent
        self.realloc = realloc
        self.encoding = encoding
    }
}
