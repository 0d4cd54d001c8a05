// `canon lower`: a component function as a core function (CanonicalABI.md, "canon lower").
//
// A host's function takes its arguments out of the caller's memory as Swift values. Another component's function is
// joined with its lowering: arguments are copied from one memory into the other, and results back.

import WasmTypes
import ComponentTypes
import Execution

/// A function of a component, wherever it comes from.
enum ComponentFunction {
    case lifted(LiftedFunction)
    /// `name` is the function's, with its interface.
    case host(HostFunction, name: String)

    var name: String {
        switch self {
        case .lifted(let function): function.name
        case .host(_, let name): name
        }
    }
}

/// Makes core functions of component functions.
enum LoweredFunction {
    /// - Parameters:
    ///   - type: the function's type, as the calling component has it.
    ///   - program: the same type, compiled for the calling component.
    ///   - options: of the caller's side.
    static func make(
        _ function: ComponentFunction, type: ComponentFunctionType, program: ABIProgram, options: ABIOptions,
        convention: ComponentFunctionType.CallingConvention
    ) -> Function {
        let core = type.coreType(.lower, addressType: options.isWide ? .i64 : .i32, convention)
        let way = Way(type, convention)
        switch function {
        case .host(let host, let name):
            let hostCall = LoweredHostCall(host.body, program, way, options)
            return options.store.makeFunction(name: name, type: core) { call in try hostCall(call) }
        case .lifted(let lifted):
            let entered = EnteredInstances(of: lifted.options.instance, from: options.instance)
            if !way.isAsync, let direct = DirectCall(lifted, entering: entered, program, options) {
                return options.store.makeFunction(name: lifted.name, type: core) { call in try direct(call) }
            }
            return options.store.makeFunction(name: lifted.name, type: core) { call in
                try callComponent(lifted, entering: entered, program, way, options, call)
            }
        }
    }

    private static func callComponent(
        _ function: LiftedFunction, entering entered: EnteredInstances, _ program: ABIProgram,
        _ way: Way, _ options: ABIOptions, _ call: borrowing HostCall
    ) throws {
        guard options.mayLeave else { throw ABIFault.cannotLeave }
        let places = try Places(program, way, call, options)
        var context = HostContext(options, isJoined: true)
        defer { context.end() }
        try function.call(entering: entered, isJoined: true) { (place, callee) throws(Trap) in
            try ABICopy.copy(
                program.parameters, from: places.arguments, &context, to: function.program.parameters, place, &callee)
        } liftResult: { (type, place, callee) throws(Trap) in
            guard let result = program.result else { throw ABIFault.typeMismatch }
            try ABICopy.copy(type, from: place, &callee, to: result, places.result, &context)
        }
        if way.isAsync { call[0] = Self.returned }
    }

    /// The state of a call that an async caller learns of: it has returned already.
    fileprivate static let returned: UInt64 = 2

    /// How a lowered function is called.
    fileprivate struct Way {
        let isAsync: Bool
        let parametersSpill: Bool
        let resultSpills: Bool

        init(_ type: ComponentFunctionType, _ convention: ComponentFunctionType.CallingConvention) {
            isAsync = convention != .synchronous
            parametersSpill = type.parametersSpill(.lower, convention)
            resultSpills = isAsync ? type.result != nil : type.resultSpills
        }
    }

    /// Where a lowered function finds its arguments and puts its result.
    fileprivate struct Places {
        let arguments: ABIPlace
        let result: ABIPlace

        @inline(__always)
        init(
            _ program: ABIProgram, _ way: Way, _ call: borrowing HostCall, _ options: ABIOptions
        ) throws(Trap) {
            guard let slots = unsafe call.slots.baseAddress else { throw Trap(.internalError) }
            arguments =
                way.parametersSpill
                ? try options.place(at: unsafe slots[0], of: program.parameters)
                : unsafe ABIPlace(flat: slots)
            if way.resultSpills, let type = program.result {
                // The address is the last parameter.
                let position = way.parametersSpill ? 1 : program.parameters.flatCount
                result = try options.place(at: unsafe slots[position], of: type)
            } else {
                result = unsafe ABIPlace(flat: slots)
            }
        }
    }
}

/// One lowered function of the host's.
private final class LoweredHostCall {
    private let body: HostFunction.Body
    private let program: ABIProgram
    private let way: LoweredFunction.Way
    private let options: ABIOptions

    init(_ body: @escaping HostFunction.Body, _ program: ABIProgram, _ way: LoweredFunction.Way, _ options: ABIOptions) {
        self.body = body
        self.program = program
        self.way = way
        self.options = options
    }

    @inline(__always)
    func callAsFunction(_ call: borrowing HostCall) throws {
        guard options.mayLeave else { throw ABIFault.cannotLeave }
        let places = try LoweredFunction.Places(program, way, call, options)
        var context = HostContext(options)
        defer { context.end() }
        try body(program, places.arguments, places.result, &context)
        if way.isAsync { call[0] = LoweredFunction.returned }
    }
}
