// `canon resource.new`, `resource.drop` and `resource.rep` (CanonicalABI.md, "Canonical Definitions").

import ComponentBinary
import Execution
import WasmTypes

/// Makes the built-in core functions that deal in an instance's resources.
enum ResourceBuiltIns {
    static func new(_ type: ResourceType, in instance: ComponentInstanceState) -> Function {
        let signature = FunctionType(parameters: [.i32], results: [.i32])
        return instance.storeState.store.makeFunction(name: "resource.new", type: signature) { [unowned instance] call in
            guard instance.mayLeave else { throw ABIFault.cannotLeave }
            let index = try instance.handles.insert(
                Handle(
                    type: type.number, representation: UInt32(truncatingIfNeeded: call[0]), isOwned: true))
            call[0] = UInt64(index)
        }
    }

    static func representation(_ type: ResourceType, in instance: ComponentInstanceState) -> Function {
        let signature = FunctionType(parameters: [.i32], results: [.i32])
        return instance.storeState.store.makeFunction(name: "resource.rep", type: signature) { [unowned instance] call in
            let handle = try instance.handle(UInt32(truncatingIfNeeded: call[0]), of: type)
            call[0] = UInt64(handle.representation)
        }
    }

    static func drop(_ type: ResourceType, in instance: ComponentInstanceState) -> Function {
        let signature = FunctionType(parameters: [.i32], results: [])
        let drop = ResourceDrop(type, in: instance)
        return instance.storeState.store.makeFunction(name: "resource.drop", type: signature) { call in try drop(call) }
    }
}

/// One `resource.drop`.
private final class ResourceDrop {
    private let type: ResourceType
    private let entered: EnteredInstances
    private let options: ABIOptions

    init(_ type: ResourceType, in instance: ComponentInstanceState) {
        self.type = type
        entered = EnteredInstances(of: type.instance, from: instance)
        options = instance.plainOptions
    }

    @inline(__always)
    func callAsFunction(_ call: borrowing HostCall) throws {
        guard options.mayLeave else { throw ABIFault.cannotLeave }
        let index = UInt32(truncatingIfNeeded: call[0])
        guard let handle = options.handles[index], handle.type == type.number else {
            throw options.instance.wrongHandle(index, expected: type)
        }
        guard handle.lendCount == 0 else { throw ABIFault.lentHandle }
        options.handles.remove(index)
        guard handle.isOwned else { return endLoan(handle) }
        var context = HostContext(options)
        defer { context.end() }
        try type.destroy(handle.representation, entering: entered, in: &context)
    }

    /// Counts a handle out that was lent for a call.
    private func endLoan(_ handle: Handle) {
        let instance = options.instance
        let scope = Int(handle.scope)
        if instance.borrowCounts.indices.contains(scope) { instance.borrowCounts[scope] -= 1 }
    }
}

extension ComponentInstanceState {
    /// The handle at an index. Traps if there is none or if it is of another type.
    func handle(_ index: UInt32, of type: ResourceType) throws(Trap) -> Handle {
        guard let handle = handles[index], handle.type == type.number else { throw wrongHandle(index, expected: type) }
        return handle
    }

    /// Why there is no such handle.
    func wrongHandle(_ index: UInt32, expected type: ResourceType?) -> Trap {
        guard let handle = handles[index] else { return ABIFault.unknownHandle(index) }
        return ABIFault.wrongType(
            index, expected: type?.description ?? "",
            found: storeState.resourceType(numbered: handle.type)?.description ?? "")
    }
}

extension ResourceType {
    /// Ends a resource whose last owner let go of it: calls the destructor, or tells the host.
    func destroy(
        _ representation: UInt32, entering entered: EnteredInstances, in context: inout HostContext
    ) throws {
        if host != nil {
            guard let object = context.options.objects.remove(representation) else {
                throw Trap(.internalError, detail: "a handle stands for no host resource")
            }
            return try drop(object, &context)
        }
        guard let instance else { throw Trap(.internalError) }
        try entered.enter()
        guard let destructor else { return entered.leave() }
        instance.borrowCounts.append(0)
        do throws(Trap) {
            try unsafe instance.storeState.store.call(destructor) { slots in
                unsafe slots[0] = UInt64(representation)
            } results: { _ in
            }
        } catch {
            entered.poison(error)
            throw error
        }
        instance.borrowCounts.removeLast()
        entered.leave()
    }
}
