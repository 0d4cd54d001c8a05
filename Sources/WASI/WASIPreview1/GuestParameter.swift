// Parameters as they lie in the slots of a call.

import Execution
import WasmTypes

/// The parameters of one call, taken from first to last.
@safe struct Slots: ~Copyable {
    private let slots: UnsafeMutableBufferPointer<UInt64>
    private var position = 0
    let version: Version

    /// `slots` are the call's own and outlive this value.
    init(_ slots: UnsafeMutableBufferPointer<UInt64>, version: Version) {
        unsafe self.slots = slots
        self.version = version
    }

    /// The next one. The function's type promises that it is there.
    mutating func next() -> UInt64 {
        unsafe precondition(position < slots.count, "a function of WASI read a parameter that its type does not have")
        defer { position += 1 }
        return unsafe slots[position]
    }
}

/// A type of parameter.
protocol GuestParameter: SendableMetatype {
    static var coreTypes: [ValueType] { get }

    /// Throws `EINVAL` for what is no value of the type.
    init(_ slots: inout Slots) throws(Errno)
}

extension UInt32: GuestParameter {
    static var coreTypes: [ValueType] { [.i32] }

    init(_ slots: inout Slots) { self.init(truncatingIfNeeded: slots.next()) }
}

extension UInt64: GuestParameter {
    static var coreTypes: [ValueType] { [.i64] }

    init(_ slots: inout Slots) { self = slots.next() }
}

extension Int64: GuestParameter {
    static var coreTypes: [ValueType] { [.i64] }

    init(_ slots: inout Slots) { self.init(bitPattern: slots.next()) }
}

/// A number that stands for an open file: `fd`.
struct FileNumber: Hashable, GuestParameter {
    let rawValue: UInt32

    static var coreTypes: [ValueType] { [.i32] }

    init(rawValue: UInt32) { self.rawValue = rawValue }

    init(_ slots: inout Slots) { rawValue = UInt32(&slots) }
}

/// An enumeration: its tag is smaller than the parameter, and other values of it are refused.
protocol GuestEnumeration: GuestParameter, RawRepresentable<UInt8> {}

extension GuestEnumeration {
    static var coreTypes: [ValueType] { [.i32] }

    init(_ slots: inout Slots) throws(Errno) {
        guard let tag = UInt8(exactly: UInt32(&slots)), let value = Self(rawValue: tag) else { throw .inval }
        self = value
    }
}

/// A set of flags, in a parameter that may have bits for which there is no flag: they are refused.
protocol GuestFlags: GuestParameter, OptionSet, Sendable where RawValue == UInt16 {
    static var all: Self { get }
}

extension GuestFlags {
    static var coreTypes: [ValueType] { [.i32] }

    init(_ slots: inout Slots) throws(Errno) {
        guard let bits = UInt16(exactly: UInt32(&slots)), bits & ~Self.all.rawValue == 0 else { throw .inval }
        self.init(rawValue: bits)
    }
}

/// The address of a value in the guest's memory.
struct Pointer<Value>: GuestParameter {
    let address: UInt32

    static var coreTypes: [ValueType] { [.i32] }

    init(address: UInt32) { self.address = address }

    init(_ slots: inout Slots) { address = UInt32(&slots) }
}

/// Values in the guest's memory, one after the other: an address and how many. Of `UInt8` a buffer.
struct List<Value>: GuestParameter {
    let address: UInt32
    let count: UInt32

    static var coreTypes: [ValueType] { [.i32, .i32] }

    init(_ slots: inout Slots) {
        address = UInt32(&slots)
        count = UInt32(&slots)
    }
}
