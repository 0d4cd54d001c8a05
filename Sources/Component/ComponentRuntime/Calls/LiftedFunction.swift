// `canon lift`: a core function as a component function (CanonicalABI.md, "canon lift").

import WasmTypes
import ComponentBinary
import ComponentTypes
import Execution

/// A function that a component instance defines. Lives as long as its store.
@safe final class LiftedFunction {
    let name: String
    let type: ComponentFunctionType
    /// Knows which place of the instance's resource table a resource in `type` is.
    let component: Component
    let program: ABIProgram
    let options: ABIOptions
    private let core: Function
    private let postReturn: Function?
    /// Flat arguments while they are lowered; nothing can call the function anew in that time.
    private let scratch: UnsafeMutablePointer<UInt64>

    init(
        name: String, type: ComponentFunctionType, component: Component, program: ABIProgram, options: ABIOptions,
        core: Function, postReturn: Function?
    ) {
        self.name = name
        self.type = type
        self.component = component
        self.program = program
        self.options = options
        self.core = core
        self.postReturn = postReturn
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
    ///   - entered: the instances that the caller is not in; see `ComponentInstanceState.enteringSet(from:)`.
    ///   - isJoined: whether another component is the caller.
    ///   - lowerArguments: writes the arguments.
    ///   - liftResult: reads the result; not called if the function has none.
    /// - Returns: what `liftResult` returned; nil if the function has no result.
    func call<Value>(
        entering entered: [ComponentInstanceState], isJoined: Bool = false,
        lowerArguments: (ABIPlace, inout HostContext) throws(Trap) -> Void,
        liftResult: (ABIType, ABIPlace, inout HostContext) throws(Trap) -> Value
    ) throws(Trap) -> Value? {
        for instance in entered {
            if let fault = instance.fault { throw Trap.cannotEnter(after: fault) }
            guard instance.mayEnter else { throw ABIFault.cannotEnter }
        }
        for instance in entered { instance.mayEnter = false }
        do throws(Trap) {
            let value = try run(isJoined, lowerArguments, liftResult)
            for instance in entered { instance.mayEnter = true }
            return value
        } catch {
            for instance in entered where instance.fault == nil { instance.fault = error }
            throw error
        }
    }

    private func run<Value>(
        _ isJoined: Bool,
        _ lowerArguments: (ABIPlace, inout HostContext) throws(Trap) -> Void,
        _ liftResult: (ABIType, ABIPlace, inout HostContext) throws(Trap) -> Value
    ) throws(Trap) -> Value? {
        let instance = options.instance
        instance.borrowCounts.append(0)
        var context = HostContext(options, isJoined: isJoined)
        defer { context.end() }

        let count: Int
        if program.parametersSpill {
            let parameters = program.parameters
            let address = try context.allocate(parameters.byteCount, alignment: parameters.alignment)
            try lowerArguments(ABIPlace(address: address), &context)
            unsafe scratch[0] = UInt64(address)
            count = 1
        } else {
            try lowerArguments(unsafe ABIPlace(flat: scratch), &context)
            count = program.parameters.flatCount
        }
        let hasResult = program.result != nil
        var flatResult = try unsafe options.store.call(core) { slots in
            unsafe slots.update(from: scratch, count: count)
        } results: { slots in
            unsafe hasResult ? slots[0] : 0
        }
        guard instance.borrowCounts.last == 0 else { throw ABIFault.borrowsRemain }

        var value: Value?
        if let result = program.result {
            let place =
                program.resultSpills
                ? try context.place(at: UInt32(truncatingIfNeeded: flatResult), of: result) : nil
            value = try unsafe withUnsafeMutablePointer(to: &flatResult) { (slot) throws(Trap) in
                try unsafe liftResult(result, place ?? ABIPlace(flat: slot), &context)
            }
        }
        if let postReturn {
            instance.mayLeave = false
            try unsafe options.store.call(postReturn) { slots in
                if hasResult { unsafe slots[0] = flatResult }
            } results: { _ in
            }
            instance.mayLeave = true
        }
        instance.borrowCounts.removeLast()
        return value
    }
}

extension Trap {
    /// Why an instance that trapped cannot be called again.
    static func cannotEnter(after fault: Trap) -> Trap {
        Trap(.host, detail: "cannot enter component instance: it has trapped before: \(fault)", cause: fault)
    }
}
