// `fields` of `wasi:http/types`, and its other names `headers` and `trailers`.

import WasmTypes
import ComponentRuntime
import Execution
import WASIPreview2

/// `header-error`
enum HeaderError: Error, Hashable, ComponentVariant {
    case invalidSyntax
    case forbidden
    case immutable

    static let cases = VariantCases<HeaderError>(
        .init("invalid-syntax", .invalidSyntax) { $0 == .invalidSyntax },
        .init("forbidden", .forbidden) { $0 == .forbidden },
        .init("immutable", .immutable) { $0 == .immutable })

    /// Traps for what has no case.
    init(_ failure: FieldsFailure) throws(Trap) {
        switch failure {
        case .invalidSyntax: self = .invalidSyntax
        case .forbidden: self = .forbidden
        case .immutable: self = .immutable
        case .tooLarge(let limit):
            throw Trap(.resourceLimit, detail: "fields of more than \(limit) bytes, and WIT has no error for that")
        }
    }
}

/// `fields`
final class FieldsResource {
    private(set) var value: GuestFields
    /// What the fields count for.
    // Nobody is called in the middle of a change.
    @exclusivity(unchecked) private var share: QuotaShare

    /// Fields that arrived. They count too: a guest may keep them when it has let go of what they came with.
    init(arrived fields: HTTPMessageFields, in state: HTTPState) throws(Trap) {
        value = GuestFields(fields.visibleToGuests, isMutable: false, limit: 0)
        unsafe share = try state.fieldsSize.take(fields.size)
    }

    /// Fields that the guest may change.
    init(_ fields: HTTPMessageFields, in state: HTTPState) throws(Trap) {
        value = GuestFields(fields, isMutable: true, limit: state.limits.fieldsSize)
        unsafe share = try state.fieldsSize.take(fields.size)
    }

    var fields: HTTPMessageFields { value.fields }

    func makeImmutable() {
        value.makeImmutable()
    }

    /// Changes the fields and answers with what a guest is told; traps beyond a limit.
    fileprivate func change(
        _ body: (inout GuestFields) throws(FieldsFailure) -> Void
    ) throws(Trap) -> Result<Nothing, HeaderError> {
        do throws(FieldsFailure) {
            // Taken out while it is changed, so that there is no second reference that it would be copied for.
            var changed = value
            value = GuestFields(isMutable: false, limit: 0)
            defer { value = changed }
            try body(&changed)
        } catch {
            return .failure(try HeaderError(error))
        }
        try unsafe share.set(value.fields.size)
        return .success(Nothing())
    }
}

extension FieldsResource {
    static func declare(in interface: inout HostInterface) {
        for name in ["fields", "headers", "trailers"] { interface.resource(name, of: FieldsResource.self) }
        declareMaking(in: &interface)
        declareReading(in: &interface)
        declareChanging(in: &interface)
    }

    private static func declareMaking(in interface: inout HostInterface) {
        interface.function("[constructor]fields") {
            (context: inout HostContext) throws -> Owned<FieldsResource> in
            Owned(try FieldsResource(HTTPMessageFields(), in: context.http))
        }
        interface.function("[static]fields.from-list") {
            (context: inout HostContext, entries: [Tuple<String, [UInt8]>]) throws
                -> Result<Owned<FieldsResource>, HeaderError> in
            let resource = try FieldsResource(HTTPMessageFields(), in: context.http)
            let result = try resource.change { (fields) throws(FieldsFailure) in
                for entry in entries { try fields.append(entry.values.0, entry.values.1) }
            }
            return result.map { _ in Owned(resource) }
        }
        interface.function("[method]fields.clone") {
            (context: inout HostContext, fields: Borrowed<FieldsResource>) throws -> Owned<FieldsResource> in
            Owned(try FieldsResource(fields.object.fields, in: context.http))
        }
    }

    private static func declareReading(in interface: inout HostInterface) {
        interface.function("[method]fields.get") {
            (context: inout HostContext, fields: Borrowed<FieldsResource>, name: String) throws -> [[UInt8]] in
            fields.object.value.values(of: name)
        }
        interface.function("[method]fields.has") {
            (context: inout HostContext, fields: Borrowed<FieldsResource>, name: String) throws -> Bool in
            fields.object.value.contains(name)
        }
        interface.function("[method]fields.entries") {
            (context: inout HostContext, fields: Borrowed<FieldsResource>) throws -> [Tuple<String, [UInt8]>] in
            fields.object.fields.list.map { Tuple($0.name, $0.value) }
        }
    }

    private static func declareChanging(in interface: inout HostInterface) {
        interface.function("[method]fields.set") {
            (context: inout HostContext, fields: Borrowed<FieldsResource>, name: String, values: [[UInt8]]) throws
                -> Result<Nothing, HeaderError> in
            try fields.object.change { (fields) throws(FieldsFailure) in try fields.set(name, to: values) }
        }
        interface.function("[method]fields.delete") {
            (context: inout HostContext, fields: Borrowed<FieldsResource>, name: String) throws
                -> Result<Nothing, HeaderError> in
            try fields.object.change { (fields) throws(FieldsFailure) in try fields.delete(name) }
        }
        interface.function("[method]fields.append") {
            (context: inout HostContext, fields: Borrowed<FieldsResource>, name: String, value: [UInt8]) throws
                -> Result<Nothing, HeaderError> in
            try fields.object.change { (fields) throws(FieldsFailure) in try fields.append(name, value) }
        }
    }
}
