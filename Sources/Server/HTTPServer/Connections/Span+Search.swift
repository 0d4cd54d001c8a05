// Looking for a byte where it may be far away: the system's library looks at many at once.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Span where Element == UInt8 {
    /// Where `byte` stands first, at `start` or behind it.
    func firstIndex(of byte: UInt8, from start: Int) -> Int? {
        guard start < count else { return nil }
        return unsafe extracting(droppingFirst: start).withUnsafeBytes { bytes in
            // What is found lies in `bytes`.
            guard let base = bytes.baseAddress, let found = unsafe memchr(base, CInt(byte), bytes.count) else { return nil }
            return unsafe start + (UnsafeRawPointer(found) - base)
        }
    }
}
