// Calls of components' functions with values whose types are known only at run time.

import ComponentBinary
import WasmTypes
public import ComponentTypes
import Execution

extension ComponentInstance {
    /// Calls a function.
    ///
    /// - Parameters:
    ///   - interface: the exported interface that it stands in, found by the version rule; nil for a function that the
    ///     component exports by itself.
    /// - Returns: the result; nil if the function has none.
    /// - Throws: `.trap` if the guest was ended; the instance cannot be called again then.
    @discardableResult
    public func call(
        _ name: String, in interface: String? = nil, _ arguments: [ComponentValue] = []
    ) throws(ComponentCallError) -> ComponentValue? {
        guard case .lifted(let function) = try self.function(name, in: interface) else { throw .isHostFunction(name) }
        let type = function.type
        let text = TypeText { _ in nil }
        guard arguments.count == type.parameters.count else {
            throw .incompatibleType(
                function: name, expected: "a function of \(arguments.count) parameters", found: text.function(type))
        }
        for (parameter, argument) in zip(type.parameters, arguments) where !argument.isValue(of: parameter.type) {
            throw .incompatibleType(
                function: name, expected: "a function whose parameter `\(parameter.name)` takes \(argument)",
                found: text.function(type))
        }
        var value: ComponentValue?
        do throws(Trap) {
            try function.call(entering: EnteredInstances(of: function.options.instance, from: nil)) { (place, context) throws(Trap) in
                let parameters = function.program.parameters
                for (position, argument) in arguments.enumerated() {
                    guard let field = parameters.member(position) else { throw ABIFault.typeMismatch }
                    try argument.lower(
                        as: type.parameters[position].type, field, to: place.field(position, of: parameters), in: &context)
                }
            } liftResult: { (program, place, context) throws(Trap) in
                guard let result = type.result else { throw ABIFault.typeMismatch }
                value = try ComponentValue.lift(result, program, from: place, in: &context)
            }
        } catch {
            throw .trap(error)
        }
        return value
    }

    /// The type of a function; see `call(_:in:_:)` for how it is found.
    public func functionType(
        _ name: String, in interface: String? = nil
    ) throws(ComponentCallError) -> ComponentFunctionType {
        guard case .lifted(let function) = try self.function(name, in: interface) else { throw .isHostFunction(name) }
        return function.type
    }
}

/// A guest's resource, or one of the host's that a guest owned, in the hands of the host.
///
/// The guest's destructor is called by `drop()` only; a resource that nobody drops lives as long as its store.
// Proof of Sendable: everything mutable in it is touched only by calls into its store, which belong to one thread; what
// other threads can do is hold it and compare it.
public final class ComponentResourceHandle: ComponentResource, @unchecked Sendable {
    let type: ResourceType
    let representation: UInt32
    let store: Store
    /// Whether the host still owns the resource.
    var isOwned = true
    var lendCount = 0

    init(type: ResourceType, representation: UInt32, store: Store) {
        self.type = type
        self.representation = representation
        self.store = store
    }

    /// The Swift object, where the resource is the host's own.
    public var object: AnyObject? {
        guard type.host != nil else { return nil }
        return ComponentStoreState.of(store).objects[representation]
    }

    /// Ends the resource: calls the guest's destructor, or lets go of the host's object. Throws a trap of the
    /// destructor, or of the host; and if the resource is lent or is not the host's any more.
    public func drop() throws {
        guard isOwned, lendCount == 0 else { throw ABIFault.lentHandle }
        isOwned = false
        let state = ComponentStoreState.of(store)
        guard let instance = type.instance ?? state.instances.first else { throw Trap(.internalError) }
        var context = HostContext(instance.plainOptions)
        defer { context.end() }
        try type.destroy(representation, entering: EnteredInstances(of: type.instance, from: nil), in: &context)
    }
}
