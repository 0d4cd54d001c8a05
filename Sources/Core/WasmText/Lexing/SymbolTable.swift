// Identifiers as numbers: two are equal if their characters are, however they were written (core specification, section
// 6.3.5), and by their bytes, not by what Unicode holds equivalent.

/// The distinct identifiers of a text, without their `$`.
struct SymbolTable: Sendable {
    private var extents: [Range<Int>] = []
    private var characters: [UInt8] = []
    /// Open addressing: a symbol's number plus one, 0 is free. A power of two in size.
    private var slots = [UInt32](repeating: 0, count: 64)
    /// Differs from process to process, so that no text can aim at collisions.
    private let seed = UInt64.random(in: .min ... .max)

    private func hash(_ text: ArraySlice<UInt8>) -> Int {
        var hash = seed
        for byte in text {
            hash = (hash ^ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 29
        }
        return Int(truncatingIfNeeded: hash >> 1)
    }

    /// The number of an identifier, the same for the same characters.
    mutating func intern(_ text: ArraySlice<UInt8>) -> UInt32 {
        var slot = hash(text) & (slots.count - 1)
        while slots[slot] != 0 {
            let number = Int(slots[slot]) - 1
            if characters[extents[number]].elementsEqual(text) { return UInt32(number) }
            slot = (slot + 1) & (slots.count - 1)
        }
        let number = UInt32(truncatingIfNeeded: extents.count)
        extents.append(characters.count..<characters.count + text.count)
        characters.append(contentsOf: text)
        slots[slot] = number + 1
        if extents.count * 2 > slots.count { grow() }
        return number
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        for (number, extent) in extents.enumerated() {
            var slot = hash(characters[extent]) & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(truncatingIfNeeded: number + 1)
        }
    }

    /// The characters of a symbol.
    func text(_ symbol: UInt32) -> String {
        guard Int(symbol) < extents.count else { return "" }
        return String(decoding: characters[extents[Int(symbol)]], as: UTF8.self)
    }
}
