// The options of one lifted or lowered function in one instance, resolved (CanonicalABI.md, "Canonical ABI Options").

import ComponentBinary
import WasmTypes
public import Execution

/// Where a function's values lie, and how memory is had for them. Made when the instance is made; each call uses it.
///
/// A plain pointer to copy: what it points to is the instance's, and the store owns that one. Who calls a function of an
/// instance holds the store, so no call counts a reference here.
@safe @usableFromInline struct ABIOptions {
    @usableFromInline let record: UnsafePointer<ABIOptionsRecord>

    /// For `ComponentInstanceState` alone, which frees what is made here.
    init(_ record: ABIOptionsRecord) {
        let place = UnsafeMutablePointer<ABIOptionsRecord>.allocate(capacity: 1)
        unsafe place.initialize(to: record)
        unsafe self.record = UnsafePointer(place)
    }

    func free() {
        let place = unsafe UnsafeMutablePointer(mutating: record)
        unsafe place.deinitialize(count: 1)
        unsafe place.deallocate()
    }

    /// The memory's bytes; of no memory, no bytes.
    @inlinable var extent: UnsafePointer<MemoryExtent> { unsafe record.pointee.extent }
    /// Whether the memory has 64-bit addresses.
    @inlinable var isWide: Bool { unsafe record.pointee.isWide }
    var memory: LinearMemory? { unsafe record.pointee.memory }
    var realloc: FunctionReference? { unsafe record.pointee.realloc }
    var encoding: StringEncoding { unsafe record.pointee.encoding }
    /// The instance on whose side the core function stands.
    var instance: ComponentInstanceState { unsafe record.pointee.instance }
    var store: Store { unsafe record.pointee.store.takeUnretainedValue() }
    var bytesPerCall: Int { unsafe record.pointee.bytesPerCall }
    var handles: HandleTable { unsafe record.pointee.handles }
    var objects: HostObjectTable { unsafe record.pointee.objects }
    var hostStates: HostStateTable { unsafe record.pointee.hostStates }
    var flags: UnsafeMutablePointer<InstanceFlags> { unsafe record.pointee.flags }

    /// The number of the run-time resource type in one of the instance's slots; 0 if there is none.
    func resourceTypeNumber(slot: UInt32) -> UInt32 {
        let numbers = unsafe record.pointee.resourceTypeNumbers
        return unsafe Int(slot) < numbers.count ? numbers[Int(slot)] : 0
    }

    /// Whether the instance may call out at this time.
    var mayLeave: Bool { unsafe flags.pointee.mayLeave }

    /// Calls a function of the store; see `Store.call(_:copying:count:)`.
    func call(
        _ function: FunctionReference, copying arguments: UnsafePointer<UInt64>, count: Int
    ) throws(Trap) -> UInt64 {
        try unsafe record.pointee.store.call(function, copying: arguments, count: count)
    }
}

/// What stands behind `ABIOptions`.
@safe @usableFromInline struct ABIOptionsRecord {
    fileprivate let memory: LinearMemory?
    @usableFromInline let extent: UnsafePointer<MemoryExtent>
    @usableFromInline let isWide: Bool
    fileprivate let realloc: FunctionReference?
    fileprivate let encoding: StringEncoding
    // Unchecked references: the store owns the instance, which has the options.
    fileprivate unowned(unsafe) let instance: ComponentInstanceState
    fileprivate let store: Unmanaged<Store>
    fileprivate let bytesPerCall: Int
    fileprivate let handles: HandleTable
    fileprivate let objects: HostObjectTable
    fileprivate let hostStates: HostStateTable
    fileprivate let resourceTypeNumbers: UnsafeMutableBufferPointer<UInt32>
    fileprivate let flags: UnsafeMutablePointer<InstanceFlags>

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
        let storeState = instance.storeState
        unsafe self.instance = instance
        isWide = addressType == .i64
        unsafe store = Unmanaged.passUnretained(storeState.store)
        handles = instance.handles
        objects = storeState.objects
        hostStates = storeState.hostStates
        unsafe resourceTypeNumbers = instance.resourceTypeNumbers
        bytesPerCall = storeState.limits.bytesPerCall
        unsafe flags = instance.flags
        self.memory = memory
        unsafe extent = memory?.extent ?? Self.noExtent
        self.realloc = realloc.map { FunctionReference($0) }
        self.encoding = encoding
    }
}
