// Runs of characters that need no looking at one by one: most text is ASCII, sixteen characters of which are recognised,
// widened or narrowed at once.
//
// Each function stops at the first block in which something else stands, and leaves the rest to the caller.

/// Bytes of a string, and room for it elsewhere. Neither is longer than what was checked against its memory.
@safe enum CharacterRuns {
    /// Characters that are looked at together.
    private static let block = 16
    private static let notASCII: UInt64 = 0x8080_8080_8080_8080

    @inline(__always)
    private static func word(_ bytes: UnsafeRawPointer, _ offset: Int) -> UInt64 {
        unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    /// Copies bytes as long as all are ASCII. Returns how many.
    static func copyASCII(_ source: UnsafeRawPointer, _ count: Int, to target: UnsafeMutableRawPointer) -> Int {
        var position = 0
        while position &+ 32 <= count {
            let a = unsafe word(source, position)
            let b = unsafe word(source, position &+ 8)
            let c = unsafe word(source, position &+ 16)
            let d = unsafe word(source, position &+ 24)
            if (a | b | c | d) & notASCII != 0 { break }
            unsafe target.storeBytes(of: a, toByteOffset: position, as: UInt64.self)
            unsafe target.storeBytes(of: b, toByteOffset: position &+ 8, as: UInt64.self)
            unsafe target.storeBytes(of: c, toByteOffset: position &+ 16, as: UInt64.self)
            unsafe target.storeBytes(of: d, toByteOffset: position &+ 24, as: UInt64.self)
            position &+= 32
        }
        return position
    }

    /// Writes bytes as 16-bit units as long as all are ASCII. Returns how many.
    static func widenASCII(_ source: UnsafeRawPointer, _ count: Int, to target: UnsafeMutableRawPointer) -> Int {
        var position = 0
        while position &+ block <= count {
            if unsafe (word(source, position) | word(source, position &+ 8)) & notASCII != 0 { break }
            unsafe widenBlock(source + position, to: target + 2 * position)
            position &+= block
        }
        return position
    }

    /// Writes bytes as 16-bit units, whatever they are. Returns how many.
    static func widen(_ source: UnsafeRawPointer, _ count: Int, to target: UnsafeMutableRawPointer) -> Int {
        var position = 0
        while position &+ block <= count {
            unsafe widenBlock(source + position, to: target + 2 * position)
            position &+= block
        }
        return position
    }

    @inline(__always)
    private static func widenBlock(_ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer) {
        let bytes = unsafe source.loadUnaligned(as: SIMD16<UInt8>.self)
        unsafe target.storeBytes(of: SIMD16<UInt16>(truncatingIfNeeded: bytes), as: SIMD16<UInt16>.self)
    }

    /// Writes 16-bit units as bytes as long as all are below `bound`, which is 0x80 or 0x100. Returns how many.
    static func narrow(
        _ source: UnsafeRawPointer, _ count: Int, below bound: UInt16, to target: UnsafeMutableRawPointer
    ) -> Int {
        let mask = UInt64(~(bound &- 1)) &* 0x0001_0001_0001_0001
        var position = 0
        while position &+ block <= count {
            let offset = 2 &* position
            let all = unsafe word(source, offset) | word(source, offset &+ 8) | word(source, offset &+ 16)
                | word(source, offset &+ 24)
            if all & mask != 0 { break }
            let units = unsafe source.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt16>.self)
            unsafe target.storeBytes(
                of: SIMD16<UInt8>(truncatingIfNeeded: units), toByteOffset: position, as: SIMD16<UInt8>.self)
            position &+= block
        }
        return position
    }

    /// Copies 16-bit units as long as none is a surrogate. Returns how many.
    static func copyWithoutSurrogates(
        _ source: UnsafeRawPointer, _ count: Int, to target: UnsafeMutableRawPointer
    ) -> Int {
        var position = 0
        while position &+ 8 <= count {
            let a = unsafe word(source, 2 &* position)
            let b = unsafe word(source, 2 &* position &+ 8)
            if hasSurrogate(a) || hasSurrogate(b) { break }
            unsafe target.storeBytes(of: a, toByteOffset: 2 &* position, as: UInt64.self)
            unsafe target.storeBytes(of: b, toByteOffset: 2 &* position &+ 8, as: UInt64.self)
            position &+= 8
        }
        return position
    }

    /// How many 16-bit units are no surrogates, up to the first block that has one.
    static func withoutSurrogates(_ source: UnsafeRawPointer, _ count: Int) -> Int {
        var position = 0
        while position &+ 8 <= count {
            if unsafe hasSurrogate(word(source, 2 &* position)) || hasSurrogate(word(source, 2 &* position &+ 8)) { break }
            position &+= 8
        }
        return position
    }

    /// Whether one of four units is of the form 0b11011xxx_xxxxxxxx: then what differs from that is zero somewhere.
    @inline(__always)
    private static func hasSurrogate(_ units: UInt64) -> Bool {
        let difference = (units & 0xF800_F800_F800_F800) ^ 0xD800_D800_D800_D800
        return (difference &- 0x0001_0001_0001_0001) & ~difference & 0x8000_8000_8000_8000 != 0
    }
}
