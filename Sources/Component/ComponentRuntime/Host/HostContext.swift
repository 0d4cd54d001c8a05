// One call across the border of a component instance: reads and writes the instance's memory and handles, and remembers
// what must be undone when the call ends (CanonicalABI.md, "Lifting and Lowering Context").

import WasmTypes
import ComponentTypes
public import Execution

/// What a host function knows about the call it serves. Exists during the call only.
@safe public struct HostContext: ~Copyable {
    @usableFromInline let options: ABIOptions
    /// Whether another component is on the other side, not the host.
    let isJoined: Bool
    /// How many more bytes of Swift values may be made out of the guest's arguments, or copied to the other side.
    @usableFromInline var bytesLeft: Int
    /// The handle of the caller that this call has borrowed from first, 0 if there is none; most calls borrow from one
    /// at most.
    var firstLender: UInt32 = 0
    /// What else must be undone; most calls have nothing. Made by `recordLoan`, and freed by `end`.
    private var loans: UnsafeMutablePointer<HostCallLoans>?

    /// How many bytes one call may copy from one component to another: as many as there are in a 32-bit memory. Lists may
    /// point to the same bytes any number of times, so without this limit a call could take for ever.
    private static let copiedBytesPerCall = 4 << 30

    init(_ options: ABIOptions, isJoined: Bool = false) {
        self.options = options
        self.isJoined = isJoined
        unsafe loans = nil
        bytesLeft = isJoined ? Self.copiedBytesPerCall : options.bytesPerCall
    }

    /// The store that the calling instance lives in.
    public var store: Store { options.store }

    /// The store's own object of a class, as given with `Store.setHostState(_:)`. Traps if there is none.
    @inlinable
    public func state<State: AnyObject>(_ type: State.Type = State.self) throws(Trap) -> State {
        let object = try unsafe hostState(ObjectIdentifier(type), type)
        // `setHostState` has put the object under the class that it was given as.
        return unsafe unsafeDowncast(object.takeUnretainedValue(), to: State.self)
    }

    /// The store holds the object.
    @usableFromInline
    func hostState(_ identity: ObjectIdentifier, _ type: any AnyObject.Type) throws(Trap) -> Unmanaged<AnyObject> {
        guard let object = unsafe options.hostStates.unretained(identity) else {
            throw Trap(.host, detail: "the host has not given this store its \(type)")
        }
        return unsafe object
    }

    /// Counts bytes of Swift values against the call's limit; traps beyond it. What costs much lets others run in between.
    @inlinable
    public mutating func charge(bytes count: Int) throws(Trap) {
        guard count <= bytesLeft else { throw Self.tooManyBytes() }
        let before = bytesLeft
        bytesLeft -= count
        if (before ^ bytesLeft) >> 20 != 0 { try passInterrupt() }
    }

    /// Lets others run if the guest was asked to; traps if it is to stop.
    @usableFromInline
    package func passInterrupt() throws(Trap) { try store.passInterrupt() }

    @usableFromInline
    static func tooManyBytes() -> Trap {
        Trap(.resourceLimit, detail: "a call passes more bytes than a call may")
    }

    /// Gives back what the call had borrowed.
    @inline(__always)
    mutating func end() {
        if firstLender != 0 {
            options.handles.endLoan(firstLender)
            firstLender = 0
        }
        if unsafe loans != nil { endLoans() }
    }

    private mutating func endLoans() {
        guard let loans = unsafe loans else { return }
        unsafe self.loans = nil
        let ended = unsafe loans.move()
        unsafe loans.deallocate()
        for lender in ended.otherLenders { options.handles.endLoan(lender) }
        for handle in ended.handles { handle.lendCount -= 1 }
        for object in ended.objects { _ = options.objects.remove(object) }
    }

    /// Notes what must be undone when the call ends.
    mutating func recordLoan(_ note: (inout HostCallLoans) -> Void) {
        if let loans = unsafe loans { return unsafe note(&loans.pointee) }
        let new = UnsafeMutablePointer<HostCallLoans>.allocate(capacity: 1)
        unsafe new.initialize(to: HostCallLoans())
        unsafe loans = new
        unsafe note(&new.pointee)
    }
}

/// What a call has borrowed and lent beyond one handle.
struct HostCallLoans {
    /// Handles of the caller, after the first.
    var otherLenders: [UInt32] = []
    /// Numbers of host objects that are lent to the guest for this call only.
    var objects: [UInt32] = []
    /// Handles of the host that are lent to the guest for this call.
    var handles: [ComponentResourceHandle] = []
}

// MARK: - Numbers

extension HostContext {
    /// The integer at a place; of a core value the low bits.
    @inlinable
    public func read<Number: FixedWidthInteger>(_ place: ABIPlace, as type: Number.Type = Number.self) -> Number {
        if let slots = unsafe place.slots { return unsafe Number(truncatingIfNeeded: slots.pointee) }
        guard let base = unsafe options.extent.pointee.base else { return 0 }
        return unsafe (base + place.address).loadUnaligned(as: Number.self)
    }

    /// Writes an unsigned integer, or the bits of another number, to a place.
    @inlinable
    public func write<Number: FixedWidthInteger & UnsignedInteger>(_ number: Number, to place: ABIPlace) {
        if let slots = unsafe place.slots {
            unsafe slots.pointee = UInt64(truncatingIfNeeded: number)
        } else if let base = unsafe options.extent.pointee.base {
            unsafe (base + place.address).storeBytes(of: number, as: Number.self)
        }
    }

    /// The number of a variant's case. Traps if there is no such case.
    @inlinable
    func readCase(_ type: ABIType, _ place: ABIPlace) throws(Trap) -> Int {
        let number: UInt32
        if unsafe place.slots != nil {
            number = read(place)
        } else {
            switch unsafe type.node.pointee.discriminantByteCount {
            case 1: number = UInt32(read(place, as: UInt8.self))
            case 2: number = UInt32(read(place, as: UInt16.self))
            default: number = read(place)
            }
        }
        guard number < type.memberCount else { throw ABIFault.invalidDiscriminant }
        return Int(number)
    }

    /// Writes the number of a variant's case, and zeroes where a flat payload goes.
    @inlinable
    func writeCase(_ number: Int, _ type: ABIType, _ place: ABIPlace) {
        if let slots = unsafe place.slots {
            unsafe slots.pointee = UInt64(UInt32(truncatingIfNeeded: number))
            var position = 1
            while position < type.flatCount {
                unsafe slots[position] = 0
                position += 1
            }
            return
        }
        switch unsafe type.node.pointee.discriminantByteCount {
        case 1: write(UInt8(truncatingIfNeeded: number), to: place)
        case 2: write(UInt16(truncatingIfNeeded: number), to: place)
        default: write(UInt32(truncatingIfNeeded: number), to: place)
        }
    }

    /// The address and length at the place of a string or list.
    @inlinable
    func readPointerAndLength(_ place: ABIPlace) -> (pointer: UInt64, length: UInt64) {
        if options.isWide { return (read(place), read(place.advanced(flat: 1, bytes: 8))) }
        return (
            UInt64(read(place, as: UInt32.self)), UInt64(read(place.advanced(flat: 1, bytes: 4), as: UInt32.self))
        )
    }

    /// Writes an address and a length that the memory has room for.
    @inlinable
    func writePointerAndLength(_ pointer: Int, _ length: UInt64, to place: ABIPlace) {
        if options.isWide {
            write(UInt64(truncatingIfNeeded: pointer), to: place)
            write(length, to: place.advanced(flat: 1, bytes: 8))
        } else {
            write(UInt32(truncatingIfNeeded: pointer), to: place)
            write(UInt32(truncatingIfNeeded: length), to: place.advanced(flat: 1, bytes: 4))
        }
    }
}
