// Random bytes: `wasi:random`. The secure source is the kernel's; the insecure one is a generator of our own, quick and
// guessable, as its name says. An embedder may put its own in the place of either.

import CWASIHost
import Synchronization

/// A source of random bytes.
public protocol RandomSource: Sendable {
    /// Fills all of `buffer`.
    func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(HostError)
}

extension RandomSource {
    /// A random word.
    public func word() throws(HostError) -> UInt64 {
        var word: UInt64 = 0
        try unsafe withUnsafeMutableBytes(of: &word) { (buffer) throws(HostError) in
            try unsafe fill(buffer)
        }
        return word
    }
}

/// The kernel's generator, fit for keys.
public struct SecureRandomSource: RandomSource {
    public init() {}

    /// The kernel is asked for this much at a time, so that a signal is not kept waiting.
    private static let pieceLength = 1 << 18

    public func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(HostError) {
        var rest = unsafe buffer
        while rest.count > 0 {
            let piece = min(rest.count, Self.pieceLength)
            let count = try kernelCall { unsafe wasihost_random(rest.baseAddress, piece) }
            if count == 0 { throw .inputOutput }
            unsafe rest = UnsafeMutableRawBufferPointer(rebasing: rest[min(count, piece)...])
        }
    }
}

/// A quick generator that must not be used where guessing matters: Wyrand, which is a multiplication for each word.
public final class InsecureRandomSource: RandomSource {
    private let state: Mutex<UInt64>

    /// A generator that gives the same bytes each time for the same seed.
    public init(seed: UInt64) {
        self.state = Mutex(seed)
    }

    /// A generator that starts somewhere else each time.
    public convenience init() {
        self.init(seed: UInt64.random(in: .min ... .max))
    }

    public func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        state.withLock { state in
            var position = 0
            while position < buffer.count {
                state &+= 0xa076_1d64_78bd_642f
                let product = state.multipliedFullWidth(by: state ^ 0xe703_7ed1_a0b4_28db)
                let word = product.high ^ product.low
                let count = min(8, buffer.count - position)
                unsafe withUnsafeBytes(of: word) { bytes in
                    unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[position..<position + count])
                        .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
                }
                position += count
            }
        }
    }
}

/// The same bytes over and over: for tests and for runs that must be repeatable.
public struct RepeatingRandomSource: RandomSource {
    private let pattern: [UInt8]

    /// `pattern` must not be empty.
    public init(pattern: [UInt8]) {
        precondition(!pattern.isEmpty, "a pattern of no bytes repeats nothing")
        self.pattern = pattern
    }

    public func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        for index in 0..<buffer.count {
            unsafe buffer[index] = pattern[index % pattern.count]
        }
    }
}
