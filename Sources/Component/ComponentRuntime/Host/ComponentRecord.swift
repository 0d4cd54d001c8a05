// Records: Swift structures whose fields are listed once.
//
//     struct Datetime: ComponentRecord {
//         var seconds: UInt64
//         var nanoseconds: UInt32
//
//         static let fields = RecordFields(
//             Datetime.init(seconds:nanoseconds:), RecordField("seconds", \.seconds),
//             RecordField("nanoseconds", \.nanoseconds))
//     }

public import ComponentTypes
public import Execution

/// A structure that stands for a `record`.
public protocol ComponentRecord: ComponentLiftable, ComponentLowerable {
    /// In the order of the component type.
    static var fields: RecordFields<Self> { get }
}

/// One field: its name in the component type, and how to get it.
public struct RecordField<Record, Value: ComponentLiftable & ComponentLowerable>: Sendable {
    @usableFromInline let name: String
    @usableFromInline let get: @Sendable (Record) -> Value

    /// - Parameter get: a key path literal does.
    @inlinable
    public init(_ name: String, _ get: @escaping @Sendable (Record) -> Value) {
        self.name = name
        self.get = get
    }
}

/// The fields of a record, as its memberwise initializer takes them.
public struct RecordFields<Record>: Sendable {
    @usableFromInline let type: @Sendable () throws(ComponentTypeError) -> ComponentValueType
    @usableFromInline let lift: @Sendable (ABIType, ABIPlace, inout HostContext) throws(Trap) -> Record
    @usableFromInline let lower: @Sendable (Record, ABIType, ABIPlace, inout HostContext) throws(Trap) -> Void

    @inlinable
    public init<each Value: ComponentLiftable & ComponentLowerable>(
        _ make: @escaping @Sendable (repeat each Value) -> Record, _ fields: repeat RecordField<Record, each Value>
    ) {
        type = { () throws(ComponentTypeError) in
            var list: [RecordType.Field] = []
            for (field, value) in repeat (each fields, (each Value).self) {
                list.append(RecordType.Field(name: field.name, type: try value.requiredType()))
            }
            return .record(try RecordType(fields: list))
        }
        lift = { (type, place, context) throws(Trap) in
            var position = 0
            return make(repeat try HostFields.lift((each Value).self, type, &position, from: place, in: &context))
        }
        lower = { (record, type, place, context) throws(Trap) in
            var position = 0
            repeat try HostFields.lower((each fields).get(record), type, &position, to: place, in: &context)
        }
    }
}

extension ComponentRecord {
    public static func componentType() throws(ComponentTypeError) -> ComponentValueType? { try fields.type() }

    @inlinable
    public static func lift(
        _ type: ABIType, from place: ABIPlace, in context: inout HostContext
    ) throws(Trap) -> Self {
        try fields.lift(type, place, &context)
    }

    @inlinable
    public func lower(_ type: ABIType, to place: ABIPlace, in context: inout HostContext) throws(Trap) {
        try Self.fields.lower(self, type, place, &context)
    }
}
