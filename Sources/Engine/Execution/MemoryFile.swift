// A file without a name that lies in memory: its pages belong to the process, and need not be in its map.

import CApus

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file in memory, which lives as long as this or a mapping of it does.
package struct MemoryFile: ~Copyable {
    package let descriptor: CInt

    /// An empty file; nil if the system has none to give. The name is for the system's lists only.
    package init?(name: String) {
        let descriptor = unsafe apus_memory_file(name)
        guard descriptor >= 0 else { return nil }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Answers whether the system had room; `errno` says why it had not.
    package func append(_ bytes: [UInt8]) -> Bool {
        unsafe bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return true }
            var written = 0
            while written < bytes.count {
                let count = unsafe write(descriptor, base + written, bytes.count - written)
                if count > 0 {
                    written += count
                } else if count == 0 || errno != EINTR {
                    return false
                }
            }
            return true
        }
    }
}
