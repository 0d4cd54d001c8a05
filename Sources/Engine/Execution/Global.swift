// A global variable: one cell of two slots, so that a vector fits.

public import WasmTypes

/// A global. Belongs to its store and to the thread that uses the store.
@safe public final class Global {
    public let type: GlobalType
    /// What generated code reads and writes; its address is fixed.
    package let cell: UnsafeMutablePointer<UInt64>

    package init(type: GlobalType, value: UInt64, upper: UInt64 = 0) {
        self.type = type
        unsafe cell = UnsafeMutablePointer<UInt64>.allocate(capacity: 2)
        unsafe cell[0] = value
        unsafe cell[1] = upper
    }

    deinit {
        unsafe cell.deallocate()
    }

    /// The value's bits; an i32 or f32 in the lower half. Of a vector, the lower half.
    package var rawValue: UInt64 {
        get { unsafe cell[0] }
        set { unsafe cell[0] = newValue }
    }

    func setRawValue(_ low: UInt64, _ high: UInt64) {
        unsafe cell[0] = low
        unsafe cell[1] = high
    }

    /// The upper half of a vector's bits.
    package var upperRawValue: UInt64 { unsafe cell[1] }
}

/// An exception tag. Two tags are the same only if they are the same object.
public final class Tag {
    public let type: FunctionType
    /// The engine's number for the type.
    let typeNumber: UInt32

    package init(type: FunctionType, typeNumber: UInt32) {
        self.type = type
        self.typeNumber = typeNumber
    }
}
