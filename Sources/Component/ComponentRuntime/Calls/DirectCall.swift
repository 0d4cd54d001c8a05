// Calls from one component to another whose arguments and results are nothing but numbers outside memory.
//
// There is nothing to lift or to lower: each core value is cut to its type where it lies, and the callee is called. Most
// calls between components of getters, setters and the like are of this kind. What a call needs is kept in memory of our
// own: a counted reference here and there would take longer than the rest.

import Execution
import WasmTypes

/// One lowered function of this kind.
@safe final class DirectCall {
    private let core: FunctionReference
    private let callee: LiftedFunction
    private let entered: EnteredInstances
    private let callerFlags: UnsafeMutablePointer<InstanceFlags>
    private let calleeFlags: UnsafeMutablePointer<InstanceFlags>
    private let parameters: UnsafeMutableBufferPointer<FlatStep>
    private let result: FlatStep?

    /// nil if the call is not of this kind.
    init?(_ function: LiftedFunction, entering entered: EnteredInstances, _ program: ABIProgram, _ options: ABIOptions) {
        guard let core = function.plainCore, let parameters = program.flatParameters, let results = program.flatResult,
            results.count <= 1
        else { return nil }
        self.core = core
        callee = function
        self.entered = entered
        unsafe callerFlags = options.flags
        unsafe calleeFlags = function.options.flags
        unsafe self.parameters = .allocate(capacity: parameters.count)
        _ = unsafe self.parameters.initialize(from: parameters)
        result = results.first
    }

    deinit {
        unsafe parameters.deallocate()
    }

    func callAsFunction(_ call: borrowing HostCall) throws {
        guard unsafe callerFlags.pointee.mayLeave else { throw ABIFault.cannotLeave }
        guard let slots = unsafe call.slots.baseAddress else { throw Trap(.internalError) }
        try entered.enter()
        do throws(Trap) {
            if unsafe calleeFlags.pointee.usesTasks {
                let state = callee.options.instance
                let outer = state.task
                state.task = TaskState()
                defer { state.task = outer }
                try unsafe run(call, slots)
            } else {
                try unsafe run(call, slots)
            }
        } catch {
            entered.poison(error)
            throw error
        }
        entered.leave()
    }

    @inline(__always)
    private func run(_ call: borrowing HostCall, _ slots: UnsafeMutablePointer<UInt64>) throws(Trap) {
        for position in 0..<(unsafe parameters.count) {
            unsafe slots[position] = try parameters[position].convert(slots[position])
        }
        let value = try unsafe call.call(core, copying: slots, count: parameters.count)
        if let result { unsafe slots[0] = try result.convert(value) }
    }
}
