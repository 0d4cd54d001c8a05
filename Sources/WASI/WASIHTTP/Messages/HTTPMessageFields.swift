// The fields of a message (RFC 9110, section 5): an ordered list in which a name may occur more than once. Names compare
// without regard to the case of letters and keep the case that they came in.
//
// Lists are short, a few dozen at most, so a name is found by looking through all of them.

/// One line of a header or trailer section.
public struct HTTPMessageField: Hashable, Sendable {
    public var name: String
    public var value: [UInt8]

    public init(name: String, value: [UInt8]) {
        self.name = name
        self.value = value
    }

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = Array(value.utf8)
    }

    /// The value as text; what is not UTF-8 is replaced by U+FFFD.
    public var text: String { String(decoding: value, as: UTF8.self) }

    /// What the field counts for against a limit: its bytes, and 32 for what is kept beside them (RFC 9113, section
    /// 6.5.2, counts the same way).
    var size: Int { name.utf8.count + value.count + 32 }
}

/// The headers or trailers of a message, in order. Copies share their memory until one of them is changed.
public struct HTTPMessageFields: Hashable, Sendable {
    public private(set) var list: [HTTPMessageField]

    /// The sum of the fields' sizes.
    package private(set) var size: Int

    public init() {
        list = []
        size = 0
    }

    public init(_ list: [HTTPMessageField]) {
        self.list = list
        size = list.reduce(0) { $0 + $1.size }
    }

    public var isEmpty: Bool { list.isEmpty }

    /// How many fields there are, each value counted.
    public var count: Int { list.count }

    /// The values of a name, in order.
    public subscript(_ name: String) -> [[UInt8]] {
        list.filter { FieldSyntax.isSame($0.name, name) }.map(\.value)
    }

    /// The first value of a name as text; nil if there is none.
    public func first(_ name: String) -> String? {
        list.first { FieldSyntax.isSame($0.name, name) }?.text
    }

    public func contains(_ name: String) -> Bool {
        list.contains { FieldSyntax.isSame($0.name, name) }
    }

    /// Adds a field at the end. Its syntax is not checked: a guest's fields come through `GuestFields`.
    public mutating func append(_ field: HTTPMessageField) {
        list.append(field)
        size += field.size
    }

    /// Adds a field at the end. Its syntax is not checked.
    public mutating func append(_ name: String, _ value: String) {
        append(HTTPMessageField(name, value))
    }

    /// Takes out all fields of a name.
    public mutating func removeAll(_ name: String) {
        removeAll { FieldSyntax.isSame($0.name, name) }
    }

    /// Puts `values` where the name first stands, or else at the end, and takes out all others of that name.
    public mutating func set(_ name: String, to values: [[UInt8]]) {
        let position = list.firstIndex { FieldSyntax.isSame($0.name, name) } ?? list.count
        removeAll(name)
        let fields = values.map { HTTPMessageField(name: name, value: $0) }
        list.insert(contentsOf: fields, at: min(position, list.count))
        size += fields.reduce(0) { $0 + $1.size }
    }

    /// Takes out the fields that `isRemoved` names.
    mutating func removeAll(where isRemoved: (HTTPMessageField) -> Bool) {
        guard list.contains(where: isRemoved) else { return }
        self = HTTPMessageFields(list.filter { !isRemoved($0) })
    }

    /// What a guest sees of the fields that arrived.
    var visibleToGuests: HTTPMessageFields {
        var fields = self
        fields.removeAll { FieldSyntax.isForbidden($0.name) }
        return fields
    }

    /// What of a guest's trailers may follow a body: a length would come too late, and could mislead who reads it.
    var asTrailers: HTTPMessageFields {
        var fields = self
        fields.removeAll { FieldSyntax.isSame($0.name, "content-length") || FieldSyntax.isSame($0.name, "trailer") }
        return fields
    }

    /// What `content-length` says; nil without one, or if it says nothing that can be understood.
    public var contentLength: UInt64? {
        list.first { FieldSyntax.isSame($0.name, "content-length") }.flatMap { FieldSyntax.contentLength($0.value) }
    }
}

extension HTTPMessageFields: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral fields: (String, String)...) {
        self.init(fields.map { HTTPMessageField($0.0, $0.1) })
    }
}

extension HTTPMessageFields: CustomStringConvertible {
    public var description: String {
        list.map { "\($0.name): \($0.text)" }.joined(separator: "\n")
    }
}
