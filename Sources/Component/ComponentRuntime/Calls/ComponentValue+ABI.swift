// Lifting and lowering of values whose types are known only at run time. A value is walked together with its type, for
// the names, and with the compiled type, for the places.

import WasmTypes
import ComponentTypes
import Execution

// MARK: - Checking

extension ComponentValue {
    /// Whether this is a value of a type. Resources are compared when the value is passed.
    func isValue(of type: ComponentValueType) -> Bool {
        switch (self, type) {
        case (.bool, .bool), (.s8, .s8), (.u8, .u8), (.s16, .s16), (.u16, .u16), (.s32, .s32), (.u32, .u32),
            (.s64, .s64), (.u64, .u64), (.f32, .f32), (.f64, .f64), (.char, .char), (.string, .string), (.own, .own),
            (.borrow, .borrow):
            return true
        case (.record(let fields), .record(let type)):
            return fields.count == type.fields.count
                && zip(fields, type.fields).allSatisfy { $0.name == $1.name && $0.value.isValue(of: $1.type) }
        case (.variant(let name, let payload), .variant(let type)):
            guard let item = type.cases.first(where: { $0.name == name }) else { return false }
            return Self.isPayload(payload, of: item.type)
        case (.list(let values), .list(let type)): return values.allSatisfy { $0.isValue(of: type.element) }
        case (.list(let values), .fixedLengthList(let type)):
            return values.count == Int(type.length) && values.allSatisfy { $0.isValue(of: type.element) }
        case (.tuple(let values), .tuple(let type)):
            return values.count == type.elements.count && zip(values, type.elements).allSatisfy { $0.isValue(of: $1) }
        case (.flags(let names), .flags(let type)): return names.allSatisfy { type.labels.contains($0) }
        case (.enumeration(let name), .enumeration(let type)): return type.labels.contains(name)
        case (.option(let value), .option(let type)): return value?.isValue(of: type.payload) ?? true
        case (.success(let value), .result(let type)): return Self.isPayload(value, of: type.success)
        case (.failure(let value), .result(let type)): return Self.isPayload(value, of: type.failure)
        default: return false
        }
    }

    private static func isPayload(_ value: ComponentValue?, of type: ComponentValueType?) -> Bool {
        switch (value, type) {
        case (nil, nil): true
        case (let value?, let type?): value.isValue(of: type)
        default: false
        }
    }
}

// MARK: - Lowering

extension ComponentValue {
    /// Writes the value, which must be of the type.
    func lower(
        as valueType: ComponentValueType, _ type: ABIType, to place: ABIPlace, in context: inout HostContext
    ) throws(Trap) {
        switch (self, valueType) {
        case (.bool(let value), .bool): value.lower(type, to: place, in: &context)
        case (.s8(let value), .s8): value.lower(type, to: place, in: &context)
        case (.u8(let value), .u8): value.lower(type, to: place, in: &context)
        case (.s16(let value), .s16): value.lower(type, to: place, in: &context)
        case (.u16(let value), .u16): value.lower(type, to: place, in: &context)
        case (.s32(let value), .s32): value.lower(type, to: place, in: &context)
        case (.u32(let value), .u32): value.lower(type, to: place, in: &context)
        case (.s64(let value), .s64): value.lower(type, to: place, in: &context)
        case (.u64(let value), .u64): value.lower(type, to: place, in: &context)
        case (.f32(let value), .f32): value.lower(type, to: place, in: &context)
        case (.f64(let value), .f64): value.lower(type, to: place, in: &context)
        case (.char(let value), .char): value.lower(type, to: place, in: &context)
        case (.string(let value), .string): try value.lower(type, to: place, in: &context)
        case (.record(let fields), .record(let record)):
            for (position, field) in record.fields.enumerated() {
                try fields[position].value.lowerField(position, as: field.type, type, to: place, in: &context)
            }
        case (.tuple(let values), .tuple(let tuple)):
            for (position, element) in tuple.elements.enumerated() {
                try values[position].lowerField(position, as: element, type, to: place, in: &context)
            }
        case (.list(let values), .fixedLengthList(let list)):
            guard let element = type.member(0), values.count == Int(list.length) else { throw ABIFault.typeMismatch }
            for (position, value) in values.enumerated() {
                try value.lower(as: list.element, element, to: place.element(position, of: element), in: &context)
            }
        case (.list(let values), .list(let list)): try Self.lower(values, list.element, type, to: place, in: &context)
        case (.flags(let names), .flags(let flags)):
            var bits: UInt32 = 0
            for (position, label) in flags.labels.enumerated() where names.contains(label) { bits |= 1 << UInt32(position) }
            context.writeFlags(bits, type, place)
        case (.variant(let name, let payload), .variant(let variant)):
            guard let number = variant.cases.firstIndex(where: { $0.name == name }) else { throw ABIFault.typeMismatch }
            try Self.lowerCase(number, payload, variant.cases[number].type, type, to: place, in: &context)
        case (.enumeration(let name), .enumeration(let enumeration)):
            guard let number = enumeration.labels.firstIndex(of: name) else { throw ABIFault.typeMismatch }
            context.writeCase(number, type, place)
        case (.option(let value), .option(let option)):
            try Self.lowerCase(value == nil ? 0 : 1, value, option.payload, type, to: place, in: &context)
        case (.success(let value), .result(let result)):
            try Self.lowerCase(0, value, result.success, type, to: place, in: &context)
        case (.failure(let value), .result(let result)):
            try Self.lowerCase(1, value, result.failure, type, to: place, in: &context)
        case (.own(let resource), .own):
            let handle = try unsafe context.hostHandle(resource, slot: type.node.pointee.resource)
            guard handle.isOwned, handle.lendCount == 0 else { throw ABIFault.lentHandle }
            handle.isOwned = false
            context.write(
                try unsafe context.lowerOwn(handle.representation, slot: type.node.pointee.resource), to: place)
        case (.borrow(let resource), .borrow):
            let handle = try unsafe context.hostHandle(resource, slot: type.node.pointee.resource)
            guard handle.isOwned else { throw ABIFault.fault("a resource is lent that is not the host's") }
            handle.lendCount += 1
            context.recordLoan { $0.handles.append(handle) }
            context.write(
                try unsafe context.lowerBorrow(handle.representation, slot: type.node.pointee.resource), to: place)
        default: throw ABIFault.typeMismatch
        }
    }

    private func lowerField(
        _ position: Int, as valueType: ComponentValueType, _ type: ABIType, to place: ABIPlace,
        in context: inout HostContext
    ) throws(Trap) {
        guard let field = type.member(position) else { throw ABIFault.typeMismatch }
        try lower(as: valueType, field, to: place.field(position, of: type), in: &context)
    }

    private static func lowerCase(
        _ number: Int, _ payload: ComponentValue?, _ payloadType: ComponentValueType?, _ type: ABIType,
        to place: ABIPlace, in context: inout HostContext
    ) throws(Trap) {
        context.writeCase(number, type, place)
        guard let payload, let payloadType, let member = type.member(number) else { return }
        try payload.lower(as: payloadType, member, to: place.payload(of: type), in: &context)
    }

    private static func lower(
        _ values: [ComponentValue], _ elementType: ComponentValueType, _ type: ABIType, to place: ABIPlace,
        in context: inout HostContext
    ) throws(Trap) {
        guard let element = type.member(0) else { throw ABIFault.typeMismatch }
        let (byteCount, overflow) = values.count.multipliedReportingOverflow(by: element.byteCount)
        guard !overflow, byteCount <= CanonicalABI.maximumStringByteLength else { throw ABIFault.listOutOfBounds }
        let address = try context.allocate(byteCount, alignment: element.alignment)
        for (position, value) in values.enumerated() {
            try value.lower(
                as: elementType, element, to: ABIPlace(address: address + position * element.byteCount), in: &context)
        }
        context.writePointerAndLength(address, UInt64(values.count), to: place)
    }
}

// MARK: - Lifting

extension ComponentValue {
    static func lift(
        _ valueType: ComponentValueType, _ type: ABIType, from place: ABIPlace, in context: inout HostContext
    ) throws(Trap) -> ComponentValue {
        switch valueType {
        case .bool: return .bool(Bool.lift(type, from: place, in: &context))
        case .s8: return .s8(Int8.lift(type, from: place, in: &context))
        case .u8: return .u8(UInt8.lift(type, from: place, in: &context))
        case .s16: return .s16(Int16.lift(type, from: place, in: &context))
        case .u16: return .u16(UInt16.lift(type, from: place, in: &context))
        case .s32: return .s32(Int32.lift(type, from: place, in: &context))
        case .u32: return .u32(UInt32.lift(type, from: place, in: &context))
        case .s64: return .s64(Int64.lift(type, from: place, in: &context))
        case .u64: return .u64(UInt64.lift(type, from: place, in: &context))
        case .f32: return .f32(Float.lift(type, from: place, in: &context))
        case .f64: return .f64(Double.lift(type, from: place, in: &context))
        case .char: return .char(try Unicode.Scalar.lift(type, from: place, in: &context))
        case .string: return .string(try String.lift(type, from: place, in: &context))
        case .record(let record):
            var fields: [Field] = []
            for (position, field) in record.fields.enumerated() {
                fields.append(
                    Field(name: field.name, value: try liftField(position, field.type, type, from: place, in: &context)))
            }
            return .record(fields)
        case .tuple(let tuple):
            var values: [ComponentValue] = []
            for (position, element) in tuple.elements.enumerated() {
                values.append(try liftField(position, element, type, from: place, in: &context))
            }
            return .tuple(values)
        case .fixedLengthList(let list):
            guard let element = type.member(0) else { throw ABIFault.typeMismatch }
            try context.charge(bytes: Int(list.length) * MemoryLayout<ComponentValue>.stride)
            var values: [ComponentValue] = []
            for position in 0..<Int(list.length) {
                values.append(try lift(list.element, element, from: place.element(position, of: element), in: &context))
            }
            return .list(values)
        case .stream, .future, .errorContext: throw ABIFault.notYet("values of async types")
        case .list(let list): return try liftList(list.element, type, from: place, in: &context)
        case .flags(let flags):
            let bits = context.readFlags(type, place)
            return .flags(flags.labels.enumerated().filter { bits & 1 << UInt32($0.offset) != 0 }.map(\.element))
        case .variant(let variant):
            let number = try context.readCase(type, place)
            let item = variant.cases[number]
            return .variant(item.name, try liftPayload(number, item.type, type, from: place, in: &context))
        case .enumeration(let enumeration): return .enumeration(enumeration.labels[try context.readCase(type, place)])
        case .option(let option):
            let number = try context.readCase(type, place)
            return .option(
                try liftPayload(number, number == 0 ? nil : option.payload, type, from: place, in: &context))
        case .result(let result):
            let number = try context.readCase(type, place)
            let payloadType = number == 0 ? result.success : result.failure
            let payload = try liftPayload(number, payloadType, type, from: place, in: &context)
            return number == 0 ? .success(payload) : .failure(payload)
        case .own:
            let slot = unsafe type.node.pointee.resource
            let representation = try context.liftOwn(context.read(place), slot: slot)
            guard let resourceType = context.options.instance.resourceType(slot: slot) else { throw Trap(.internalError) }
            return .own(
                ComponentResourceHandle(
                    type: resourceType, representation: representation, store: context.options.store))
        case .borrow:
            // Results have no borrowed handles, and arguments of host functions are typed.
            throw ABIFault.typeMismatch
        }
    }

    private static func liftField(
        _ position: Int, _ valueType: ComponentValueType, _ type: ABIType, from place: ABIPlace,
        in context: inout HostContext
    ) throws(Trap) -> ComponentValue {
        guard let field = type.member(position) else { throw ABIFault.typeMismatch }
        return try lift(valueType, field, from: place.field(position, of: type), in: &context)
    }

    private static func liftPayload(
        _ number: Int, _ payloadType: ComponentValueType?, _ type: ABIType, from place: ABIPlace,
        in context: inout HostContext
    ) throws(Trap) -> ComponentValue? {
        guard let payloadType, let payload = type.member(number) else { return nil }
        return try lift(payloadType, payload, from: place.payload(of: type), in: &context)
    }

    private static func liftList(
        _ elementType: ComponentValueType, _ type: ABIType, from place: ABIPlace, in context: inout HostContext
    ) throws(Trap) -> ComponentValue {
        guard let element = type.member(0) else { throw ABIFault.typeMismatch }
        let (pointer, length) = context.readPointerAndLength(place)
        let address = try context.listRange(pointer, length, element: element)
        try context.charge(bytes: Int(length) * MemoryLayout<ComponentValue>.stride)
        var values: [ComponentValue] = []
        values.reserveCapacity(Int(length))
        for position in 0..<Int(length) {
            values.append(
                try lift(
                    elementType, element, from: ABIPlace(address: address + position * element.byteCount), in: &context))
        }
        return .list(values)
    }
}

extension HostContext {
    /// The handle behind a dynamic value's resource, if it is of the resource type that stands in the slot.
    fileprivate func hostHandle(
        _ resource: any ComponentResource, slot: UInt32
    ) throws(Trap) -> ComponentResourceHandle {
        guard let handle = resource as? ComponentResourceHandle,
            let type = options.instance.resourceType(slot: slot), type === handle.type
        else { throw ABIFault.fault("a resource is passed that is not of the parameter's type") }
        return handle
    }
}

extension ComponentInstanceState {
    func resourceType(slot: UInt32) -> ResourceType? {
        resourceTypes.indices.contains(Int(slot)) ? resourceTypes[Int(slot)] : nil
    }
}
