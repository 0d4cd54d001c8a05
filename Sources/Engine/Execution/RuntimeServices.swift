// The far side of `apus_runtime`: what handlers call when an instruction needs more than arithmetic.
//
// Each entry gets raw records back from C, finds the Swift objects that own them, and answers with a trap code or 0.
// An error of the host never crosses the C frames: it waits in the store until the entry has returned.

import CApus
import WasmBinary
import WasmTypes

@safe enum RuntimeServices {
    /// One table for the whole process; never changed or freed.
    static nonisolated(unsafe) let table: UnsafeMutablePointer<apus_runtime> = {
        let table = UnsafeMutablePointer<apus_runtime>.allocate(capacity: 1)
        unsafe table.initialize(
            to: apus_runtime(
                translate: { unsafe RuntimeServices.translate($0, $1) },
                call_host: { unsafe RuntimeServices.callHost($0, $1, $2, $3) },
                serve: { unsafe RuntimeServices.serve($0, $1, $2, $3, $4) },
                throw_exception: { unsafe RuntimeServices.throwException($0, $1, $2, $3, $4, $5) },
                allocate: { unsafe RuntimeServices.allocate($0, $1, $2, $3, $4, $5) },
                interrupted: { unsafe RuntimeServices.interrupted($0) }))
        return unsafe table
    }()

    private static func store(of activation: UnsafeMutablePointer<apus_activation>?) -> Unmanaged<Store>? {
        guard let owner = unsafe activation?.pointee.owner else { return nil }
        return unsafe Unmanaged<Store>.fromOpaque(owner)
    }

    private static func interrupted(_ activation: UnsafeMutablePointer<apus_activation>?) -> UInt32 {
        guard let store = unsafe store(of: activation) else { return UInt32(TrapCode.internalError.rawValue) }
        return unsafe store.takeUnretainedValue().meetInterrupt()
    }

    private static func translate(
        _ activation: UnsafeMutablePointer<apus_activation>?, _ code: UnsafeMutablePointer<apus_code>?
    ) -> UInt32 {
        guard let code = unsafe code, let owner = unsafe code.pointee.owner, let store = unsafe store(of: activation) else {
            return UInt32(TrapCode.internalError.rawValue)
        }
        let module = unsafe Unmanaged<Module>.fromOpaque(owner).takeUnretainedValue()
        do throws(BinaryError) {
            unsafe try module.translate(code)
            return 0
        } catch {
            let kind: TrapCode = error.kind == .limit ? .resourceLimit : .internalError
            unsafe store.takeUnretainedValue().pendingTrap = Trap(kind, detail: "\(error)")
            return UInt32(kind.rawValue)
        }
    }

    private static func callHost(
        _ activation: UnsafeMutablePointer<apus_activation>?, _ code: UnsafeMutablePointer<apus_code>?,
        _ frame: UnsafeMutablePointer<UInt64>?, _ caller: UnsafeMutablePointer<apus_instance>?
    ) -> UInt32 {
        guard let code = unsafe code, let frame = unsafe frame, let owner = unsafe code.pointee.owner,
            let storeReference = unsafe store(of: activation)
        else { return UInt32(TrapCode.internalError.rawValue) }
        unsafe activation?.pointee.host_calls &+= 1
        // The store owns both, and is itself held by whoever entered the guest: no counting of references here.
        let function = unsafe Unmanaged<HostFunction>.fromOpaque(owner)
        do {
            try unsafe function._withUnsafeGuaranteedRef {
                try unsafe $0.body(
                    HostCall(
                        frame: frame, slotCount: Int(code.pointee.header_slot), store: storeReference,
                        callerRecord: caller))
                if $0.returnsObjects { try unsafe storeReference.takeUnretainedValue().checkResults(frame, $0.type.results) }
            }
            return 0
        } catch let trap as Trap {
            unsafe storeReference.takeUnretainedValue().pendingTrap = trap
            return UInt32(trap.code.rawValue)
        } catch {
            unsafe storeReference.takeUnretainedValue().pendingTrap = Trap(.host, cause: error)
            return UInt32(TrapCode.host.rawValue)
        }
    }

    private static func serve(
        _ activation: UnsafeMutablePointer<apus_activation>?, _ record: UnsafeMutablePointer<apus_instance>?,
        _ service: UInt32, _ operands: UnsafeMutablePointer<UInt64>?, _ immediates: UnsafePointer<UInt32>?
    ) -> UInt32 {
        guard let owner = unsafe record?.pointee.owner, let operands = unsafe operands, let immediates = unsafe immediates
        else { return UInt32(TrapCode.internalError.rawValue) }
        let instance = unsafe Unmanaged<Instance>.fromOpaque(owner).takeUnretainedValue()
        do throws(Trap) {
            switch apus_service(service) {
            case APUS_SERVICE_MEMORY_GROW:
                let memory = try instance.memory(unsafe immediates[0])
                let old = try memory.grow(by: unsafe operands[0]) { () throws(Trap) in try instance.store.passInterrupt() }
                unsafe operands[0] = old ?? failure(memory.type.addressType)
            case APUS_SERVICE_MEMORY_INIT:
                try unsafe instance.initializeMemory(
                    MemoryIndex(immediates[1]), from: DataIndex(immediates[0]), to: operands[0], start: operands[1],
                    count: operands[2])
            case APUS_SERVICE_DATA_DROP:
                unsafe instance.dropData(DataIndex(immediates[0]))
            case APUS_SERVICE_TABLE_INIT:
                try unsafe instance.initializeTable(
                    TableIndex(immediates[1]), from: ElementIndex(immediates[0]), to: operands[0], start: operands[1],
                    count: operands[2])
            case APUS_SERVICE_ELEMENT_DROP:
                unsafe instance.dropElements(ElementIndex(immediates[0]))
            case APUS_SERVICE_TABLE_GROW:
                let table = try instance.table(unsafe immediates[0])
                let old = try table.grow(by: unsafe operands[1], filledWith: unsafe operands[0]) { () throws(Trap) in
                    try instance.store.passInterrupt()
                }
                unsafe operands[0] = old ?? failure(table.type.addressType)
            case APUS_SERVICE_REF_FUNC:
                unsafe operands[0] = try instance.rawReference(to: FunctionIndex(immediates[0]))
            case APUS_SERVICE_ATOMIC_NOTIFY:
                try unsafe instance.atomicNotify(operands, memory: immediates[0], offset: immediates + 1)
            case APUS_SERVICE_ATOMIC_WAIT32:
                try unsafe instance.atomicWait(operands, width: 4, memory: immediates[0], offset: immediates + 1)
            case APUS_SERVICE_ARRAY_NEW_DATA:
                unsafe operands[0] = try instance.newArray(
                    TypeIndex(immediates[1]), from: DataIndex(immediates[0]), start: operands[0], count: operands[1])
            case APUS_SERVICE_ARRAY_NEW_ELEMENTS:
                unsafe operands[0] = try instance.newArray(
                    TypeIndex(immediates[1]), from: ElementIndex(immediates[0]), start: operands[0], count: operands[1])
            case APUS_SERVICE_ARRAY_INIT_DATA:
                try unsafe instance.initializeArray(
                    operands[0], from: DataIndex(immediates[0]), to: operands[1], start: operands[2], count: operands[3])
            case APUS_SERVICE_ARRAY_INIT_ELEMENTS:
                try unsafe instance.initializeArray(
                    operands[0], from: ElementIndex(immediates[0]), to: operands[1], start: operands[2],
                    count: operands[3])
            case APUS_SERVICE_ANY_CONVERT_EXTERN:
                guard unsafe instance.store.isReference(operands[0]) else {
                    throw Trap(.host, detail: "a reference that is neither the host's nor an object of this store")
                }
            case APUS_SERVICE_ATOMIC_WAIT64:
                try unsafe instance.atomicWait(operands, width: 8, memory: immediates[0], offset: immediates + 1)
            default:
                return UInt32(TrapCode.internalError.rawValue)
            }
            return 0
        } catch {
            if error.detail != nil { unsafe store(of: activation)?.takeUnretainedValue().pendingTrap = error }
            return UInt32(error.code.rawValue)
        }
    }

    /// What a failed `grow` answers: -1 of the address type.
    private static func failure(_ type: AddressType) -> UInt64 {
        switch type {
        case .i32: UInt64(UInt32.max)
        case .i64: .max
        }
    }

    private static func allocate(
        _ activation: UnsafeMutablePointer<apus_activation>?, _ record: UnsafeMutablePointer<apus_instance>?,
        _ pc: UnsafePointer<UInt64>?, _ frame: UnsafeMutablePointer<UInt64>?, _ size: UInt64,
        _ result: UnsafeMutablePointer<UnsafeMutablePointer<apus_object>?>?
    ) -> UInt32 {
        guard let activation = unsafe activation, let frame = unsafe frame, let pc = unsafe pc,
            let owner = unsafe record?.pointee.owner, let result = unsafe result, let store = unsafe store(of: activation)
        else { return UInt32(TrapCode.internalError.rawValue) }
        let instance = unsafe Unmanaged<Instance>.fromOpaque(owner)
        let found = unsafe store._withUnsafeGuaranteedRef { store in
            unsafe store.allocate(byteCount: size) { unsafe store.stackEnd(pc, frame, in: instance.takeUnretainedValue()) }
        }
        guard let found = unsafe found else {
            unsafe store.takeUnretainedValue().pendingTrap = store.takeUnretainedValue().heapExhausted(size)
            return UInt32(TrapCode.resourceLimit.rawValue)
        }
        unsafe result.pointee = found
        return 0
    }

    private static func throwException(
        _ activation: UnsafeMutablePointer<apus_activation>?, _ record: UnsafeMutablePointer<apus_instance>?,
        _ pc: UnsafePointer<UInt64>?, _ frame: UnsafeMutablePointer<UInt64>?, _ tag: UInt32,
        _ operands: UnsafeMutablePointer<UInt64>?
    ) -> UInt32 {
        guard let activation = unsafe activation, let operands = unsafe operands, let owner = unsafe record?.pointee.owner,
            let store = unsafe store(of: activation)
        else { return UInt32(TrapCode.internalError.rawValue) }
        let instance = unsafe Unmanaged<Instance>.fromOpaque(owner).takeUnretainedValue()
        let code = unsafe store.takeUnretainedValue().throwException(
            tag: tag == .max ? nil : TagIndex(tag), operands: operands, in: instance, pc: pc, frame: frame)
        return UInt32(code.map(\.rawValue) ?? 0)
    }
}
