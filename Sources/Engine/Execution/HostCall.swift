// A call from a guest into the host, as the host function sees it.

import CApus

/// The arguments of one call, and the place for its results. Does not outlive the call.
@safe public struct HostCall: ~Copyable {
    @usableFromInline let frame: UnsafeMutablePointer<UInt64>
    /// The larger of parameters and results, in slots.
    public let slotCount: Int
    /// Held by whoever entered the guest.
    private let storeReference: Unmanaged<Store>
    private let callerRecord: UnsafeMutablePointer<apus_instance>?

    init(
        frame: UnsafeMutablePointer<UInt64>, slotCount: Int, store: Unmanaged<Store>,
        callerRecord: UnsafeMutablePointer<apus_instance>?
    ) {
        unsafe self.frame = frame
        self.slotCount = slotCount
        unsafe storeReference = store
        unsafe self.callerRecord = callerRecord
    }

    public var store: Store { unsafe storeReference.takeUnretainedValue() }

    /// A slot's bits: before the host function returns the arguments in order, from there on its results. Both begin at 0.
    public subscript(slot: Int) -> UInt64 {
        get {
            precondition(slot >= 0 && slot < slotCount, "a host function read a slot that its type does not have")
            return unsafe frame[slot]
        }
        nonmutating set {
            precondition(slot >= 0 && slot < slotCount, "a host function wrote a slot that its type does not have")
            unsafe frame[slot] = newValue
        }
    }

    /// All slots. The pointer is valid during the call.
    @inlinable
    package var slots: UnsafeMutableBufferPointer<UInt64> {
        unsafe UnsafeMutableBufferPointer(start: frame, count: slotCount)
    }

    /// What tells the calling instance from others of its store, as long as the store lives; nil if the host made the call.
    package var callerAddress: UInt? { unsafe callerRecord.map { UInt(bitPattern: $0) } }

    /// The instance whose code made the call; nil if the host did.
    public var caller: Instance? {
        guard let record = unsafe callerRecord, let owner = unsafe record.pointee.owner else { return nil }
        return unsafe Unmanaged<Instance>.fromOpaque(owner).takeUnretainedValue()
    }

    /// Calls a function of the same store; see `Store.call(_:copying:count:)`.
    package func call(
        _ function: FunctionReference, copying arguments: UnsafePointer<UInt64>, count: Int
    ) throws(Trap) -> UInt64 {
        // Held by whoever entered the guest.
        try unsafe storeReference.call(function, copying: arguments, count: count)
    }
}

extension Unmanaged<Store> {
    /// Calls a function of a store that somebody holds, without counting a reference; see `Store.call(_:copying:count:)`.
    package func call(
        _ function: FunctionReference, copying arguments: UnsafePointer<UInt64>, count: Int
    ) throws(Trap) -> UInt64 {
        var failure: Trap?
        let result = unsafe _withUnsafeGuaranteedRef { store -> UInt64 in
            do throws(Trap) { return try unsafe store.call(function, copying: arguments, count: count) } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw failure }
        return result
    }
}

/// What a host function does. An error that it throws becomes a trap of code `.host` with the error as its cause; a
/// `Trap` that it throws stays what it is.
public typealias HostFunctionBody = (borrowing HostCall) throws -> Void
