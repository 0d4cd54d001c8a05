// `write`, by the name that no method of ours hides.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writes to a descriptor, from its own position; answers as the system does, with `errno` behind it.
package func systemWrite(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
        unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    #elseif canImport(Musl)
        unsafe Musl.write(descriptor, bytes.baseAddress, bytes.count)
    #else
        unsafe Darwin.write(descriptor, bytes.baseAddress, bytes.count)
    #endif
}
