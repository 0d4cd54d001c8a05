// Variants, enumerations and flags: Swift enumerations and option sets whose cases are listed once.
//
//     enum StreamError: Error, ComponentVariant {
//         case lastOperationFailed(Owned<IOError>)
//         case closed
//
//         static let cases = VariantCases<StreamError>(
//             .init("last-operation-failed", StreamError.lastOperationFailed) {
//                 if case .lastOperationFailed(let error) = $0 { error } else { nil }
//             },
//             .init("closed", .closed) { if case .closed = $0 { true } else { false } })
//     }
//
//     enum Advice: String, ComponentEnumeration { case normal, willNeed = "will-need" }
//
//     struct DescriptorFlags: ComponentFlags {
//         let rawValue: UInt32
//         static let labels = ["read", "write"]
//     }

import WasmTypes
public import ComponentTypes
public import Execution

// MARK: - Variants

/// A Swift enumeration that stands for a `variant`.
public protocol ComponentVariant: ComponentLiftable, ComponentLowerable {
    static var cases: VariantCases<Self> { get }
}

/// One case of a variant: its name in the component type, how to make it, and how to recognise it.
public struct VariantCase<Variant>: Sendable {
    let name: String
    let payload: @Sendable () throws(ComponentTypeError) -> ComponentValueType?
    let lift: @Sendable (ABIType, ABIPlace, inout HostContext) throws(Trap) -> Variant
    /// Writes the payload of a value of this case and returns true; returns false for any other case.
    let lower: @Sendable (Variant, Int, ABIType, ABIPlace, inout HostContext) throws(Trap) -> Bool

    /// A case with a payload.
    ///
    /// - Parameters:
    ///   - make: the case itself, as a function of its payload.
    ///   - get: the payload of a value of this case; nil for any other.
    public init<Payload: ComponentLiftable & ComponentLowerable>(
        _ name: String, _ make: @escaping @Sendable (Payload) -> Variant,
        _ get: @escaping @Sendable (Variant) -> Payload?
    ) {
        self.name = name
        payload = { () throws(ComponentTypeError) in try Payload.componentType() }
        lift = { (type, place, context) throws(Trap) in make(try Payload.lift(type, from: place, in: &context)) }
        lower = { (value, number, type, place, context) throws(Trap) in
            guard let payload = get(value) else { return false }
            context.writeCase(number, type, place)
            try payload.lower(type.member(number) ?? type, to: place.payload(of: type), in: &context)
            return true
        }
    }

    /// A case without payload.
    ///
    /// - Parameter isCase: whether a value is of this case.
    public init(_ name: String, _ value: Variant, _ isCase: @escaping @Sendable (Variant) -> Bool) where Variant: Sendable {
        self.name = name
        payload = { () throws(ComponentTypeError) in nil }
        lift = { (_, _, _) throws(Trap) in value }
        lower = { (value, number, type, place, context) throws(Trap) in
            guard isCase(value) else { return false }
            context.writeCase(number, type, place)
            return true
        }
    }
}

/// The cases of a variant, in the order of the component type.
public struct VariantCases<Variant>: Sendable {
    let list: [VariantCase<Variant>]

    public init(_ cases: VariantCase<Variant>...) {
        list = cases
    }
}

extension ComponentVariant {
    public static func componentType() throws(ComponentTypeError) -> ComponentValueType? {
        var list: [VariantType.Case] = []
        for item in cases.list { list.append(VariantType.Case(name: item.name, type: try item.payload())) }
        return .variant(try VariantType(cases: list))
    }

    public static func lift(
        _ type: ABIType, from place: ABIPlace, in context: inout HostContext
    ) throws(Trap) -> Self {
        let number = try context.readCase(type, place)
        let list = cases.list
        guard number < list.count else { throw ABIFault.invalidDiscriminant }
        return try list[number].lift(type.member(number) ?? type, place.payload(of: type), &context)
    }

    public func lower(_ type: ABIType, to place: ABIPlace, in context: inout HostContext) throws(Trap) {
        for (number, item) in Self.cases.list.enumerated() {
            if try item.lower(self, number, type, place, &context) { return }
        }
        throw Trap(.internalError, detail: "\(Self.self) does not list the case \(self)")
    }
}

// MARK: - Enumerations

/// A Swift enumeration that stands for an `enum`. The raw values are the names, in the order of the component type.
public protocol ComponentEnumeration: ComponentLiftable, ComponentLowerable, CaseIterable, RawRepresentable, Equatable
where RawValue == String, AllCases == [Self] {}

extension ComponentEnumeration {
    public static func componentType() throws(ComponentTypeError) -> ComponentValueType? {
        .enumeration(try EnumType(labels: allCases.map(\.rawValue)))
    }

    public static func lift(
        _ type: ABIType, from place: ABIPlace, in context: inout HostContext
    ) throws(Trap) -> Self {
        let number = try context.readCase(type, place)
        let cases = allCases
        guard number < cases.count else { throw ABIFault.invalidDiscriminant }
        return cases[number]
    }

    public func lower(_ type: ABIType, to place: ABIPlace, in context: inout HostContext) throws(Trap) {
        guard let number = Self.allCases.firstIndex(of: self) else { throw ABIFault.typeMismatch }
        context.writeCase(number, type, place)
    }
}

// MARK: - Flags

/// An option set that stands for `flags`; the first label is the least significant bit.
public protocol ComponentFlags: ComponentLiftable, ComponentLowerable, OptionSet
where RawValue: FixedWidthInteger & UnsignedInteger {
    static var labels: [String] { get }
}

extension ComponentFlags {
    public static func componentType() throws(ComponentTypeError) -> ComponentValueType? {
        .flags(try FlagsType(labels: labels))
    }

    @inlinable
    public static func lift(_ type: ABIType, from place: ABIPlace, in context: inout HostContext) -> Self {
        Self(rawValue: RawValue(truncatingIfNeeded: context.readFlags(type, place)))
    }

    @inlinable
    public func lower(_ type: ABIType, to place: ABIPlace, in context: inout HostContext) {
        context.writeFlags(UInt32(truncatingIfNeeded: rawValue), type, place)
    }
}

extension HostContext {
    /// The flags at a place; bits that stand for no flag are ignored.
    @inlinable
    func readFlags(_ type: ABIType, _ place: ABIPlace) -> UInt32 {
        let bits: UInt32 =
            switch type.byteCount {
            case _ where unsafe place.slots != nil: read(place)
            case 1: UInt32(read(place, as: UInt8.self))
            case 2: UInt32(read(place, as: UInt16.self))
            default: read(place)
            }
        return unsafe bits & type.node.pointee.flagMask
    }

    @inlinable
    func writeFlags(_ flags: UInt32, _ type: ABIType, _ place: ABIPlace) {
        let bits = unsafe flags & type.node.pointee.flagMask
        switch type.byteCount {
        case 1: write(UInt8(truncatingIfNeeded: bits), to: place)
        case 2: write(UInt16(truncatingIfNeeded: bits), to: place)
        default: write(bits, to: place)
        }
    }
}
