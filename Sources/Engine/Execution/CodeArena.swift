// Where a module's code lies: large chunks, filled from the bottom, never moved and freed with the module.
//
// Functions are appended in the order in which they are first called, so each chunk's list of them is sorted by address
// and a place in the code is found by bisection.

package import WasmTypes

/// The code of one module's functions. Not synchronised: the module's lock is around it.
package struct CodeArena: ~Copyable {
    @safe private struct Chunk {
        var words: UnsafeMutablePointer<UInt64>
        var capacity: Int
        var used = 0
        /// The first word of each function, ascending, and the function.
        var starts: [(offset: Int, function: FunctionIndex)] = []
    }

    /// 64 KiB at first; functions that are larger get a chunk of their own.
    private static let chunkWords = 8192

    private var chunks: [Chunk] = []
    package private(set) var handlers: [FunctionIndex: [ExceptionHandler]] = [:]

    package init() {}

    deinit {
        for chunk in chunks { unsafe chunk.words.deallocate() }
    }

    /// Copies the code in and returns where it lies.
    package mutating func append(_ code: ProducedCode, function: FunctionIndex) -> UnsafePointer<UInt64> {
        let needed = code.words.count
        if chunks.last.map({ $0.capacity - $0.used < needed }) ?? true {
            let capacity = max(needed, Self.chunkWords << min(chunks.count, 6))
            unsafe chunks.append(Chunk(words: .allocate(capacity: capacity), capacity: capacity))
        }
        let last = chunks.count - 1
        let offset = chunks[last].used
        let entry = unsafe chunks[last].words + offset
        unsafe code.words.withUnsafeBufferPointer { words in
            if let base = words.baseAddress { unsafe entry.initialize(from: base, count: words.count) }
        }
        chunks[last].used += needed
        chunks[last].starts.append((offset, function))
        if !code.handlers.isEmpty { handlers[function] = code.handlers }
        return unsafe UnsafePointer(entry)
    }

    /// The function whose code contains the address.
    package func function(at address: UInt) -> FunctionIndex? {
        for chunk in chunks {
            let base = unsafe UInt(bitPattern: chunk.words)
            guard address >= base, address < base + UInt(chunk.used) * 8 else { continue }
            let offset = Int(address - base) / 8
            let starts = chunk.starts
            var lower = 0
            var upper = starts.count
            while upper - lower > 1 {
                let middle = (lower + upper) / 2
                if starts[middle].offset <= offset { lower = middle } else { upper = middle }
            }
            return starts.isEmpty ? nil : starts[lower].function
        }
        return nil
    }
}
