// Index spaces with their identifiers (core specification, section 6.3.5 and 6.1.3 "Contexts").

/// The indices of one kind of thing, and which of them have identifiers.
package struct IndexSpace: Sendable {
    /// What the things are, for errors.
    package let kind: StaticString
    package private(set) var count: UInt32 = 0
    private var indices: [UInt32: UInt32] = [:]

    package init(_ kind: StaticString) {
        self.kind = kind
    }

    /// The next index, with a symbol or without; nil if the symbol is taken.
    package mutating func add(_ symbol: UInt32? = nil) -> UInt32? {
        if let symbol, indices.updateValue(count, forKey: symbol) != nil { return nil }
        // Each takes a token at least, and a text has fewer of those.
        count &+= 1
        return count &- 1
    }

    /// Takes the next `number` indices.
    mutating func skip(_ number: Int) {
        count &+= UInt32(truncatingIfNeeded: number)
    }

    package subscript(symbol: UInt32) -> UInt32? { indices[symbol] }

    /// Forgets everything, in time that does not depend on what was in it before the last time.
    mutating func removeAll() {
        count = 0
        guard !indices.isEmpty else { return }
        indices.removeAll(keepingCapacity: indices.capacity <= 8 * indices.count + 16)
    }
}
