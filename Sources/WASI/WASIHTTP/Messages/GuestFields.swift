// `fields` of `wasi:http/types` as a value: the rules that hold when a guest changes one. Order of the checks: the name's
// syntax, whether it is forbidden, then whether the fields may be changed at all, so that every host gives one answer.

/// Why a guest may not change fields as it wanted to: `header-error`, and a limit of the host that WIT 0.2 has no case for.
package enum FieldsFailure: Error, Hashable {
    case invalidSyntax
    case forbidden
    case immutable
    /// The fields would be more than the limit, in bytes.
    case tooLarge(limit: Int)
}

/// Fields that a guest holds.
package struct GuestFields: Sendable {
    package private(set) var fields: HTTPMessageFields
    package private(set) var isMutable: Bool
    /// The size that the fields may grow to; see `HTTPMessageField.size`.
    let limit: Int

    package init(_ fields: HTTPMessageFields = HTTPMessageFields(), isMutable: Bool, limit: Int) {
        self.fields = fields
        self.isMutable = isMutable
        self.limit = limit
    }

    package mutating func makeImmutable() {
        isMutable = false
    }

    /// The values of a name; none if it is not even the syntax of a name.
    package func values(of name: String) -> [[UInt8]] { fields[name] }

    package func contains(_ name: String) -> Bool { fields.contains(name) }

    package mutating func append(_ name: String, _ value: [UInt8]) throws(FieldsFailure) {
        try check(name)
        try check(name, value)
        try requireMutable()
        if isLength(name), let former = fields.contentLength {
            try requireSame(former, value)
            return
        }
        let field = HTTPMessageField(name: name, value: value)
        try requireRoom(for: fields.size + field.size)
        fields.append(field)
    }

    package mutating func set(_ name: String, to values: [[UInt8]]) throws(FieldsFailure) {
        try check(name)
        try requireMutable()
        for value in values { try check(name, value) }
        var values = values[...]
        if isLength(name), let first = values.first.flatMap({ FieldSyntax.contentLength($0) }) {
            for value in values { try requireSame(first, value) }
            values = values.prefix(1)
        }
        var changed = fields
        changed.set(name, to: Array(values))
        try requireRoom(for: changed.size)
        fields = changed
    }

    package mutating func delete(_ name: String) throws(FieldsFailure) {
        try check(name)
        try requireMutable()
        fields.removeAll(name)
    }

    private func check(_ name: String) throws(FieldsFailure) {
        if !FieldSyntax.isToken(name.utf8) { throw .invalidSyntax }
        if FieldSyntax.isForbidden(name) { throw .forbidden }
    }

    private func check(_ name: String, _ value: [UInt8]) throws(FieldsFailure) {
        if !FieldSyntax.isValue(value) { throw .invalidSyntax }
        if isLength(name), FieldSyntax.contentLength(value) == nil { throw .invalidSyntax }
    }

    private func isLength(_ name: String) -> Bool { FieldSyntax.isSame(name, "content-length") }

    /// A length may be said twice, as frameworks do that lie upon each other, and is sent once. Of two that differ nobody on the
    /// way could tell which is meant.
    private func requireSame(_ length: UInt64, _ value: [UInt8]) throws(FieldsFailure) {
        if FieldSyntax.contentLength(value) != length { throw .invalidSyntax }
    }

    private func requireMutable() throws(FieldsFailure) {
        if !isMutable { throw .immutable }
    }

    private func requireRoom(for size: Int) throws(FieldsFailure) {
        if size > limit { throw .tooLarge(limit: limit) }
    }
}
