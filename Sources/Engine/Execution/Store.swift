// Everything a group of instances owns: its functions' records, its guest stack, its limits.
//
// A store is used by one thread at a time, and everything in it dies with it. Instances may refer to each other in
// circles (a table of one holds a function of the other), so none of them is freed before the store is.

import CApus
public import WasmTypes

/// Owns instances and runs their code. Not `Sendable`: one thread at a time.
@safe public final class Store {
    public let limits: StoreLimits
    package let registry: TypeRegistry
    /// The guest's stack and the state of the call chain on it.
    // Only the initialiser and `deinit` write it, and nobody holds an access to it.
    @exclusivity(unchecked) private(set) var stack: GuestStack
    private let pool: MemoryPool?
    /// Instances that could not be freed earlier; they die with the store.
    package private(set) var instances: [Instance] = []
    private var hostFunctions: [HostFunction] = []
    /// The same by their addresses, ascending; lacks the last ones until a walk over frames wants it.
    private var hostFunctionsByAddress: [HostFunction] = []
    private var memoryCount = 0
    private var tableCount = 0
    var exceptions: ExceptionTable
    /// Structures and arrays.
    let heap: ObjectHeap
    /// What constant expressions at work have on their stacks.
    var constantOperands: [ConstantValue] = []
    /// The references that the host asked to keep, and how often.
    var pinnedReferences: [UInt64: Int] = [:]
    /// What the layer above keeps with the store; dies with it.
    package var attachment: AnyObject?

    /// What a host function threw while its guest is being unwound.
    var pendingTrap: Trap?
    private var hostCallDepth = 0
    /// How many words collections have looked at.
    var markedCount: UInt64 = 0
    /// Lets others run when the guest is asked to; returns when it may go on.
    package var yield: (() -> Void)?

    /// Traps with `.resourceLimit` if the system has no room for the guest's stack.
    package init(registry: TypeRegistry, limits: StoreLimits, pool: MemoryPool? = nil) throws(Trap) {
        self.registry = registry
        self.limits = limits
        self.pool = pool
        if let pooled = pool?.takeStack(bytes: limits.stackBytes) {
            unsafe stack = pooled
        } else {
            unsafe stack = try GuestStack(bytes: limits.stackBytes)
        }
        exceptions = ExceptionTable(limit: limits.exceptions)
        heap = ObjectHeap(limit: limits.heapBytes)
        occupyStack()
    }

    private func occupyStack() {
        unsafe stack.activation.pointee.heap = heap.record
        unsafe stack.activation.pointee.owner = Unmanaged.passUnretained(self).toOpaque()
    }

    /// Makes the stack as good as new. Nothing may run on it.
    func resetStack() {
        unsafe stack.reset()
        occupyStack()
    }

    /// Whether a guest runs.
    var isCalling: Bool { hostCallDepth > 0 }

    deinit {
        for instance in instances { instance.dissolve() }
        // Whoever still holds the stack could interrupt its next guest.
        if let pool, unsafe isKnownUniquelyReferenced(&stack) {
            unsafe stack.reset()
            unsafe pool.give(stack)
        }
    }

    // MARK: - Contents

    func adopt(_ instance: Instance) throws(Trap) {
        guard instances.count < limits.instances else {
            throw Trap(.resourceLimit, detail: "more than \(limits.instances) instances in one store")
        }
        instances.append(instance)
    }

    /// Makes a memory that counts against the store's limits.
    package func makeMemory(_ type: MemoryType) throws(Trap) -> LinearMemory {
        try makeMemory(type, image: nil)
    }

    func makeMemory(_ type: MemoryType, image: MemoryImage?) throws(Trap) -> LinearMemory {
        guard memoryCount < limits.memories else {
            throw Trap(.resourceLimit, detail: "more than \(limits.memories) memories in one store")
        }
        memoryCount += 1
        return try LinearMemory(type: type, limit: limits.memoryBytes, image: image, pool: pool)
    }

    /// Makes a table that counts against the store's limits.
    package func makeTable(_ type: TableType, element: UInt64 = 0) throws(Trap) -> Table {
        guard tableCount < limits.tables else {
            throw Trap(.resourceLimit, detail: "more than \(limits.tables) tables in one store")
        }
        tableCount += 1
        return try Table(type: type, element: element, limit: limits.tableElements) { () throws(Trap) in try passInterrupt() }
    }

    /// Makes a function that a guest can call. `name` is what messages call it.
    public func makeFunction(name: String, type: FunctionType, body: @escaping HostFunctionBody) -> Function {
        let function = HostFunction(
            name: name, type: type, typeDescriptor: registry.descriptor(of: type), body: body)
        hostFunctions.append(function)
        return unsafe Function(type: type, record: function.record)
    }

    /// The host function whose stub an address lies in; used by walks over frames only.
    func hostFunction(at place: UnsafePointer<UInt64>) -> HostFunction? {
        if hostFunctionsByAddress.count != hostFunctions.count {
            hostFunctionsByAddress = hostFunctions.sorted { $0.address < $1.address }
        }
        let address = UInt(bitPattern: place)
        var lower = 0
        var upper = hostFunctionsByAddress.count
        while lower < upper {
            let middle = (lower + upper) / 2
            if hostFunctionsByAddress[middle].address <= address { lower = middle + 1 } else { upper = middle }
        }
        guard lower > 0, unsafe hostFunctionsByAddress[lower - 1].contains(place) else { return nil }
        return hostFunctionsByAddress[lower - 1]
    }

    // MARK: - Calls

    /// Calls a function. Arguments and results are slots: an i32 or f32 lies in the lower half of one, a vector in
    /// two, its lower half first.
    public func call(_ function: Function, _ arguments: [UInt64]) throws(Trap) -> [UInt64] {
        let parameterCount = Int(function.type.parameters.slotCount)
        guard arguments.count == parameterCount else {
            throw Trap(.host, detail: "\(arguments.count) arguments for a function of \(parameterCount)")
        }
        var slot = 0
        for type in function.type.parameters {
            guard admits(arguments[slot], as: type) else {
                throw Trap(.host, detail: "an argument is no reference of type \(type)")
            }
            slot += type.isVector ? 2 : 1
        }
        return unsafe try call(function) { slots in
            for (index, argument) in arguments.enumerated() { unsafe slots[index] = argument }
        } results: { slots in
            (0..<Int(function.type.results.slotCount)).map { unsafe slots[$0] }
        }
    }

    /// Calls a function whose arguments are written to, and whose results are read from, the guest's stack in place.
    package func call<Result>(
        _ function: Function, arguments: (UnsafeMutablePointer<UInt64>) -> Void,
        results: (UnsafePointer<UInt64>) -> Result
    ) throws(Trap) -> Result {
        let activation = unsafe stack.activation
        let base = unsafe activation.pointee.top!
        let needed = unsafe Int(function.record.pointee.code.pointee.header_slot) + Int(APUS_HEADER_SLOTS)
        guard hostCallDepth < limits.hostCallDepth, unsafe base + needed <= activation.pointee.stack_limit else {
            throw Trap(.stackExhausted)
        }
        hostCallDepth += 1
        defer { hostCallDepth -= 1 }
        unsafe arguments(base)
        let status = unsafe apus_enter(activation, function.record)
        if status != 0 { throw trap(status: status) }
        return unsafe results(base)
    }

    /// Calls a function with arguments that are copied from slots anywhere but on the guest's stack above its top.
    ///
    /// - Returns: the first slot of the results, which means something only if the function has one.
    package func call(
        _ function: FunctionReference, copying arguments: UnsafePointer<UInt64>, count: Int
    ) throws(Trap) -> UInt64 {
        let activation = unsafe stack.activation
        guard let base = unsafe activation.pointee.top else { throw Trap(.internalError) }
        let needed = unsafe Int(function.record.pointee.code.pointee.header_slot) + Int(APUS_HEADER_SLOTS)
        guard hostCallDepth < limits.hostCallDepth, unsafe base + needed <= activation.pointee.stack_limit else {
            throw Trap(.stackExhausted)
        }
        hostCallDepth += 1
        defer { hostCallDepth -= 1 }
        for slot in 0..<count { unsafe base[slot] = arguments[slot] }
        let status = unsafe apus_enter(activation, function.record)
        if status != 0 { throw trap(status: status) }
        return unsafe base[0]
    }

    /// Makes the trap that the activation describes, with the part of the backtrace that belongs to this entry.
    private func trap(status: UInt32) -> Trap {
        let frames = unsafe backtrace(
            from: stack.activation.pointee.trap_pc, frame: stack.activation.pointee.trap_frame,
            instance: stack.activation.pointee.trap_instance)
        if var pending = pendingTrap {
            pendingTrap = nil
            pending.backtrace += frames
            return pending
        }
        return Trap(TrapCode(rawValue: UInt8(truncatingIfNeeded: status)) ?? .internalError, backtrace: frames)
    }
}
