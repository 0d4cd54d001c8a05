// Numbers, `bool` and `char`.

public import ComponentTypes
public import Execution

extension Bool: ComponentLiftable, ComponentLowerable {
    public static func componentType() -> ComponentValueType? { .bool }

    @inlinable
    public static func lift(_ type: ABIType, from place: ABIPlace, in context: inout HostContext) -> Bool {
        // Out of a core value, all of it counts; in memory it is one byte.
        unsafe place.slots != nil ? context.read(place, as: UInt32.self) != 0 : context.read(place, as: UInt8.self) != 0
    }

    @inlinable
    public func lower(_ type: ABIType, to place: ABIPlace, in context: inout HostContext) {
        context.write(UInt8(self ? 1 : 0), to: place)
    }
}

extension UInt8: ComponentLiftable, ComponentLowerable {
    public static func componentType() -> ComponentValueType? { .u8 }

    @inlinable
    public static func lift(_ type: ABIType, from place: ABIPlace, in context: inout HostContext) -> UInt8 {
        context.read(place)
    }

    @inlinable
    public func lower(_ type: ABIType, to place: ABIPlace, in context: inout HostContext) {
        context.write(self, to: place)
    }
}

extension UInt16: ComponentLiftable, ComponentLowerable {
    public static func componentType() -> ComponentValueType? { .u16 }

    @inlinable
    public static func lift(_ type: ABIType, from place: ABIPlace, in context: inout HostContext) -> UInt16 {
        context.read(place)
    }

    @inlinable
    public func lower(_ type: ABIType, to place: ABIPlace, in context: inout HostContext) {
        context.write(self, to: place)
    }
}

extension UInt32: ComponentLiftable, ComponentLowerable {
    public static func componentType() -> ComponentValueType? { .u32 }

    @inlinable
    public static func lift(_ type: ABIType, from place: ABIPlace, in context: inout HostContext) -> UInt32 {
        context.read(place)
    }

    @inlinable
    public func lower(_ type: ABIType, to place: ABIPlace, in context: inout HostContext) {
        context.write(self, to: place)
    }
}

extension UInt64: ComponentLiftable, ComponentLowerable {
    public static func componentType() -> ComponentValueType? { .u64 }

    @inlinable
    public static func lift(_ type: ABIType, from place: ABIPlace, in context: inout HostContext) -> UInt64 {
        context.read(place)
    }

    @inlinable
    public func lower(_ type: ABIType, to place: ABIPlace, in context: inout HostContext) {
        context.write(self, to: place)
    }
}

extension Int8: ComponentLiftable, ComponentLowerable {
    public static func componentType() -> ComponentValueType? { .s8 }

    @inlinable
    public static func lift(_ type: ABIType, from place: ABIPlace, in context: inout HostContext) -> Int8 {
        context.read(place)
    }

    @inlinable
    public func lower(_ type: ABIType, to place: ABIPlace, in context: inout HostContext) {
        // As a core value it is an i32, sign-extended.
        if unsafe place.slots != nil {
            context.write(UInt32(bitPattern: Int32(self)), to: place)
        } else {
            context.write(UInt8(bitPattern: self), to: place)
        }
    }
}

extension Int16: ComponentLiftable, ComponentLowerable {
    public static func componentType() -> ComponentValueType? { .s16 }

    @inlinable
    public static func lift(_ type: ABIType, from place: ABIPlace, in context: inout HostContext) -> Int16 {
        context.read(place)
    }

    @inlinable
    public func lower(_ type: ABIType, to place: ABIPlace, in context: inout HostContext) {
        // As a core value it is an i32, sign-extended.
        if unsafe place.slots != nil {
            context.write(UInt32(bitPattern: Int32(self)), to: place)
        } else {
            context.write(UInt16(bitPattern: self), to: place)
        }
    }
}

extension Int32: ComponentLiftable, ComponentLowerable {
    public static func componentType() -> ComponentValueType? { .s32 }

    @inlinable
    public static func lift(_ type: ABIType, from place: ABIPlace, in context: inout HostContext) -> Int32 {
        context.read(place)
    }

    @inlinable
    public func lower(_ type: ABIType, to place: ABIPlace, in context: inout HostContext) {
        context.write(UInt32(bitPattern: self), to: place)
    }
}

extension Int64: ComponentLiftable, ComponentLowerable {
    public static func componentType() -> ComponentValueType? { .s64 }

    @inlinable
    public static func lift(_ type: ABIType, from place: ABIPlace, in context: inout HostContext) -> Int64 {
        context.read(place)
    }

    @inlinable
    public func lower(_ type: ABIType, to place: ABIPlace, in context: inout HostContext) {
        context.write(UInt64(bitPattern: self), to: place)
    }
}

extension Float: ComponentLiftable, ComponentLowerable {
    public static func componentType() -> ComponentValueType? { .f32 }

    @inlinable
    public static func lift(_ type: ABIType, from place: ABIPlace, in context: inout HostContext) -> Float {
        Float(bitPattern: context.read(place, as: UInt32.self))
    }

    @inlinable
    public func lower(_ type: ABIType, to place: ABIPlace, in context: inout HostContext) {
        context.write(bitPattern, to: place)
    }
}

extension Double: ComponentLiftable, ComponentLowerable {
    public static func componentType() -> ComponentValueType? { .f64 }

    @inlinable
    public static func lift(_ type: ABIType, from place: ABIPlace, in context: inout HostContext) -> Double {
        Double(bitPattern: context.read(place, as: UInt64.self))
    }

    @inlinable
    public func lower(_ type: ABIType, to place: ABIPlace, in context: inout HostContext) {
        context.write(bitPattern, to: place)
    }
}

extension Unicode.Scalar: ComponentLiftable, ComponentLowerable {
    public static func componentType() -> ComponentValueType? { .char }

    public static func lift(
        _ type: ABIType, from place: ABIPlace, in context: inout HostContext
    ) throws(Trap) -> Unicode.Scalar {
        guard let scalar = Unicode.Scalar(context.read(place, as: UInt32.self)) else { throw ABIFault.invalidCharacter }
        return scalar
    }

    @inlinable
    public func lower(_ type: ABIType, to place: ABIPlace, in context: inout HostContext) {
        context.write(value, to: place)
    }
}
