// Damaged modules: every truncation and a great many altered bytes of modules that hold something of everything. Each is
// refused with an error, or happens to be valid; none stops the process.

import InternalUtilities
import Testing
import WasmBinary
import WasmTypes

@Suite struct DamageTests {
    /// A fixed sequence of numbers, so that a failure can be had again.
    private struct Sequence {
        var state: UInt64

        mutating func next(below bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
    }

    private static var everyFeature: FeatureSet {
        var features = FeatureSet.supported
        features.formUnion([.simd, .relaxedSIMD, .memory64, .functionReferences, .threads, .gc, .wideArithmetic, .customPageSizes])
        return features
    }

    /// The valid code of the body tests in one module of many functions.
    private static let bytes: [UInt8] = {
        var module = BodyTests.module([0x00])
        for code in BodyTests.valid { module.functions.append((1, [0x02, 0x01, 0x7E, 0x01, 0x7D], code)) }
        return module.bytes
    }()

    /// Decodes and validates with every reader of the module run over it; whether it was valid.
    @discardableResult
    private static func examine(_ bytes: [UInt8], _ features: FeatureSet) -> Bool {
        let isValid = validationError(of: bytes, features: features) == nil
        if let module = try? BinaryModule.decode(source: ByteSource(bytes), features: features) {
            let names = NameSection(of: module)
            _ = names?.allFunctionNames()
            _ = names?.localName(LocalIndex(0), of: FunctionIndex(0))
            _ = module.producers()
        }
        return isValid
    }

    @Test func theModuleIsValid() {
        #expect(Self.examine(Self.bytes, .supported))
    }

    @Test func everyTruncation() {
        for count in 0..<Self.bytes.count {
            let isValid = Self.examine([UInt8](Self.bytes.prefix(count)), .supported)
            // The header alone, or with whole sections before the functions, is a module.
            #expect(!isValid || count < 100)
        }
    }

    @Test func everyBitFlipped() {
        for position in 0..<Self.bytes.count {
            for bit in 0..<8 {
                var bytes = Self.bytes
                bytes[position] ^= 1 << bit
                Self.examine(bytes, bit % 2 == 0 ? .supported : Self.everyFeature)
            }
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func bytesAlteredAtRandom(seed: UInt64) {
        var numbers = Sequence(state: seed &* 0x9E37_79B9_7F4A_7C15 | 1)
        for round in 0..<2000 {
            var bytes = Self.bytes
            for _ in 0...numbers.next(below: 4) { bytes[numbers.next(below: bytes.count)] = UInt8(numbers.next(below: 256)) }
            if numbers.next(below: 8) == 0 {
                let at = numbers.next(below: bytes.count)
                bytes.insert(contentsOf: bytes.prefix(numbers.next(below: 20)), at: at)
            }
            Self.examine(bytes, round % 2 == 0 ? .supported : Self.everyFeature)
        }
    }
}
