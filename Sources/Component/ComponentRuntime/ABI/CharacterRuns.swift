// Runs of characters that need no looking at one by one: most text is ASCII, sixteen characters of which are recognised,
// widened or narrowed at once.
//
// Each function stops at the first block in which something else stands, and leaves the rest to the caller.

/// Bytes of a string, and room for it elsewhere. Neither is longer than what was checked against its memory.
@safe enum CharacterRuns {
    /// Characters that are looked at together.
    private static let block = 16

    @inline(__always)
    private static func words(_ bytes: UnsafeRawPointer) -> (UInt64, UInt64) {
        unsafe (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }

    /// Copies bytes as long as all are ASCII. Returns how many.
    static func copyASCII(_ source: UnsafeRawPointer, _ count: Int, to target: UnsafeMutableRawPointer) -> Int {
        var position = 0
        while position &+ block <= count {
            let (low, high) = unsafe words(source + position)
            if (low | high) & 0x8080_8080_8080_8080 != 0 { break }
            unsafe target.storeBytes(of: low, toByteOffset: position, as: UInt64.self)
            unsafe target.storeBytes(of: high, toByteOffset: position &+ 8, as: UInt64.self)
            position &+= block
        }
        return position
    }

    /// Writes bytes as 16-bit units as long as all are ASCII. Returns how many.
    static func widenASCII(_ source: UnsafeRawPointer, _ count: Int, to target: UnsafeMutableRawPointer) -> Int {
        var position = 0
        while position &+ block <= count {
            let (low, high) = unsafe words(source + position)
            if (low | high) & 0x8080_8080_8080_8080 != 0 { break }
            unsafe widenBlock(source + position, to: target + 2 &* position)
            position &+= block
        }
        return position
    }

    /// Writes bytes as 16-bit units, whatever they are. Returns how many.
    static func widen(_ source: UnsafeRawPointer, _ count: Int, to target: UnsafeMutableRawPointer) -> Int {
        var position = 0
        while position &+ block <= count {
            unsafe widenBlock(source + position, to: target + 2 &* position)
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
        let mask = ~(bound &- 1)
        let wideMask = UInt64(mask) &* 0x0001_0001_0001_0001
        var position = 0
        while position &+ block <= count {
            let (a, b) = unsafe words(source + 2 &* position)
            let (c, d) = unsafe words(source + 2 * position + 16)
            if (a | b | c | d) & wideMask != 0 { break }
            let units = unsafe (source + 2 &* position).loadUnaligned(as: SIMD16<UInt16>.self)
            unsafe target.storeBytes(
                of: SIMD16<UInt8>(truncatingIfNeeded: units), toByteOffset: position, as: SIMD16<UInt8>.self)
            position &+= block
        }
        return position
    }

    /// How many 16-bit units are no surrogates, up to the first block that has one.
    static func withoutSurrogates(_ source: UnsafeRawPointer, _ count: Int) -> Int {
        var position = 0
        while position &+ block <= count {
            let units = unsafe (source + 2 &* position).loadUnaligned(as: SIMD16<UInt16>.self)
            if any((units & 0xF800) .== 0xD800) { break }
            position &+= block
        }
        return position
    }
}
