// Text into memory that somebody has made room in.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension OutputRawSpan {
    mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { unsafe append(UnsafeRawBufferPointer($0)) }
    }

    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { unsafe append(UnsafeRawBufferPointer($0)) }
    }

    mutating func append(decimal number: UInt64) {
        var place: UInt64 = 1
        while number / place >= 10 { place *= 10 }
        while place > 0 {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / place % 10))
            place /= 10
        }
    }

    /// Copies bytes. Room for them there must be: what there is none for is not written.
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        unsafe withUnsafeMutableBytes { (memory, count) in
            // Invariant: `count` bytes of `memory` are written, and no more are than there is room for.
            guard let start = memory.baseAddress, let source = bytes.baseAddress, bytes.count <= memory.count - count else { return }
            unsafe memcpy(start + count, source, bytes.count)
            count += bytes.count
        }
    }
}
