// The rules for a module's own parts, one broken at a time; and the order of errors on several threads.

import InternalUtilities
import Testing
import WasmBinary
import WasmTypes

@Suite struct ModuleTests {
    /// Sections by id, and the beginning of the error's message.
    static let invalid: [([UInt8: [UInt8]], String)] = [
        ([5: [0x01, 0x00, 0x81, 0x80, 0x04]], "memory size must be at most 65536 pages (4GiB)"),
        ([5: [0x01, 0x01, 0x02, 0x01]], "size minimum must not be greater than maximum: 2 and 1"),
        ([4: [0x01, 0x70, 0x00, 0x80, 0x80, 0x80, 0x80, 0x10]], "table size must be at most 2^32-1"),
        ([2: [0x01, 0x00, 0x00, 0x00, 0x07]], "unknown type 7"),
        ([13: [0x01, 0x00, 0x01]], "non-empty tag result type"),
        ([6: [0x01, 0x7F, 0x00, 0x42, 0x00, 0x0B]], "type mismatch: expected i32, found i64 at the end of a constant expression"),
        ([6: [0x01, 0x7F, 0x00, 0x0B]], "type mismatch: expected i32, found nothing"),
        ([6: [0x01, 0x7F, 0x00, 0x41, 0x00, 0x41, 0x00, 0x0B]], "type mismatch: expected i32, found 2 values"),
        ([6: [0x01, 0x7F, 0x00, 0x41, 0x00, 0x45, 0x0B]], "constant expression required: i32.eqz is not constant"),
        ([6: [0x01, 0x7F, 0x00, 0x23, 0x00, 0x0B]], "unknown global 0"),
        ([6: [0x02, 0x7F, 0x01, 0x41, 0x00, 0x0B, 0x7F, 0x00, 0x23, 0x00, 0x0B]], "constant expression required: global 0 is mutable"),
        ([6: [0x01, 0x7F, 0x00, 0x41, 0x00, 0x42, 0x00, 0x6A, 0x0B]], "type mismatch: expected i32, found i64 in a constant expression"),
        ([7: [0x01, 0x01, 0x61, 0x00, 0x00]], "unknown function 0"),
        ([7: [0x01, 0x01, 0x61, 0x01, 0x00]], "unknown table 0"),
        ([7: [0x01, 0x01, 0x61, 0x02, 0x00]], "unknown memory 0"),
        ([7: [0x01, 0x01, 0x61, 0x03, 0x00]], "unknown global 0"),
        ([7: [0x01, 0x01, 0x61, 0x04, 0x00]], "unknown tag 0"),
        ([5: [0x01, 0x00, 0x00], 7: [0x02, 0x01, 0x61, 0x02, 0x00, 0x01, 0x61, 0x02, 0x00]], "duplicate export name \"a\""),
        ([8: [0x00]], "unknown function 0"),
        ([2: [0x01, 0x00, 0x00, 0x00, 0x01], 8: [0x00]], "start function must not have parameters or results"),
        ([9: [0x01, 0x00, 0x41, 0x00, 0x0B, 0x00]], "unknown table 0"),
        ([9: [0x01, 0x01, 0x00, 0x01, 0x00]], "unknown function 0"),
        ([4: [0x01, 0x6F, 0x00, 0x00], 9: [0x01, 0x00, 0x41, 0x00, 0x0B, 0x00]], "type mismatch: the element segment's type"),
        ([11: [0x01, 0x00, 0x41, 0x00, 0x0B, 0x00]], "unknown memory 0"),
        ([5: [0x01, 0x00, 0x00], 11: [0x01, 0x00, 0x42, 0x00, 0x0B, 0x00]], "type mismatch: expected i32, found i64"),
    ]

    @Test(arguments: invalid) func invalidModules(sections: [UInt8: [UInt8]], message: String) throws {
        var module = TestModule()
        module.types = [([], []), ([], [0x7F])]
        module.sections = sections
        let error = try #require(validationError(of: module.bytes))
        #expect(error.message.hasPrefix(message))
        #expect(error.kind == .invalid)
    }

    @Test func namesThatOnlyLookAlikeAreNotDuplicates() {
        var module = TestModule()
        module.sections = [5: [0x01, 0x00, 0x00], 7: [0x02, 0x02, 0xC3, 0x85, 0x02, 0x00, 0x03, 0x41, 0xCC, 0x8A, 0x02, 0x00]]
        #expect(validationError(of: module.bytes) == nil)
    }

    @Test func theEarliestErrorIsReportedOnAnyNumberOfThreads() throws {
        var module = TestModule()
        module.types = [([], [0x7F])]
        // Forty bodies of 16 KB, so that there are several runs of them; errors in the 20th and the 35th.
        let nops = [UInt8](repeating: 0x01, count: 16 << 10)
        module.functions = (0..<40).map { (0, [], nops + ($0 == 19 || $0 == 34 ? [0x42, 0x00] : [0x41, 0x00])) }
        let bytes = module.bytes
        let expected = try #require(validationError(of: bytes, threads: 1))
        for threads in [2, 3, 8] {
            #expect(validationError(of: bytes, threads: threads) == expected)
        }
        module.functions = (0..<40).map { _ in (0, [], nops + [0x41, 0x00]) }
        for threads in [1, 2, 8] { #expect(validationError(of: module.bytes, threads: threads) == nil) }
    }

    @Test func typesAreTheSameByStructure() {
        var features = FeatureSet.supported
        features.insert(.functionReferences)
        var module = TestModule()
        // Two equal types; a third that differs. Function 0 gives a reference to itself as one to the equal type.
        module.types = [([], []), ([], []), ([0x7F], [])]
        module.sections = [7: [0x01, 0x01, 0x61, 0x00, 0x00]]
        module.functions = [(0, [0x01, 0x01, 0x63, 0x01], [0xD2, 0x00, 0x21, 0x00])]
        #expect(validationError(of: module.bytes, features: features) == nil)
        module.functions = [(0, [0x01, 0x01, 0x63, 0x02], [0xD2, 0x00, 0x21, 0x00])]
        #expect(
            validationError(of: module.bytes, features: features)?.message
                == "type mismatch: instruction requires [(ref null 2)] but stack has [(ref 0)] in local.set")
    }

    @Test func localsWithoutADefaultMustBeSet() {
        var features = FeatureSet.supported
        features.insert(.functionReferences)
        var module = TestModule()
        module.sections = [7: [0x01, 0x01, 0x61, 0x00, 0x00]]
        let locals: [UInt8] = [0x01, 0x01, 0x64, 0x70]
        module.functions = [(0, locals, [0x20, 0x00, 0x1A])]
        #expect(validationError(of: module.bytes, features: features)?.message == "uninitialized local 0")
        module.functions = [(0, locals, [0xD2, 0x00, 0x21, 0x00, 0x20, 0x00, 0x1A])]
        #expect(validationError(of: module.bytes, features: features) == nil)
        // Set in a block, it is unset after it.
        module.functions = [(0, locals, [0x02, 0x40, 0xD2, 0x00, 0x21, 0x00, 0x0B, 0x20, 0x00, 0x1A])]
        #expect(validationError(of: module.bytes, features: features)?.message == "uninitialized local 0")
    }
}
