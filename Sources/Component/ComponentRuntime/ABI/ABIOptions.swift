// The options of one lifted or lowered function in one instance, resolved (CanonicalABI.md, "Canonical ABI Options").

import ComponentBinary
import WasmTypes
public import Execution

/// Where a function's values lie, and how memory is had for them. Made when the instance is made; each call uses it.
@safe public final class ABIOptions {
    let memory: LinearMemory?
    /// The memory's bytes; of no memory, no bytes.
    @usableFromInline let extent: UnsafePointer<MemoryExtent>
    /// Whether the memory has 64-bit addresses.
    @usableFromInline let isWide: Bool
    let realloc: FunctionReference?
    let encoding: StringEncoding
    // Unchecked references: the store owns the instances and the functions that have these options, and whoever calls one
    // of them holds the store.
    /// The instance on whose side the core function stands.
    unowned(unsafe) let instance: ComponentInstanceState
    unowned(unsafe) let store: Store
    let bytesPerCall: Int
    let handles: HandleTable
    let objects: HostObjectTable
    let hostStates: HostStateTable
    private let resourceTypeNumbers: UnsafeMutableBufferPointer<UInt32>
    let flags: UnsafeMutablePointer<InstanceFlags>

    /// The number of the run-time resource type in one of the instance's slots; 0 if there is none.
    func resourceTypeNumber(slot: UInt32) -> UInt32 {
        unsafe Int(slot) < resourceTypeNumbers.count ? resourceTypeNumbers[Int(slot)] : 0
    }

    /// Whether the instance may call out at this time.
    var mayLeave: Bool { unsafe flags.pointee.mayLeave }

    private static nonisolated(unsafe) let noExtent: UnsafePointer<MemoryExtent> = {
        // Never written to again.
        let extent = UnsafeMutablePointer<MemoryExtent>.allocate(capacity: 1)
        unsafe extent.initialize(to: MemoryExtent())
        return unsafe UnsafePointer(extent)
    }()

    init(
        instance: ComponentInstanceState, memory: LinearMemory?, addressType: AddressType = .i32, realloc: Function?,
        encoding: StringEncoding
    ) {
        unsafe self.instance = instance
        isWide = addressType == .i64
        unsafe store = instance.storeState.store
        handles = instance.handles
        objects = instance.storeState.objects
        hostStates = instance.storeState.hostStates
        unsafe resourceTypeNumbers = instance.resourceTypeNumbers
        bytesPerCall = instance.storeState.limits.bytesPerCall
        unsafe flags = instance.flags
        self.memory = memory
        unsafe extent = memory?.extent ?? Self.noExtent
        self.realloc = realloc.map { FunctionReference($0) }
        self.encoding = encoding
    }
}
