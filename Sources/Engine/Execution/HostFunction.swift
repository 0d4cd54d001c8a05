// A function that the host gives to guests: a record like a guest function's, whose code is a stub that calls out.

import CApus
import WasmTypes

/// Owned by the store that made it.
@safe final class HostFunction {
    let name: String
    let type: FunctionType
    let body: HostFunctionBody
    /// Whether what it returns must be looked at: a guest would follow a reference to an object without asking.
    let returnsObjects: Bool
    let record: UnsafeMutablePointer<apus_function>
    private let code: UnsafeMutablePointer<apus_code>

    init(name: String, type: FunctionType, typeDescriptor: TypeDescriptor, body: @escaping HostFunctionBody) {
        self.name = name
        self.type = type
        self.body = body
        returnsObjects = type.results.contains { $0.canReferToObjects && $0.heapType != .external }
        unsafe code = UnsafeMutablePointer<apus_code>.allocate(capacity: 1)
        unsafe code.initialize(to: apus_code())
        unsafe record = UnsafeMutablePointer<apus_function>.allocate(capacity: 1)
        unsafe record.initialize(to: apus_function(type: typeDescriptor.record, code: code, instance: nil))
        let parameters = type.parameters.slotCount
        let results = type.results.slotCount
        unsafe code.pointee.parameter_slots = parameters
        unsafe code.pointee.result_slots = results
        unsafe code.pointee.header_slot = max(parameters, results)
        unsafe code.pointee.frame_slots = max(parameters, results) + UInt32(APUS_HEADER_SLOTS)
        unsafe code.pointee.owner = Unmanaged.passUnretained(self).toOpaque()
        unsafe apus_code_initialize(code, true)
    }

    deinit {
        unsafe record.deallocate()
        unsafe code.deallocate()
    }

    /// Where its code's record lies; the stub is in there.
    var address: UInt { unsafe UInt(bitPattern: code) }

    func contains(_ place: UnsafePointer<UInt64>) -> Bool {
        let distance = unsafe UnsafeRawPointer(place) - UnsafeRawPointer(code)
        return unsafe distance >= 0 && distance < MemoryLayout<apus_code>.size
    }

    var headerSlot: Int { unsafe Int(code.pointee.header_slot) }
}
