// `canon lift`: a core function as a component function (CanonicalABI.md, "canon lift").

import WasmTypes
import ComponentBinary
import ComponentTypes
public import Execution

/// A function that a component instance defines. Lives as long as its store.
@safe @usableFromInline final class LiftedFunction {
    let name: String
    let type: ComponentFunctionType
    /// Knows which place of the instance's resource table a resource in `type` is.
    let component: Component
    @usableFromInline let program: ABIProgram
    let options: ABIOptions
    private let core: FunctionReference
    /// The core function, where calling it is all there is to a call of numbers.
    var plainCore: FunctionReference? { convention == .synchronous && postReturn == nil ? core : nil }
    private let convention: ComponentFunctionType.CallingConvention
    private let postReturn: FunctionReference?
    private let callback: FunctionReference?
    /// Flat arguments while they are lowered; nothing can call the function anew in that time.
    private let scratch: UnsafeMutablePointer<UInt64>

    init(
        name: String, type: ComponentFunctionType, component: Component, program: ABIProgram, options: ABIOptions,
        core: Function, convention: ComponentFunctionType.CallingConvention, postReturn: Function?, callback: Function?
    ) {
        self.name = name
        self.type = type
        self.component = component
        self.program = program
        self.options = options
        self.core = FunctionReference(core)
        self.convention = convention
        self.postReturn = postReturn.map { FunctionReference($0) }
        self.callback = callback.map { FunctionReference($0) }
        let count = max(1, CanonicalABI.maximumFlatParameters)
        unsafe scratch = UnsafeMutablePointer<UInt64>.allocate(capacity: count)
        unsafe scratch.initialize(repeating: 0, count: count)
    }

    deinit {
        unsafe scratch.deallocate()
    }

    /// The run-time resource type that a static one of `type` stands for.
    func resourceType(_ id: ResourceTypeID) -> ResourceType? {
        guard let slot = component.slot(of: id) else { return nil }
        let types = options.instance.resourceTypes
        return types.indices.contains(slot.position) ? types[slot.position] : nil
    }

    /// Calls the function.
    ///
    /// - Parameters:
    ///   - entered: the instances that the caller is not in; see `EnteredInstances`.
    ///   - isJoined: whether another component is the caller.
    ///   - lowerArguments: writes the arguments.
    ///   - liftResult: reads the result; not called if the function has none.
    @usableFromInline
    func call(
        entering entered: EnteredInstances, isJoined: Bool = false,
        lowerArguments: (ABIPlace, inout HostContext) throws(Trap) -> Void,
        liftResult: (ABIType, ABIPlace, inout HostContext) throws(Trap) -> Void
    ) throws(Trap) {
        try entered.enter()
        do throws(Trap) {
            try runTask(isJoined, lowerArguments, liftResult)
            entered.leave()
        } catch {
            entered.poison(error)
            throw error
        }
    }

    /// Runs the call as a task of its own, where the instance can tell.
    @inline(__always)
    private func runTask(
        _ isJoined: Bool,
        _ lowerArguments: (ABIPlace, inout HostContext) throws(Trap) -> Void,
        _ liftResult: (ABIType, ABIPlace, inout HostContext) throws(Trap) -> Void
    ) throws(Trap) {
        guard unsafe options.flags.pointee.usesTasks || convention != .synchronous else {
            return try run(isJoined, lowerArguments, liftResult)
        }
        let instance = options.instance
        let outer = instance.task
        instance.task = TaskState()
        defer { instance.task = outer }
        guard convention != .synchronous else { return try run(isJoined, lowerArguments, liftResult) }
        return try runAsync(isJoined, lowerArguments, liftResult)
    }

    /// Calls an async function, which has to end without waiting.
    private func runAsync(
        _ isJoined: Bool,
        _ lowerArguments: (ABIPlace, inout HostContext) throws(Trap) -> Void,
        _ liftResult: (ABIType, ABIPlace, inout HostContext) throws(Trap) -> Void
    ) throws(Trap) {
        let instance = options.instance
        instance.borrowCounts.append(0)
        var context = HostContext(options, isJoined: isJoined)
        defer { context.end() }
        let count = try lower(&context, lowerArguments)
        let task = TaskResult(self)
        instance.task.result = task
        try withoutActuallyEscaping(liftResult) { (liftResult) throws(Trap) in
            let options = options
            if type.result != nil {
                task.deliver = { (type, place) throws(Trap) in
                    var context = HostContext(options, isJoined: isJoined)
                    defer { context.end() }
                    try liftResult(type, place, &context)
                }
            }
            defer { task.deliver = nil }
            var code = try unsafe options.call(core, copying: scratch, count: count)
            // The low four bits say what is waited for.
            while let callback, code & 0xF != 0 {
                // Yielding: the callback is called again without an event.
                guard code & 0xF == 1 else { throw ABIFault.notYet("a task that waits") }
                unsafe scratch.update(repeating: 0, count: 3)
                code = try unsafe options.call(callback, copying: scratch, count: 3)
            }
        }
        guard task.isReturned else { throw ABIFault.noTaskReturn }
        guard instance.borrowCounts.last == 0 else { throw ABIFault.borrowsRemain }
        instance.borrowCounts.removeLast()
    }

    /// Writes the arguments to `scratch`, or to the callee's memory and their address to `scratch`.
    ///
    /// - Returns: how many core values there are.
    @inline(__always)
    private func lower(
        _ context: inout HostContext, _ lowerArguments: (ABIPlace, inout HostContext) throws(Trap) -> Void
    ) throws(Trap) -> Int {
        let parameters = program.parameters
        guard program.parametersSpill else {
            try lowerArguments(unsafe ABIPlace(flat: scratch), &context)
            return parameters.flatCount
        }
        let address = try context.allocate(parameters.byteCount, alignment: parameters.alignment)
        try lowerArguments(ABIPlace(address: address), &context)
        unsafe scratch[0] = UInt64(address)
        return 1
    }

    private func run(
        _ isJoined: Bool,
        _ lowerArguments: (ABIPlace, inout HostContext) throws(Trap) -> Void,
        _ liftResult: (ABIType, ABIPlace, inout HostContext) throws(Trap) -> Void
    ) throws(Trap) {
        let borrows = program.borrows
        if borrows { options.instance.borrowCounts.append(0) }
        var context = HostContext(options, isJoined: isJoined)
        defer { context.end() }

        let count = try lower(&context, lowerArguments)
        var flatResult = try unsafe options.call(core, copying: scratch, count: count)
        guard !borrows || options.instance.borrowCounts.last == 0 else { throw ABIFault.borrowsRemain }

        if let result = program.result {
            let place =
                program.resultSpills
                ? try options.place(at: flatResult, of: result) : nil
            try unsafe withUnsafeMutablePointer(to: &flatResult) { (slot) throws(Trap) in
                try unsafe liftResult(result, place ?? ABIPlace(flat: slot), &context)
            }
        }
        if let postReturn {
            unsafe options.flags.pointee.mayLeave = false
            _ = try unsafe withUnsafePointer(to: flatResult) { (slot) throws(Trap) in
                try unsafe options.call(postReturn, copying: slot, count: program.result == nil ? 0 : 1)
            }
            unsafe options.flags.pointee.mayLeave = true
        }
        if borrows { options.instance.borrowCounts.removeLast() }
    }
}
