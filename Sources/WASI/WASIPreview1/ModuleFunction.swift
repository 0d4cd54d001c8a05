// How a function of WASI 0.1 is declared: its name, and a closure whose parameters are typed. The core type follows from
// the parameters, and so does their decoding; no declaration counts slots.
//
//     ModuleFunction("fd_seek") { (call, fd: FileNumber, distance: Int64, whence: Whence, result: Pointer<UInt64>) in
//
// An error that the closure throws becomes the function's `errno` if it is one of the host's, and ends the guest if not.

import Execution
import WASIHost
import WasmTypes

/// A function that modules import.
struct ModuleFunction: Sendable {
    typealias Body = @Sendable (GuestCall, inout Slots) throws -> Void

    let name: String
    let type: FunctionType
    private let body: Body

    /// One that answers with an `errno`.
    init<each Parameter: GuestParameter>(
        _ name: String, _ body: @escaping @Sendable (GuestCall, repeat each Parameter) throws -> Void
    ) {
        self.name = name
        var parameters: [ValueType] = []
        repeat parameters += (each Parameter).coreTypes
        type = FunctionType(parameters: parameters, results: [.i32])
        self.body = { call, slots in
            // All of them are decoded before anything is done.
            let values = (repeat try (each Parameter)(&slots))
            try body(call, repeat each values)
        }
    }

    private init(_ name: String, type: FunctionType, body: @escaping Body) {
        self.name = name
        self.type = type
        self.body = body
    }

    /// One that does not return.
    static func leaving(_ name: String, _ body: @escaping @Sendable (GuestCall, UInt32) throws -> Never) -> ModuleFunction {
        ModuleFunction(name, type: FunctionType(parameters: [.i32], results: [])) { call, slots in
            try body(call, UInt32(&slots))
        }
    }

    /// The function for the guests of one store.
    func made(in store: Store, for version: Version, _ state: WASIModuleState) -> Function {
        let (body, name) = (body, name)
        guard !type.results.isEmpty else {
            return store.makeFunction(name: name, type: type) { call in
                var slots = unsafe Slots(call.slots, version: version)
                try body(GuestCall(state: state, memory: state.memory(of: call), version: version), &slots)
            }
        }
        return store.makeFunction(name: name, type: type) { call in
            var slots = unsafe Slots(call.slots, version: version)
            var errno = Errno.success
            do {
                try body(GuestCall(state: state, memory: state.memory(of: call), version: version), &slots)
            } catch let error as HostError {
                errno = Errno(error)
            } catch let error as Errno {
                errno = error
            } catch var trap as Trap {
                // Which function it was is not among the guest's frames.
                trap.detail = trap.detail.map { "\(name): \($0)" }
                throw trap
            }
            call[0] = UInt64(errno.rawValue)
        }
    }
}

/// What a function is called with beside its parameters. It counts no references: the function's closure holds the state
/// as long as the call lasts.
@safe struct GuestCall {
    private unowned(unsafe) let heldState: WASIModuleState
    let memory: GuestMemory
    let version: Version

    init(state: WASIModuleState, memory: GuestMemory, version: Version) {
        unsafe heldState = state
        self.memory = memory
        self.version = version
    }

    var state: WASIModuleState { unsafe heldState }
    var configuration: HostConfiguration { state.configuration }
}
