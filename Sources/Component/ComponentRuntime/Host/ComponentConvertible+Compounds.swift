// Lists, options, results and tuples.

import WasmTypes
public import ComponentTypes
public import Execution

/// Numbers that lie in linear memory as they do in an array.
private protocol BitwiseNumber {}

extension UInt8: BitwiseNumber {}
extension Int8: BitwiseNumber {}
extension UInt16: BitwiseNumber {}
extension Int16: BitwiseNumber {}
extension UInt32: BitwiseNumber {}
extension Int32: BitwiseNumber {}
extension UInt64: BitwiseNumber {}
extension Int64: BitwiseNumber {}
extension Float: BitwiseNumber {}
extension Double: BitwiseNumber {}

extension Array: ComponentLiftable where Element: ComponentLiftable {
    public static func componentType() throws(ComponentTypeError) -> ComponentValueType? {
        .list(try ListType(element: try Element.requiredType()))
    }

    public static func lift(
        _ type: ABIType, from place: ABIPlace, in context: inout HostContext
    ) throws(Trap) -> [Element] {
        guard let element = type.member(0) else { throw ABIFault.typeMismatch }
        let (pointer, length) = context.readPointerAndLength(place)
        let address = try context.listRange(pointer, length, element: element)
        let count = Int(length)
        try context.charge(bytes: count * Swift.max(MemoryLayout<Element>.stride, element.byteCount))
        if Element.self is any BitwiseNumber.Type {
            return unsafe Array(unsafeUninitializedCapacity: count) { buffer, initializedCount in
                unsafe UnsafeMutableRawBufferPointer(buffer).copyMemory(
                    from: UnsafeRawBufferPointer(context.bytes(address, count * element.byteCount)))
                initializedCount = count
            }
        }
        var values: [Element] = []
        values.reserveCapacity(count)
        for position in 0..<count {
            values.append(
                try Element.lift(element, from: ABIPlace(address: address + position * element.byteCount), in: &context))
        }
        return values
    }
}

extension Array: ComponentLowerable where Element: ComponentLowerable {
    public static func componentType() throws(ComponentTypeError) -> ComponentValueType? {
        .list(try ListType(element: try Element.requiredLoweredType()))
    }

    public func lower(_ type: ABIType, to place: ABIPlace, in context: inout HostContext) throws(Trap) {
        guard let element = type.member(0) else { throw ABIFault.typeMismatch }
        let (byteCount, overflow) = count.multipliedReportingOverflow(by: element.byteCount)
        guard !overflow, byteCount <= CanonicalABI.maximumStringByteLength else { throw ABIFault.listOutOfBounds }
        let address = try context.allocate(byteCount, alignment: element.alignment)
        if Element.self is any BitwiseNumber.Type {
            unsafe withUnsafeBytes { bytes in
                unsafe context.bytes(address, byteCount).copyMemory(from: bytes)
            }
        } else {
            var position = address
            for value in self {
                try value.lower(element, to: ABIPlace(address: position), in: &context)
                position += element.byteCount
            }
        }
        context.writePointerAndLength(address, UInt64(count), to: place)
    }
}

extension Optional: ComponentLiftable where Wrapped: ComponentLiftable {
    public static func componentType() throws(ComponentTypeError) -> ComponentValueType? {
        .option(try OptionType(payload: try Wrapped.requiredType()))
    }

    @inlinable
    public static func lift(
        _ type: ABIType, from place: ABIPlace, in context: inout HostContext
    ) throws(Trap) -> Wrapped? {
        guard try context.readCase(type, place) == 1, let payload = type.member(1) else { return nil }
        return try Wrapped.lift(payload, from: place.payload(of: type), in: &context)
    }
}

extension Optional: ComponentLowerable where Wrapped: ComponentLowerable {
    public static func componentType() throws(ComponentTypeError) -> ComponentValueType? {
        .option(try OptionType(payload: try Wrapped.requiredLoweredType()))
    }

    @inlinable
    public consuming func lower(_ type: ABIType, to place: ABIPlace, in context: inout HostContext) throws(Trap) {
        switch consume self {
        case nil: context.writeCase(0, type, place)
        case let value?:
            context.writeCase(1, type, place)
            if let payload = type.member(1) { try (consume value).lower(payload, to: place.payload(of: type), in: &context) }
        }
    }
}

extension Result: ComponentLiftable where Success: ComponentLiftable, Failure: ComponentLiftable {
    public static func componentType() throws(ComponentTypeError) -> ComponentValueType? {
        .result(try ResultType(success: try Success.componentType(), failure: try Failure.componentType()))
    }

    @inlinable
    public static func lift(
        _ type: ABIType, from place: ABIPlace, in context: inout HostContext
    ) throws(Trap) -> Result {
        let number = try context.readCase(type, place)
        // A case without payload is `Nothing`, which looks at neither type nor place.
        let payload = type.member(number) ?? type
        return number == 0
            ? .success(try Success.lift(payload, from: place.payload(of: type), in: &context))
            : .failure(try Failure.lift(payload, from: place.payload(of: type), in: &context))
    }
}

extension Result: ComponentLowerable where Success: ComponentLowerable, Failure: ComponentLowerable {
    public static func componentType() throws(ComponentTypeError) -> ComponentValueType? {
        .result(try ResultType(success: try Success.componentType(), failure: try Failure.componentType()))
    }

    @inlinable
    public consuming func lower(_ type: ABIType, to place: ABIPlace, in context: inout HostContext) throws(Trap) {
        switch consume self {
        case .success(let value):
            context.writeCase(0, type, place)
            try (consume value).lower(type.member(0) ?? type, to: place.payload(of: type), in: &context)
        case .failure(let value):
            context.writeCase(1, type, place)
            try (consume value).lower(type.member(1) ?? type, to: place.payload(of: type), in: &context)
        }
    }
}

/// Values side by side, as a `tuple`: Swift's own tuples cannot conform to a protocol.
@frozen public struct Tuple<each Element> {
    public var values: (repeat each Element)

    @inlinable
    public init(_ values: repeat each Element) {
        self.values = (repeat each values)
    }
}

extension Tuple: Sendable where repeat each Element: Sendable {}

extension Tuple: ComponentLiftable where repeat each Element: ComponentLiftable {
    public static func componentType() throws(ComponentTypeError) -> ComponentValueType? {
        var elements: [ComponentValueType] = []
        for element in repeat (each Element).self { elements.append(try element.requiredType()) }
        return .tuple(try TupleType(elements: elements))
    }

    @inlinable
    public static func lift(
        _ type: ABIType, from place: ABIPlace, in context: inout HostContext
    ) throws(Trap) -> Tuple {
        var position = 0
        return try Tuple(repeat HostFields.lift((each Element).self, type, &position, from: place, in: &context))
    }
}

extension Tuple: ComponentLowerable where repeat each Element: ComponentLowerable {
    public static func componentType() throws(ComponentTypeError) -> ComponentValueType? {
        var elements: [ComponentValueType] = []
        for element in repeat (each Element).self { elements.append(try element.requiredLoweredType()) }
        return .tuple(try TupleType(elements: elements))
    }

    @inlinable
    public func lower(_ type: ABIType, to place: ABIPlace, in context: inout HostContext) throws(Trap) {
        var position = 0
        repeat try HostFields.lower(each values, type, &position, to: place, in: &context)
    }
}

/// Fields one after another.
@usableFromInline enum HostFields {
    // Inlined where the types are known: left to itself, the compiler calls it through metadata for each value.
    @inlinable @inline(__always)
    static func lift<Value: ComponentLiftable>(
        _: Value.Type, _ type: ABIType, _ position: inout Int, from place: ABIPlace, in context: inout HostContext
    ) throws(Trap) -> Value {
        guard let field = type.member(position) else { throw ABIFault.typeMismatch }
        let value = try Value.lift(field, from: place.field(position, of: type), in: &context)
        position += 1
        return value
    }

    @inlinable @inline(__always)
    static func lower(
        _ value: consuming some ComponentLowerable, _ type: ABIType, _ position: inout Int, to place: ABIPlace,
        in context: inout HostContext
    ) throws(Trap) {
        guard let field = type.member(position) else { throw ABIFault.typeMismatch }
        try (consume value).lower(field, to: place.field(position, of: type), in: &context)
        position += 1
    }
}
