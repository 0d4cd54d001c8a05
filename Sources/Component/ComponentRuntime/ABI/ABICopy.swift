// Values from one component's memory into another's, with no value in between.
//
// The specification lifts all arguments and then lowers them; here each part is lifted and lowered at once. The two
// differ only in what a call that traps has done before, in instances that nobody can enter again.

import ComponentTypes
import Execution

enum ABICopy {
    /// Copies a value. The two types are the same type, each compiled for its component.
    static func copy(
        _ type: ABIType, from place: ABIPlace, _ source: inout HostContext, to targetType: ABIType,
        _ targetPlace: ABIPlace, _ target: inout HostContext
    ) throws(Trap) {
        switch type.kind {
        case .bool:
            Bool.lift(type, from: place, in: &source).lower(targetType, to: targetPlace, in: &target)
        case .u8: UInt8.lift(type, from: place, in: &source).lower(targetType, to: targetPlace, in: &target)
        case .s8: Int8.lift(type, from: place, in: &source).lower(targetType, to: targetPlace, in: &target)
        case .u16: UInt16.lift(type, from: place, in: &source).lower(targetType, to: targetPlace, in: &target)
        case .s16: Int16.lift(type, from: place, in: &source).lower(targetType, to: targetPlace, in: &target)
        case .u32, .s32, .f32: target.write(source.read(place, as: UInt32.self), to: targetPlace)
        case .u64, .s64, .f64: target.write(source.read(place, as: UInt64.self), to: targetPlace)
        case .char:
            try Unicode.Scalar.lift(type, from: place, in: &source).lower(targetType, to: targetPlace, in: &target)
        case .flags: target.writeFlags(source.readFlags(type, place), targetType, targetPlace)
        case .string:
            let (pointer, length) = source.readPointerAndLength(place)
            let range = try source.stringRange(pointer, length)
            try source.charge(bytes: range.byteCount + 16)
            let copied = try copy(range, &source, &target)
            target.writePointerAndLength(copied.pointer, copied.length, to: targetPlace)
        case .record where unsafe place.slots == nil && targetPlace.slots == nil && source.options.isWide == target.options.isWide:
            try unsafe CopyStep.run(
                type.node.pointee.steps, Int(type.node.pointee.stepCount), valueCount: 1, stride: type.byteCount,
                from: place.address, &source, targetType.node.pointee.steps, to: targetPlace.address, &target)
        case .record:
            for position in 0..<type.memberCount {
                guard let field = type.member(position), let targetField = targetType.member(position) else {
                    throw ABIFault.typeMismatch
                }
                try copy(
                    field, from: place.field(position, of: type), &source, to: targetField,
                    targetPlace.field(position, of: targetType), &target)
            }
        case .variant:
            let number = try source.readCase(type, place)
            target.writeCase(number, targetType, targetPlace)
            guard let payload = type.member(number), let targetPayload = targetType.member(number) else { return }
            try copy(
                payload, from: place.payload(of: type), &source, to: targetPayload, targetPlace.payload(of: targetType),
                &target)
        case .fixedLengthList:
            try copyElements(type, from: place, &source, to: targetType, targetPlace, &target)
        case .async: throw ABIFault.notYet("values of async types")
        case .list: try copyList(type, from: place, &source, to: targetType, targetPlace, &target)
        case .own:
            let representation = try unsafe source.liftOwn(source.read(place), slot: type.node.pointee.resource)
            target.write(
                try unsafe target.lowerOwn(representation, slot: targetType.node.pointee.resource), to: targetPlace)
        case .borrow:
            let representation = try unsafe source.liftBorrow(source.read(place), slot: type.node.pointee.resource)
            target.write(
                try unsafe target.lowerBorrow(representation, slot: targetType.node.pointee.resource), to: targetPlace)
        }
    }

    private static func copyElements(
        _ type: ABIType, from place: ABIPlace, _ source: inout HostContext, to targetType: ABIType,
        _ targetPlace: ABIPlace, _ target: inout HostContext
    ) throws(Trap) {
        guard let element = type.member(0), let targetElement = targetType.member(0) else { throw ABIFault.typeMismatch }
        try source.charge(bytes: type.byteCount)
        if unsafe place.slots == nil && targetPlace.slots == nil {
            return try copyRun(
                unsafe Int(type.node.pointee.length), element, from: place.address, &source, to: targetElement,
                targetPlace.address, &target)
        }
        for position in 0..<(unsafe Int(type.node.pointee.length)) {
            try copy(
                element, from: place.element(position, of: element), &source, to: targetElement,
                targetPlace.element(position, of: targetElement), &target)
        }
    }

    private static func copyList(
        _ type: ABIType, from place: ABIPlace, _ source: inout HostContext, to targetType: ABIType,
        _ targetPlace: ABIPlace, _ target: inout HostContext
    ) throws(Trap) {
        guard let element = type.member(0), let targetElement = targetType.member(0) else { throw ABIFault.typeMismatch }
        let (pointer, length) = source.readPointerAndLength(place)
        let address = try source.listRange(pointer, length, element: element)
        let byteCount = Int(length) * element.byteCount
        // An empty list costs something as well.
        try source.charge(bytes: byteCount + 16)
        // The two differ where one of the memories has 64-bit addresses.
        let targetByteCount = Int(length) * targetElement.byteCount
        guard targetByteCount <= CanonicalABI.maximumStringByteLength else { throw ABIFault.listOutOfBounds }
        let targetAddress = try target.allocate(targetByteCount, alignment: targetElement.alignment)
        try copyRun(Int(length), element, from: address, &source, to: targetElement, targetAddress, &target)
        target.writePointerAndLength(targetAddress, length, to: targetPlace)
    }

    /// Copies bytes, in pieces. Both ranges have been checked.
    static func copyBytes(
        from address: Int, _ source: inout HostContext, to targetAddress: Int, _ target: inout HostContext, count: Int
    ) throws(Trap) {
        var done = 0
        while true {
            let length = min(count - done, Store.bytesAtOnce)
            unsafe target.bytes(targetAddress + done, length).copyMemory(
                from: UnsafeRawBufferPointer(source.bytes(address + done, length)))
            done += length
            if done == count { return }
            try source.passInterrupt()
        }
    }

    /// Copies elements that lie one after another in memory. Both ranges have been checked.
    private static func copyRun(
        _ count: Int, _ element: ABIType, from address: Int, _ source: inout HostContext, to targetElement: ABIType,
        _ targetAddress: Int, _ target: inout HostContext
    ) throws(Trap) {
        let byteCount = count * element.byteCount
        if unsafe element.node.pointee.isPlain {
            return try copyBytes(from: address, &source, to: targetAddress, &target, count: byteCount)
        }
        guard source.options.isWide == target.options.isWide else {
            for position in 0..<count {
                try copy(
                    element, from: ABIPlace(address: address + position * element.byteCount), &source,
                    to: targetElement, ABIPlace(address: targetAddress + position * targetElement.byteCount), &target)
            }
            return
        }
        let steps = unsafe element.node.pointee.steps
        let stepCount = unsafe Int(element.node.pointee.stepCount)
        let targetSteps = unsafe targetElement.node.pointee.steps
        // Allocators are called in the order that the specification lays down: element by element.
        var walkCount = 0
        for position in 0..<stepCount where unsafe steps[position].kind == .walk { walkCount += 1 }
        let blockLength = walkCount > 1 ? 1 : CopyStep.blockLength
        var first = 0
        while first < count {
            let length = min(blockLength, count - first)
            let offset = first * element.byteCount
            try unsafe CopyStep.run(
                steps, stepCount, valueCount: length, stride: element.byteCount, from: address + offset, &source,
                targetSteps, to: targetAddress + offset, &target)
            first += length
        }
    }
}
