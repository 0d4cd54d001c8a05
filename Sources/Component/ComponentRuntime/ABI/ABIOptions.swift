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
    let realloc: Function?
    let encoding: StringEncoding
    /// The instance on whose side the core function stands. The store owns it.
    unowned let instance: ComponentInstanceState
    unowned let store: Store
    let bytesPerCall: Int
    let handles: HandleTable
    let objects: HostObjectTable
    private let resourceTypeNumbers: UnsafeMutableBufferPointer<UInt32>
    private let mayLeaveFlag: UnsafePointer<Bool>

    /// The number of the run-time resource type in one of the instance's slots; 0 if there is none.
    func resourceTypeNumber(slot: UInt32) -> UInt32 {
        unsafe Int(slot) < resourceTypeNumbers.count ? resourceTypeNumbers[Int(slot)] : 0
    }

    /// Whether the instance may call out at this time.
    var mayLeave: Bool { unsafe mayLeaveFlag.pointee }

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
        self.instance = instance
        isWide = addressType == .i64
        store = instance.storeState.store
        handles = instance.handles
        objects = instance.storeState.objects
        unsafe resourceTypeNumbers = instance.resourceTypeNumbers
        bytesPerCall = instance.storeState.limits.bytesPerCall
        unsafe mayLeaveFlag = UnsafePointer(instance.mayLeaveFlag)
        self.memory = memory
        unsafe extent = memory?.extent ?? Self.noExtent
        self.realloc = realloc
        self.encoding = encoding
    }
}
