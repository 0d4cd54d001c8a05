// `metadata-hash` of `wasi:filesystem/types`. It is computed from the device and the inode alone: guests' C libraries
// use it for `st_ino`, which must not change when a file is written to. SipHash keeps the two from being read off it.

/// A hash of 128 bits that is the same for the same object of the host.
package struct MetadataHash: Sendable, Hashable {
    package let lower: UInt64
    package let upper: UInt64
}

extension MetadataHash {
    package init(_ identity: FileIdentity) {
        self.lower = SipHash.hash(identity.device, identity.inode, key: (0x6170_7573_2068_6f73, 0x745f_6d65_7461_6461))
        self.upper = SipHash.hash(identity.inode, identity.device, key: (0x7461_5f68_6173_685f, 0x7570_7065_725f_3634))
    }
}

/// SipHash-2-4 of two words. (Aumasson and Bernstein, "SipHash: a fast short-input PRF".)
private enum SipHash {
    static func hash(_ first: UInt64, _ second: UInt64, key: (UInt64, UInt64)) -> UInt64 {
        var state = (
            key.0 ^ 0x736f_6d65_7073_6575, key.1 ^ 0x646f_7261_6e64_6f6d, key.0 ^ 0x6c79_6765_6e65_7261,
            key.1 ^ 0x7465_6462_7974_6573
        )
        for word in [first, second, UInt64(16) << 56] {
            state.3 ^= word
            round(&state)
            round(&state)
            state.0 ^= word
        }
        state.2 ^= 0xff
        for _ in 0..<4 { round(&state) }
        return state.0 ^ state.1 ^ state.2 ^ state.3
    }

    private static func round(_ state: inout (UInt64, UInt64, UInt64, UInt64)) {
        state.0 &+= state.1
        state.1 = rotate(state.1, 13) ^ state.0
        state.0 = rotate(state.0, 32)
        state.2 &+= state.3
        state.3 = rotate(state.3, 16) ^ state.2
        state.0 &+= state.3
        state.3 = rotate(state.3, 21) ^ state.0
        state.2 &+= state.1
        state.1 = rotate(state.1, 17) ^ state.2
        state.2 = rotate(state.2, 32)
    }

    private static func rotate(_ word: UInt64, _ count: UInt64) -> UInt64 {
        word &<< count | word &>> (64 &- count)
    }
}
