// An interface that the host implements, declared by Swift closures.
//
//     var streams = HostInterface("wasi:io/streams", version: "0.2.12")
//     streams.resource("input-stream", of: InputStream.self)
//     streams.function("[method]input-stream.read") {
//         (context: inout HostContext, self: Borrowed<InputStream>, length: UInt64) throws
//             -> Result<ByteList, StreamError> in …
//     }
//
// A closure's parameters and result are Swift types that stand for component types, so the declaration is the function's
// type: linking compares it with what the component imports, and names the difference.

import WasmTypes
public import ComponentTypes
import Execution
import Synchronization

/// A host function: its type, and the closure with lifting and lowering around it.
public struct HostFunction: Sendable {
    /// Reads the arguments, calls the closure and writes the result.
    @usableFromInline typealias Body =
        @Sendable (ABIProgram, _ arguments: ABIPlace, _ result: ABIPlace, inout HostContext) throws -> Void

    @usableFromInline let name: String
    @usableFromInline let parameterTypes: [ComponentValueType]
    @usableFromInline let resultType: ComponentValueType?
    /// Why the declaration stands for no component function; linking reports it.
    @usableFromInline let defect: ComponentTypeError?
    @usableFromInline let body: Body

    /// Declares a function. An error that the closure throws ends the guest: it becomes the cause of a trap.
    @inlinable
    public init<each Parameter: ComponentLiftable, Value: ComponentLowerable>(
        _ name: String,
        _ closure: @escaping @Sendable (inout HostContext, repeat each Parameter) throws -> Value
    ) {
        var parameters: [any ComponentLiftable.Type] = []
        for parameter in repeat (each Parameter).self { parameters.append(parameter) }
        self.init(name, parameters, Value.self) { program, arguments, place, context in
            var position = 0
            let type = program.parameters
            let value = try closure(
                &context,
                repeat try HostFields.lift((each Parameter).self, type, &position, from: arguments, in: &context))
            if let result = program.result { try (consume value).lower(result, to: place, in: &context) }
        }
    }

    /// - Parameter body: reads the parameters and writes the result, whose types are given.
    @usableFromInline
    init(
        _ name: String, _ parameters: [any ComponentLiftable.Type], _ result: any ComponentLowerable.Type, body: @escaping Body
    ) {
        self.name = name
        self.body = body
        var parameterTypes: [ComponentValueType] = []
        var resultType: ComponentValueType?
        var defect: ComponentTypeError?
        do throws(ComponentTypeError) {
            for parameter in parameters { parameterTypes.append(try parameter.requiredType()) }
            resultType = try result.componentType()
        } catch {
            defect = error
        }
        self.parameterTypes = parameterTypes
        self.resultType = resultType
        self.defect = defect
    }
}

/// The functions and resources of an interface. A value: shared by all linkers and threads that are given it.
public struct HostInterface: Sendable {
    /// With its version, such as `wasi:io/streams@0.2.12`; empty for what stands at the root of a world.
    public let name: String
    private var declared = Members()
    private let deferred: DeferredMembers?

    package var functions: [String: HostFunction] { members.functions }
    package var resources: [String: HostResource] { members.resources }

    /// What an interface consists of.
    fileprivate struct Members: Sendable {
        var functions: [String: HostFunction] = [:]
        var resources: [String: HostResource] = [:]
    }

    private var members: Members { deferred?.members ?? declared }

    /// - Parameters:
    ///   - name: such as `wasi:io/streams`.
    ///   - version: the highest version that this implementation serves; nil if the interface has none.
    public init(_ name: String, version: String? = nil) {
        self.name = version.map { "\(name)@\($0)" } ?? name
        deferred = nil
    }

    /// An interface that is declared when the first component imports it; a component that imports little starts sooner.
    ///
    /// - Parameter declare: called once, on whatever thread links that component.
    public init(_ name: String, version: String? = nil, declare: @escaping @Sendable (inout HostInterface) -> Void) {
        self.name = version.map { "\(name)@\($0)" } ?? name
        deferred = DeferredMembers(name: self.name, declare: declare)
    }

    /// Declares a function. `name` is as in the component's type: `now`, `[method]input-stream.read`,
    /// `[constructor]fields`, `[static]fields.from-list`.
    @inlinable
    public mutating func function<each Parameter: ComponentLiftable, Value: ComponentLowerable>(
        _ name: String,
        _ closure: @escaping @Sendable (inout HostContext, repeat each Parameter) throws -> Value
    ) {
        define(HostFunction(name, closure))
    }

    /// Declares a function without a result.
    @inlinable
    public mutating func function<each Parameter: ComponentLiftable>(
        _ name: String, _ closure: @escaping @Sendable (inout HostContext, repeat each Parameter) throws -> Void
    ) {
        define(
            HostFunction(name) { (context: inout HostContext, parameter: repeat each Parameter) throws -> Nothing in
                try closure(&context, repeat each parameter)
                return Nothing()
            })
    }

    /// A later function of the same name takes the place of an earlier one.
    public mutating func define(_ function: HostFunction) {
        own { $0.functions[function.name] = function }
    }

    /// Declares a resource: guests get handles of instances of `type`, which live as long as their handles.
    ///
    /// - Parameters:
    ///   - name: as in the component's type.
    ///   - drop: called when a guest drops the handle, before the object is let go. An error that it throws ends the
    ///     guest.
    public mutating func resource<Resource: AnyObject & SendableMetatype>(
        _ name: String, of type: Resource.Type,
        drop: (@Sendable (Resource, inout HostContext) throws -> Void)? = nil
    ) {
        var erased: HostResource.Drop = { _, _ in }
        if let drop {
            erased = { object, context in
                guard object is Resource else { throw ABIFault.typeMismatch }
                try drop(unsafe unsafeDowncast(object, to: Resource.self), &context)
            }
        }
        let resource = HostResource(name: name, interface: self.name, identity: ObjectIdentifier(type), drop: erased)
        own { $0.resources[name] = resource }
        HostResourceTypes.setName(name, of: HostResourceTypes.type(for: type))
    }

    /// Changes this value's members; what was deferred is declared first.
    private mutating func own(_ change: (inout Members) -> Void) {
        var members = self.members
        change(&members)
        self = HostInterface(name: name, members: members)
    }

    private init(name: String, members: Members) {
        self.name = name
        declared = members
        deferred = nil
    }

    /// The members of an interface whose declaration waits for the first one who asks.
    private final class DeferredMembers: Sendable {
        private let name: String
        private let declare: @Sendable (inout HostInterface) -> Void
        private let made = Mutex<Members?>(nil)

        init(name: String, declare: @escaping @Sendable (inout HostInterface) -> Void) {
            self.name = name
            self.declare = declare
        }

        var members: Members {
            made.withLock { made in
                if let made { return made }
                var interface = HostInterface(name)
                declare(&interface)
                made = interface.declared
                return interface.declared
            }
        }
    }
}
