// Evaluates constant expressions (core specification, section 3.4.16) when an instance is made.
//
// The expressions were validated with the module, so what is unexpected here is a defect of the engine and traps.

import CApus
import WasmBinary
import WasmTypes

/// A constant's bits; a vector takes both halves.
struct ConstantValue {
    var low: UInt64
    var high: UInt64 = 0
}

extension Instance {
    func evaluate(_ expression: ConstantExpression) throws(Trap) -> ConstantValue {
        let operations: [ConstantOperation]
        do throws(BinaryError) {
            operations = try module.binary.operations(of: expression)
        } catch {
            throw Trap(.internalError, detail: "\(error)")
        }
        // What is on the stack must survive a collection, so the stack is the store's.
        let height = store.constantOperands.count
        defer { store.constantOperands.removeSubrange(height...) }
        for operation in operations { try execute(operation, above: height) }
        guard store.constantOperands.count == height + 1, let value = store.constantOperands.last else {
            throw Trap(.internalError)
        }
        return value
    }

    private func execute(_ operation: ConstantOperation, above height: Int) throws(Trap) {
        switch operation {
        case .i32Const(let value): push(UInt64(UInt32(bitPattern: value)))
        case .i64Const(let value): push(UInt64(bitPattern: value))
        case .f32Const(let bits): push(UInt64(bits))
        case .f64Const(let bits): push(bits)
        case .v128Const(let low, let high): store.constantOperands.append(ConstantValue(low: low, high: high))
        case .refNull: push(0)
        case .refFunc(let index): push(try rawReference(to: index))
        case .globalGet(let index):
            guard globals.indices.contains(index.position) else { throw Trap(.internalError) }
            let global = globals[index.position]
            store.constantOperands.append(ConstantValue(low: global.rawValue, high: global.upperRawValue))
        case .i32Add, .i32Sub, .i32Mul, .i64Add, .i64Sub, .i64Mul:
            let right = try pop(above: height).low
            let left = try pop(above: height).low
            push(Self.arithmetic(operation, left, right))
        case .refI31: push(Reference.i31(UInt32(truncatingIfNeeded: try pop(above: height).low)))
        case .externConvertAny: break
        case .anyConvertExtern:
            guard let value = store.constantOperands.last?.low, store.isReference(value) else { throw Trap(.host) }
        default: try make(operation, above: height)
        }
    }

    private func push(_ low: UInt64) {
        store.constantOperands.append(ConstantValue(low: low))
    }

    private func pop(above height: Int) throws(Trap) -> ConstantValue {
        guard store.constantOperands.count > height, let value = store.constantOperands.popLast() else {
            throw Trap(.internalError)
        }
        return value
    }

    private static func arithmetic(_ operation: ConstantOperation, _ left: UInt64, _ right: UInt64) -> UInt64 {
        switch operation {
        case .i32Add: (left &+ right) & 0xFFFF_FFFF
        case .i32Sub: (left &- right) & 0xFFFF_FFFF
        case .i32Mul: (left &* right) & 0xFFFF_FFFF
        case .i64Add: left &+ right
        case .i64Sub: left &- right
        default: left &* right
        }
    }

    // MARK: - Objects

    private func make(_ operation: ConstantOperation, above height: Int) throws(Trap) {
        let reference: UInt64
        switch operation {
        case .structNew(let index): reference = try makeStructure(index, withFields: true, above: height)
        case .structNewDefault(let index): reference = try makeStructure(index, withFields: false, above: height)
        case .arrayNew(let index):
            let length = UInt32(truncatingIfNeeded: try pop(above: height).low)
            // The value stays on the stack until the array is made.
            guard let value = store.constantOperands.last else { throw Trap(.internalError) }
            reference = try makeArray(index, length: length) { _ in value }
            _ = try pop(above: height)
        case .arrayNewDefault(let index):
            reference = try makeArray(index, length: UInt32(truncatingIfNeeded: try pop(above: height).low))
        case .arrayNewFixed(let index, let count):
            let first = store.constantOperands.count - Int(count)
            guard first >= height else { throw Trap(.internalError) }
            let operands = store.constantOperands[first...]
            reference = try makeArray(index, length: count) { operands[first + $0] }
            store.constantOperands.removeSubrange(first...)
        default: throw Trap(.internalError)
        }
        push(reference)
    }

    private func makeStructure(_ index: TypeIndex, withFields: Bool, above height: Int) throws(Trap) -> UInt64 {
        let type = module.typeDescriptor(index)
        guard type.kind == APUS_KIND_STRUCTURE else { throw Trap(.internalError) }
        let object = unsafe try store.makeStructure(type, stackEnd: store.idleStackEnd)
        if withFields {
            let count = Int(unsafe type.record.pointee.field_count)
            let first = store.constantOperands.count - count
            guard first >= height else { throw Trap(.internalError) }
            for position in 0..<count {
                let field = unsafe type.record.pointee.fields[position]
                unsafe store.constantOperands[first + position].write(
                    to: UnsafeMutableRawPointer(object) + Int(field.offset), as: apus_storage(field.storage))
            }
            store.constantOperands.removeSubrange(first...)
        }
        return UInt64(UInt(bitPattern: object))
    }

    private func makeArray(
        _ index: TypeIndex, length: UInt32, _ element: ((Int) -> ConstantValue)? = nil
    ) throws(Trap) -> UInt64 {
        let type = module.typeDescriptor(index)
        guard type.kind == APUS_KIND_ARRAY else { throw Trap(.internalError) }
        let array = unsafe try store.makeArray(type, length: length, stackEnd: store.idleStackEnd)
        if let element {
            let storage = unsafe apus_storage(UInt32(type.record.pointee.element_storage))
            let size = unsafe 1 << Int(type.record.pointee.element_shift)
            var place = unsafe UnsafeMutableRawPointer(array) + Int(APUS_ARRAY_HEADER.rawValue)
            for position in 0..<Int(length) {
                unsafe element(position).write(to: place, as: storage)
                unsafe place += size
            }
        }
        return UInt64(UInt(bitPattern: array))
    }
}

extension ConstantValue {
    /// Writes the value to where a field or an element lies.
    fileprivate func write(to place: UnsafeMutableRawPointer, as storage: apus_storage) {
        switch storage {
        case APUS_STORAGE_8: unsafe place.storeBytes(of: UInt8(truncatingIfNeeded: low), as: UInt8.self)
        case APUS_STORAGE_16: unsafe place.storeBytes(of: UInt16(truncatingIfNeeded: low), as: UInt16.self)
        case APUS_STORAGE_32: unsafe place.storeBytes(of: UInt32(truncatingIfNeeded: low), as: UInt32.self)
        default:
            unsafe place.storeBytes(of: low, as: UInt64.self)
            if storage == APUS_STORAGE_128 { unsafe (place + 8).storeBytes(of: high, as: UInt64.self) }
        }
    }
}
