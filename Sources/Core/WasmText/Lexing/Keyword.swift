// The keywords of the text format. Mnemonics come from the table of instructions; what stands here is everything else.

package import WasmBinary

/// A keyword that is not (or not only) a mnemonic.
package enum Keyword: String, CaseIterable, Hashable, Sendable {
    // Types.
    case i8, i16, i32, i64, f32, f64, v128
    case i8x16, i16x8, i32x4, i64x2, f32x4, f64x2
    case any, anyref, none, nullref, eq, eqref, i31, i31ref, structref, arrayref
    case nofunc, funcref, nullfuncref, exn, noexn, exnref, nullexnref, extern, noextern, externref, nullexternref
    case ref, null, mut, field, `struct`, array, sub, final, rec, shared, pagesize
    // Modules.
    case module, type, `func`, param, result, local, global, table, memory, tag, elem, data, declare, offset, item
    case `import`, export, start
    // Bodies.
    case then, `do`
    case catchReference = "catch_ref"
    case catchAllReference = "catch_all_ref"
    case `catch`
    case catchAll = "catch_all"
    case delegate
    case `else`
    // Components.
    case core, alias, outer, canon, lift, lower, instantiate, with, value, interface
    case bool, s8, u8, s16, u16, s32, u32, s64, u64, float32, float64, char, string
    case record, variant, `case`, list, map, tuple, flags, `enum`, option, own, borrow, stream, future, error, resource
    case errorContext = "error-context"
    case rep, dtor, realloc, callback, async, cancellable, gc
    case postReturn = "post-return"
    case coreType = "core-type"
    case utf8Encoding = "string-encoding=utf8"
    case utf16Encoding = "string-encoding=utf16"
    case latin1Encoding = "string-encoding=latin1+utf16"
    case implements
    case versionSuffix = "versionsuffix"
    case externalID = "external-id"
    // Scripts.
    case `true`, `false`
    case binary, quote, definition, instance, script, register, invoke, get, input, output, either, component, thread, wait
    case assertReturn = "assert_return"
    case assertTrap = "assert_trap"
    case assertExhaustion = "assert_exhaustion"
    case assertException = "assert_exception"
    case assertSuspension = "assert_suspension"
    case assertInvalid = "assert_invalid"
    case assertInvalidCustom = "assert_invalid_custom"
    case assertMalformed = "assert_malformed"
    case assertMalformedCustom = "assert_malformed_custom"
    case assertUnlinkable = "assert_unlinkable"
    case canonicalNaN = "nan:canonical"
    case arithmeticNaN = "nan:arithmetic"
    case hostReference = "ref.host"
    case externReference = "ref.extern"
    case structureReference = "ref.struct"
    case arrayReference = "ref.array"
    case exceptionReference = "ref.exn"
    case anyReference = "ref.any"
}

/// What the parser needs to know of a mnemonic's row.
package struct Mnemonic: Hashable, Sendable {
    package var opcode: Opcode
    package var immediates: Immediates
    package var alignment: UInt8
    package var lanes: UInt8
}

/// All keywords, by their text. Immutable.
struct KeywordTable: Sendable {
    private struct Entry: Sendable {
        var text: [UInt8]
        var keyword: Keyword?
        var mnemonic: Mnemonic?
    }

    /// The one table.
    static let shared = KeywordTable()

    /// The entry with number 0 is none.
    private var entries: [Entry] = [Entry(text: [])]
    /// Open addressing; 0 is free.
    private var slots: [UInt16]
    private let mask: Int

    private init() {
        // A quarter full at most, so that a look-up ends soon.
        let size = 8192
        slots = [UInt16](repeating: 0, count: size)
        mask = size - 1
        for row in Instruction.all {
            let number = insert(Array(String(describing: row.mnemonic).utf8))
            // Of several rows with one mnemonic, the first stands for all; the parser looks at the operands then.
            if entries[number].mnemonic == nil {
                entries[number].mnemonic = Mnemonic(
                    opcode: row.opcode, immediates: row.immediates, alignment: row.alignment, lanes: row.lanes)
            }
        }
        for keyword in Keyword.allCases { entries[insert(Array(keyword.rawValue.utf8))].keyword = keyword }
    }

    private static func hash(_ text: ArraySlice<UInt8>) -> Int {
        var hash: UInt32 = 0x811C_9DC5
        for byte in text { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        return Int(hash ^ hash >> 15)
    }

    private mutating func insert(_ text: [UInt8]) -> Int {
        var slot = Self.hash(text[...]) & mask
        while slots[slot] != 0 {
            let number = Int(slots[slot])
            if entries[number].text == text { return number }
            slot = (slot + 1) & mask
        }
        slots[slot] = UInt16(truncatingIfNeeded: entries.count)
        entries.append(Entry(text: text))
        return entries.count - 1
    }

    /// The number of a keyword; 0 if there is no such keyword.
    func number(of text: ArraySlice<UInt8>) -> UInt32 {
        var slot = Self.hash(text) & mask
        while slots[slot] != 0 {
            let number = Int(slots[slot])
            if entries[number].text.elementsEqual(text) { return UInt32(number) }
            slot = (slot + 1) & mask
        }
        return 0
    }

    func keyword(_ number: UInt32) -> Keyword? {
        Int(number) < entries.count ? entries[Int(number)].keyword : nil
    }

    func mnemonic(_ number: UInt32) -> Mnemonic? {
        Int(number) < entries.count ? entries[Int(number)].mnemonic : nil
    }
}
