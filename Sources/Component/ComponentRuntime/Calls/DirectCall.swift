// Calls from one component to another whose arguments and results are nothing but numbers outside memory.
//
// There is nothing to lift or to lower: each core value is cut to its type where it lies, and the callee is called. Most
// calls between components of getters, setters and the like are of this kind.

import Execution
import WasmTypes

@safe final class DirectCall {
    private let target: LiftedFunction
    private let core: Function
    private let entered: EnteredInstances
    private let options: ABIOptions
    private let parameters: [FlatStep]
    private let result: FlatStep?

    /// nil if the call is not of this kind.
    init?(_ function: LiftedFunction, entering entered: EnteredInstances, _ program: ABIProgram, _ options: ABIOptions) {
        guard let core = function.plainCore, let parameters = program.flatParameters, let results = program.flatResult,
            results.count <= 1
        else { return nil }
        target = function
        self.core = core
        self.entered = entered
        self.options = options
        self.parameters = parameters
        result = results.first
    }

    func callAsFunction(_ call: borrowing HostCall) throws {
        guard options.mayLeave else { throw ABIFault.cannotLeave }
        try entered.enter()
        do throws(Trap) {
            guard let slots = unsafe call.slots.baseAddress else { throw Trap(.internalError) }
            for position in parameters.indices {
                unsafe slots[position] = try parameters[position].convert(slots[position])
            }
            let state = target.options.instance
            let outer = state.task
            if state.usesTasks { state.task = TaskState() }
            defer { if state.usesTasks { state.task = outer } }
            let value = try unsafe call.store.call(core, copying: slots, count: parameters.count)
            if let result { unsafe slots[0] = try result.convert(value) }
        } catch {
            entered.poison(error)
            throw error
        }
        entered.leave()
    }
}
