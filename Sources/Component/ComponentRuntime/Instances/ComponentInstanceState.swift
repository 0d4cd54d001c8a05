// What a component instance consists of at run time, besides its functions (CanonicalABI.md, "Component Instances").

import ComponentBinary
import Execution
import WasmTypes

/// The state of a component instance that guards entering and leaving it.
struct InstanceFlags {
    var mayEnter = true
    var mayLeave = true
    /// Whether the instance's functions can tell one call from another.
    var usesTasks = false
}

/// Handles, resource types and the flags that guard entering and leaving. Owned by the store.
@safe final class ComponentInstanceState {
    unowned let storeState: ComponentStoreState
    /// The instance that instantiated this one; nil if the host did.
    let parent: ComponentInstanceState?
    /// What messages call it.
    let name: String

    /// Freed with the instance.
    let handles: HandleTable
    /// By `ResourceSlot`; nil until the step that fills the place.
    private(set) var resourceTypes: [ResourceType?]
    /// The numbers of those types, 0 where there is none yet. Freed with the instance.
    let resourceTypeNumbers: UnsafeMutableBufferPointer<UInt32>

    /// What every call looks at, in memory of its own, which saves it reference counts. Freed with the instance.
    let flags: UnsafeMutablePointer<InstanceFlags>
    var mayEnter: Bool {
        get { unsafe flags.pointee.mayEnter }
        set { unsafe flags.pointee.mayEnter = newValue }
    }
    var mayLeave: Bool {
        get { unsafe flags.pointee.mayLeave }
        set { unsafe flags.pointee.mayLeave = newValue }
    }
    /// Why the instance cannot be used any more.
    var fault: Trap?
    /// The innermost call of this instance in progress, where its built-in functions ask for it.
    var task = TaskState()
    /// How often `backpressure.inc` was called more than `backpressure.dec`.
    var backpressure: UInt16 = 0
    /// Whether the instance has such built-in functions.
    var usesTasks: Bool {
        get { unsafe flags.pointee.usesTasks }
        set { unsafe flags.pointee.usesTasks = newValue }
    }
    /// What was made by `makeOptions`. Freed with the instance.
    private var options: [ABIOptions] = []
    /// For what is called without memory.
    private(set) lazy var plainOptions = makeOptions(memory: nil, realloc: nil, encoding: .utf8)
    /// For each call of this instance in progress, how many of the handles that were lent to it are left.
    var borrowCounts: [UInt32] = []

    init(storeState: ComponentStoreState, parent: ComponentInstanceState?, name: String, resourceCount: Int) {
        self.storeState = storeState
        self.parent = parent
        self.name = name
        unsafe flags = UnsafeMutablePointer<InstanceFlags>.allocate(capacity: 1)
        unsafe flags.initialize(to: InstanceFlags())
        handles = HandleTable(limit: storeState.limits.handles)
        resourceTypes = Array(repeating: nil, count: resourceCount)
        unsafe resourceTypeNumbers = .allocate(capacity: resourceCount)
        unsafe resourceTypeNumbers.initialize(repeating: 0)
    }

    deinit {
        for options in options { options.free() }
        handles.free()
        unsafe flags.deallocate()
        unsafe resourceTypeNumbers.deallocate()
    }

    /// Makes the options of one of the instance's functions, which live as long as the instance.
    func makeOptions(
        memory: LinearMemory?, addressType: AddressType = .i32, realloc: Function?, encoding: StringEncoding
    ) -> ABIOptions {
        let made = ABIOptions(
            ABIOptionsRecord(
                instance: self, memory: memory, addressType: addressType, realloc: realloc, encoding: encoding))
        options.append(made)
        return made
    }

    func setResourceType(_ type: ResourceType, slot: Int) {
        guard resourceTypes.indices.contains(slot) else { return }
        resourceTypes[slot] = type
        unsafe resourceTypeNumbers[slot] = type.number
    }

    /// The instance and those around it, innermost first.
    var selfAndAncestors: [ComponentInstanceState] {
        var found: [ComponentInstanceState] = []
        var next: ComponentInstanceState? = self
        while let instance = next {
            found.append(instance)
            next = instance.parent
        }
        return found
    }
}
