// What a component instance consists of at run time, besides its functions (CanonicalABI.md, "Component Instances").

import Execution

/// Handles, resource types and the flags that guard entering and leaving. Owned by the store.
@safe final class ComponentInstanceState {
    unowned let storeState: ComponentStoreState
    /// The instance that instantiated this one; nil if the host did.
    let parent: ComponentInstanceState?
    /// What messages call it.
    let name: String

    let handles: HandleTable
    /// By `ResourceSlot`; nil until the step that fills the place.
    private(set) var resourceTypes: [ResourceType?]
    /// The numbers of those types, 0 where there is none yet. Freed with the instance.
    let resourceTypeNumbers: UnsafeMutableBufferPointer<UInt32>

    /// Where `mayEnter` stands, as for `mayLeave`.
    let mayEnterFlag: UnsafeMutablePointer<Bool>
    var mayEnter: Bool {
        get { unsafe mayEnterFlag.pointee }
        set { unsafe mayEnterFlag.pointee = newValue }
    }
    /// Where `mayLeave` stands: each call looks, and this saves it a reference count. Freed with the instance.
    let mayLeaveFlag: UnsafeMutablePointer<Bool>
    var mayLeave: Bool {
        get { unsafe mayLeaveFlag.pointee }
        set { unsafe mayLeaveFlag.pointee = newValue }
    }
    /// Why the instance cannot be used any more.
    var fault: Trap?
    /// The innermost call of this instance in progress, where its built-in functions ask for it.
    var task = TaskState()
    /// How often `backpressure.inc` was called more than `backpressure.dec`.
    var backpressure: UInt16 = 0
    /// Whether the instance has such built-in functions.
    var usesTasks = false
    /// For each call of this instance in progress, how many of the handles that were lent to it are left.
    var borrowCounts: [UInt32] = []

    init(storeState: ComponentStoreState, parent: ComponentInstanceState?, name: String, resourceCount: Int) {
        self.storeState = storeState
        self.parent = parent
        self.name = name
        unsafe mayLeaveFlag = UnsafeMutablePointer<Bool>.allocate(capacity: 1)
        unsafe mayLeaveFlag.initialize(to: true)
        unsafe mayEnterFlag = UnsafeMutablePointer<Bool>.allocate(capacity: 1)
        unsafe mayEnterFlag.initialize(to: true)
        handles = HandleTable(limit: storeState.limits.handles)
        resourceTypes = Array(repeating: nil, count: resourceCount)
        unsafe resourceTypeNumbers = .allocate(capacity: resourceCount)
        unsafe resourceTypeNumbers.initialize(repeating: 0)
    }

    deinit {
        unsafe mayLeaveFlag.deallocate()
        unsafe mayEnterFlag.deallocate()
        unsafe resourceTypeNumbers.deallocate()
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
