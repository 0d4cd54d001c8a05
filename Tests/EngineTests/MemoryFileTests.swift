// Files in memory: what is written to one can be mapped, and taken out of the map, any number of times.

import Execution
import InternalUtilities
import Testing

@Suite("Files in memory")
struct MemoryFileTests {
    @Test("keep their bytes while nobody maps them")
    func bytes() throws {
        let parts: [[UInt8]] = [[1, 2, 3], [], (0..<100_000).map { UInt8(truncatingIfNeeded: $0 * 3) }]
        var source: ByteSource?
        do {
            guard let file = MemoryFile(name: "test") else { return }
            for part in parts {
                let isWritten = file.append(part)
                #expect(isWritten)
            }
            source = ByteSource(mapping: file.descriptor, count: 100_003)
        }
        let mapped = try #require(source)
        for _ in 0..<3 {
            var read = [UInt8](repeating: 0, count: 100_003)
            unsafe read.withUnsafeMutableBytes { unsafe mapped.copy(0..<100_003, to: $0) }
            #expect(read == parts.flatMap { $0 })
            mapped.forgetPages()
        }
        // What lies in an array stays.
        let array = ByteSource([1, 2, 3])
        array.forgetPages()
        var read: [UInt8] = [0, 0, 0]
        unsafe read.withUnsafeMutableBytes { unsafe array.copy(0..<3, to: $0) }
        #expect(read == [1, 2, 3])
    }

    @Test("may be empty")
    func empty() throws {
        guard let file = MemoryFile(name: "test") else { return }
        let source = try #require(ByteSource(mapping: file.descriptor, count: 0))
        source.forgetPages()
        #expect(source.count == 0)
    }
}
