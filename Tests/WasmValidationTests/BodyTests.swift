// Bodies as data: the code of one function of a module that has one of everything, and the rule that it breaks.

import InternalUtilities
import Testing
import WasmBinary
import WasmTypes

@Suite struct BodyTests {
    /// Types 0: → ; 1: i32 → i32; 2: → i64; 3: i32 i32 → ; 4: → i32 i64; 5: i32 → i32 exnref; 6: i32 → (the tag's).
    /// The function under test has type 1, so local 0 is an i32, and locals 1 and 2 are an i64 and an f32.
    static func module(_ code: [UInt8]) -> TestModule {
        var module = TestModule()
        module.types = [
            ([], []), ([0x7F], [0x7F]), ([], [0x7E]), ([0x7F, 0x7F], []), ([], [0x7F, 0x7E]), ([0x7F], [0x7F, 0x69]), ([0x7F], []),
        ]
        module.sections = [
            4: [0x02, 0x70, 0x00, 0x01, 0x6F, 0x00, 0x01],
            5: [0x01, 0x00, 0x01],
            6: [0x02, 0x7F, 0x00, 0x41, 0x00, 0x0B, 0x7F, 0x01, 0x41, 0x00, 0x0B],
            7: [0x01, 0x01, 0x61, 0x00, 0x00],
            9: [0x01, 0x05, 0x70, 0x00],
            12: [0x01],
            13: [0x01, 0x00, 0x06],
            11: [0x01, 0x01, 0x00],
        ]
        module.functions = [(1, [0x02, 0x01, 0x7E, 0x01, 0x7D], code), (2, [], [0x42, 0x00])]
        return module
    }

    static let valid: [[UInt8]] = [
        [0x20, 0x00],  // local.get 0
        [0x41, 0x01, 0x20, 0x00, 0x6A],  // i32.const, local.get, i32.add
        [0x00],  // unreachable
        [0x00, 0x6A],  // unreachable, i32.add
        [0x20, 0x00, 0x0F, 0x1B],  // return, then select of nothing
        [0x02, 0x7F, 0x41, 0x00, 0x0B],  // block (result i32)
        [0x20, 0x00, 0x02, 0x01, 0x0B],  // block (type 1)
        [0x02, 0x04, 0x41, 0x00, 0x42, 0x00, 0x0B, 0x1A],  // block (type 4), drop
        [0x20, 0x00, 0x04, 0x7F, 0x41, 0x00, 0x05, 0x41, 0x01, 0x0B],  // if … else
        [0x20, 0x00, 0x20, 0x00, 0x0E, 0x02, 0x00, 0x00, 0x00],  // br_table
        [0x10, 0x01, 0xA7],  // call 1, i32.wrap_i64
        [0x20, 0x00, 0x20, 0x00, 0x11, 0x01, 0x00],  // call_indirect
        [0x20, 0x00, 0x12, 0x00],  // return_call 0
        [0xD2, 0x00, 0x1A, 0x41, 0x00],  // ref.func 0, which is exported
        [0xD0, 0x6F, 0xD1],  // ref.null extern, ref.is_null
        [0x41, 0x00, 0x28, 0x02, 0x00],  // i32.load
        [0x41, 0x00, 0x41, 0x00, 0x41, 0x00, 0xFC, 0x08, 0x00, 0x00, 0x41, 0x00],  // memory.init
        [0x41, 0x00, 0x41, 0x00, 0x41, 0x00, 0xFC, 0x0A, 0x00, 0x00, 0x41, 0x00],  // memory.copy
        [0x41, 0x00, 0x25, 0x00, 0xD1],  // table.get, ref.is_null
        [0x20, 0x00, 0x02, 0x05, 0x08, 0x00, 0x0B, 0x1A],  // throw in a block of several results
        [0x02, 0x40, 0x1F, 0x40, 0x01, 0x02, 0x00, 0x0B, 0x0B, 0x41, 0x00],  // try_table with catch_all
        [0x02, 0x7F, 0x1F, 0x40, 0x01, 0x00, 0x00, 0x00, 0x0B, 0x41, 0x00, 0x0B],  // try_table with catch 0
        [0x43, 0x00, 0x00, 0x00, 0x00, 0xFC, 0x00],  // i32.trunc_sat_f32_s
        [0x41, 0x00, 0xC0],  // i32.extend8_s
        [0x20, 0x00, 0x20, 0x00, 0x20, 0x00, 0x1B],  // select
        [0xD0, 0x70, 0xD0, 0x70, 0x41, 0x00, 0x1C, 0x01, 0x70, 0xD1],  // select (result funcref)
    ]

    @Test(arguments: valid) func validCode(code: [UInt8]) {
        #expect(validationError(of: Self.module(code).bytes) == nil)
    }

    static let invalid: [([UInt8], BinaryError.Kind, String)] = [
        ([], .invalid, "type mismatch: instruction requires [i32] but stack has [] in end of the function"),
        ([0x42, 0x00], .invalid, "type mismatch: instruction requires [i32] but stack has [i64] in end of the function"),
        ([0x41, 0x00, 0x41, 0x00], .invalid, "type mismatch: block requires [i32] but stack has [i32 i32] at end of the function"),
        ([0x41, 0x00, 0x42, 0x00, 0x6A], .invalid, "type mismatch: instruction requires [i32] but stack has [i64] in i32.add"),
        ([0x6A], .invalid, "type mismatch: instruction requires [i32] but stack has [] in i32.add"),
        ([0x00, 0x42, 0x00, 0x6A], .invalid, "type mismatch: instruction requires [i32] but stack has [i64] in i32.add"),
        ([0x1A], .invalid, "type mismatch: expected a value, found nothing in drop"),
        ([0x20, 0x03], .invalid, "unknown local 3 in local.get"),
        ([0x20, 0x01], .invalid, "type mismatch: instruction requires [i32] but stack has [i64]"),
        ([0x23, 0x02], .invalid, "unknown global 2 in global.get"),
        ([0x41, 0x00, 0x24, 0x00], .invalid, "immutable global 0"),
        ([0x10, 0x02], .invalid, "unknown function 2 in call"),
        ([0x11, 0x09, 0x00], .invalid, "unknown type 9 in call_indirect"),
        ([0x11, 0x00, 0x02], .invalid, "unknown table 2 in call_indirect"),
        ([0x41, 0x00, 0x11, 0x00, 0x01], .invalid, "type mismatch: expected a table of funcref, found one of externref"),
        ([0x0C, 0x01], .invalid, "unknown label 1 in br"),
        ([0x02, 0x09, 0x0B], .invalid, "unknown type 9 in block"),
        ([0x02, 0x40, 0x41, 0x00, 0x0B], .invalid, "type mismatch: block requires [] but stack has [i32] at end of block"),
        ([0x20, 0x00, 0x04, 0x7F, 0x41, 0x00, 0x0B], .invalid, "type mismatch: an if without else"),
        ([0x41, 0x00, 0x28, 0x03, 0x00], .invalid, "alignment must not be larger than natural: 2^3 in i32.load"),
        ([0x41, 0x00, 0x28, 0x42, 0x01, 0x00], .invalid, "unknown memory 1 in i32.load"),
        ([0x41, 0x00, 0x28, 0x02, 0x80, 0x80, 0x80, 0x80, 0x10], .invalid, "offset out of range: 4294967296 in i32.load"),
        ([0x3F, 0x01], .invalid, "unknown memory 1 in memory.size"),
        ([0x41, 0x00, 0x41, 0x00, 0x41, 0x00, 0xFC, 0x08, 0x01, 0x00], .invalid, "unknown data segment 1"),
        ([0xFC, 0x0D, 0x01], .invalid, "unknown elem segment 1"),
        ([0xD2, 0x01], .invalid, "undeclared function reference 1"),
        ([0xD2, 0x02], .invalid, "unknown function 2"),
        ([0x41, 0x00, 0xD1], .invalid, "type mismatch: expected a reference, found i32 in ref.is_null"),
        ([0xD0, 0x70, 0xD0, 0x70, 0x41, 0x00, 0x1B], .invalid, "type mismatch: expected a number or vector, found funcref"),
        ([0x41, 0x00, 0x42, 0x00, 0x41, 0x00, 0x1B], .invalid, "type mismatch: expected i32, found i64 in select"),
        ([0x1C, 0x00], .invalid, "invalid result arity"),
        ([0x02, 0x7F, 0x02, 0x40, 0x41, 0x00, 0x0E, 0x01, 0x00, 0x01], .invalid, "type mismatch: the labels of br_table"),
        ([0x12, 0x01], .invalid, "type mismatch: expected a callee with the caller's results i32, found i64"),
        ([0x08, 0x01], .invalid, "unknown tag 1 in throw"),
        ([0x08, 0x00], .invalid, "type mismatch: instruction requires [i32] but stack has [] in throw"),
        ([0x0A], .invalid, "type mismatch: instruction requires [exnref] but stack has [] in throw_ref"),
        ([0x02, 0x40, 0x1F, 0x40, 0x01, 0x00, 0x00, 0x00], .invalid, "type mismatch: expected nothing for label 0, found i32"),
        ([0x41, 0x00, 0x05], .malformed, "END opcode expected"),
        ([0x44], .malformed, "unexpected end of section or function"),
        ([0x02, 0x40], .malformed, "unexpected end of section or function"),
        ([0x41, 0x00, 0x0B, 0x01], .malformed, "section size mismatch"),
        ([0xFF], .malformed, "illegal opcode ff"),
        ([0x41, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00], .malformed, "integer representation too long"),
        ([0x41, 0x00, 0x28, 0x80, 0x01, 0x00], .malformed, "malformed memop flags"),
        ([0x1F, 0x40, 0x01, 0x04], .malformed, "malformed catch clause"),
        ([0xFD, 0x0F], .unsupported, "i8x16.splat: the feature 'simd' is not switched on"),
        ([0xFE, 0x03, 0x00], .unsupported, "atomic.fence: the feature 'threads' is not switched on"),
        ([0xFB, 0x1C], .unsupported, "ref.i31: the feature 'gc' is not switched on"),
        ([0x06, 0x40], .unsupported, "try: the feature 'legacy-exceptions' is not switched on"),
        ([0x14, 0x00], .unsupported, "call_ref: the feature 'function-references' is not switched on"),
        ([0xD0, 0x6E], .unsupported, "the type anyref: the feature 'gc' is not switched on"),
    ]

    @Test(arguments: invalid) func invalidCode(code: [UInt8], kind: BinaryError.Kind, message: String) throws {
        let features = FeatureSet.supported.subtracting([.simd, .threads, .functionReferences, .legacyExceptions, .gc])
        let error = try #require(validationError(of: Self.module(code).bytes, features: features))
        #expect(error.message.hasPrefix(message))
        #expect(error.kind == kind)
    }

    @Test func featuresCanBeSwitchedOff() throws {
        var features = FeatureSet.supported
        features.remove(.signExtension)
        let error = try #require(validationError(of: Self.module([0x41, 0x00, 0xC0]).bytes, features: features))
        #expect(error.message == "i32.extend8_s: the feature 'sign-extension' is not switched on")
    }

    @Test func featuresCanBeSwitchedOn() {
        var features = FeatureSet.supported
        features.formUnion([.simd, .functionReferences])
        // i32.const, i8x16.splat, i8x16.extract_lane_s 15
        #expect(validationError(of: Self.module([0x41, 0x00, 0xFD, 0x0F, 0xFD, 0x15, 0x0F]).bytes, features: features) == nil)
        let lane = validationError(of: Self.module([0x41, 0x00, 0xFD, 0x0F, 0xFD, 0x15, 0x10]).bytes, features: features)
        #expect(lane?.message == "invalid lane index 16 in i8x16.extract_lane_s")
        // local.get 0, ref.func 0, call_ref 1
        #expect(validationError(of: Self.module([0x20, 0x00, 0xD2, 0x00, 0x14, 0x01]).bytes, features: features) == nil)
    }

    @Test func manyLocalsAreFoundByTheirRuns() {
        var module = Self.module([])
        // 300 i64, 200 f32, 400 i32
        let locals: [UInt8] = [0x03, 0xAC, 0x02, 0x7E, 0xC8, 0x01, 0x7D, 0x90, 0x03, 0x7F]
        module.functions[0] = (1, locals, [0x20, 0xF5, 0x03])  // local.get 501
        #expect(validationError(of: module.bytes) == nil)
        module.functions[0] = (1, locals, [0x20, 0xF4, 0x03])  // local.get 500
        #expect(validationError(of: module.bytes)?.message == "type mismatch: instruction requires [i32] but stack has [f32] in end of the function")
        module.functions[0] = (1, locals, [0x20, 0x85, 0x07])  // local.get 901
        #expect(validationError(of: module.bytes)?.message == "unknown local 901 in local.get")
    }

    @Test func limitsOfABody() {
        var module = Self.module([0x00])
        module.functions[0].locals = [0x01, 0xD0, 0x86, 0x03, 0x7F]  // 50 000 beside the parameter
        #expect(validationError(of: module.bytes)?.kind == .limit)
        module.functions[0].locals = [0x02, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x7F, 0x01, 0x7F]
        #expect(validationError(of: module.bytes)?.kind == .malformed)
        module = Self.module((0..<100_001).flatMap { _ -> [UInt8] in [0x02, 0x40] })
        #expect(validationError(of: module.bytes)?.kind == .limit)
    }
}
