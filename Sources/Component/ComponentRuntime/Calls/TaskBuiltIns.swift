// The built-in functions of async tasks (CanonicalABI.md, "Canonical Definitions"), as far as they need not wait.
//
// An async function whose task returns at once runs like any other. What would have to wait, or to hand something over
// to a task that waits, ends the guest, and says that it is not there yet.

import ComponentBinary
import ComponentTypes
import Execution
import WasmTypes

enum TaskBuiltIns {
    /// `canon task.return`
    ///
    /// - Parameters:
    ///   - result: takes the result as its parameter.
    ///   - program: the same type, compiled for the instance.
    static func taskReturn(
        _ result: ComponentFunctionType, program: ABIProgram, options: ABIOptions, type: FunctionType
    ) -> Function {
        let state = options.instance
        state.usesTasks = true
        let resultType = result.parameters.first?.type
        return options.store.makeFunction(name: "task.return", type: type) { [unowned state] call in
            guard state.mayLeave else { throw ABIFault.cannotLeave }
            guard let task = state.task.result, task.function.type.result == resultType,
                task.function.options.encoding == options.encoding,
                resultType == nil || task.function.options.memory === options.memory || options.memory == nil
            else { throw ABIFault.wrongTaskReturn }
            try task.markReturned()
            guard let deliver = task.deliver, let resultProgram = program.parameters.member(0),
                let slots = unsafe call.slots.baseAddress
            else { return }
            let place: ABIPlace
            if program.parametersSpill {
                place = try unsafe options.place(at: slots[0], of: resultProgram)
            } else {
                place = unsafe ABIPlace(flat: slots)
            }
            try deliver(resultProgram, place)
        }
    }

    /// Any other built-in function.
    static func make(_ builtIn: CanonicalBuiltIn, type: FunctionType, in state: ComponentInstanceState) -> Function {
        let name = builtIn.name
        let store = state.storeState.store
        switch builtIn {
        case .contextGet(let addressType, let slot):
            state.usesTasks = true
            return store.makeFunction(name: name, type: type) { [unowned state] call in
                let value = slot == 0 ? state.task.context.0 : state.task.context.1
                call[0] = addressType == .i32 ? value & 0xFFFF_FFFF : value
            }
        case .contextSet(_, let slot):
            state.usesTasks = true
            return store.makeFunction(name: name, type: type) { [unowned state] call in
                if slot == 0 { state.task.context.0 = call[0] } else { state.task.context.1 = call[0] }
            }
        case .backpressureIncrement:
            return store.makeFunction(name: name, type: type) { [unowned state] _ in
                guard state.backpressure < UInt16.max else { throw ABIFault.fault("backpressure counter overflow") }
                state.backpressure += 1
            }
        case .backpressureDecrement:
            return store.makeFunction(name: name, type: type) { [unowned state] _ in
                guard state.backpressure > 0 else { throw ABIFault.fault("backpressure counter underflow") }
                state.backpressure -= 1
            }
        case .threadSwitch(.yield, _):
            // There is nobody to give way to, and nobody who could cancel.
            return store.makeFunction(name: name, type: type) { [unowned state] call in
                guard state.mayLeave else { throw ABIFault.cannotLeave }
                call[0] = 0
            }
        default:
            return store.makeFunction(name: name, type: type) { [unowned state] _ in
                guard state.mayLeave else { throw ABIFault.cannotLeave }
                throw ABIFault.notYet("`\(name)`")
            }
        }
    }
}
