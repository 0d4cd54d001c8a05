// The table of instructions is complete, and reading an opcode is the inverse of writing it.

import InternalUtilities
import Testing
import WasmBinary
import WasmTypes

@Suite struct InstructionTableTests {
    @Test func everyOpcodeHasOneRow() {
        #expect(Instruction.all.count == Opcode.allCases.count)
        #expect(Set(Instruction.all.map(\.opcode)).count == Opcode.allCases.count)
        for opcode in Opcode.allCases { #expect(Instruction.row(of: opcode)?.opcode == opcode) }
    }

    @Test func mnemonicsTellInstructionsApart() {
        // These share theirs with another; the operands tell them apart in text.
        let shared: Set<Opcode> = [.selectTyped, .refTestNull, .refCastNull]
        let others = Opcode.allCases.filter { !shared.contains($0) }
        #expect(Set(others.map(\.mnemonic)).count == others.count)
    }

    @Test func opcodesAreReadAsTheyAreWritten() throws {
        for opcode in Opcode.allCases {
            let bytes = encoding(of: opcode)
            let source = ByteSource(bytes)
            var reader = ByteReader(source.bytes, extent: 0..<bytes.count)
            let read = try reader.readOpcode()
            #expect(read == opcode)
            let isAtEnd = reader.isAtEnd
            #expect(isAtEnd)
        }
    }

    @Test(arguments: [
        ([0xFF], "illegal opcode ff"), ([0x27], "illegal opcode 27"), ([0xFC, 0x7F], "illegal opcode fc 7f"),
        ([0xFB, 0xFF, 0xFF, 0x03], "illegal opcode fb ffff"), ([0xFD, 0x80, 0x04], "illegal opcode fd 200"),
        ([0xFE, 0x80, 0x02], "illegal opcode fe 100"), ([0xFC], "unexpected end"), ([], "unexpected end"),
    ] as [([UInt8], String)]) func illegalOpcodes(bytes: [UInt8], expected: String) {
        let source = ByteSource(bytes)
        var reader = ByteReader(source.bytes, extent: 0..<bytes.count)
        do throws(BinaryError) {
            let opcode = try reader.readOpcode()
            Issue.record("read \(opcode)")
        } catch {
            #expect(error.message == expected)
        }
    }

    @Test func signatures() {
        #expect(Instruction.row(of: .i64Store)?.signature?.operands == [.address, .i64])
        #expect(Instruction.row(of: .i64Store)?.signature?.results == [])
        #expect(Instruction.row(of: .f64Lt)?.signature?.operands == [.f64, .f64])
        #expect(Instruction.row(of: .f64Lt)?.signature?.results == [.i32])
        #expect(Instruction.row(of: .i8x16ReplaceLane)?.signature?.operands == [.v128, .i32])
        #expect(Instruction.row(of: .i64Add128)?.signature?.results == [.i64, .i64])
        #expect(Instruction.row(of: .v128Load16Lane)?.lanes == 8)
        #expect(Instruction.row(of: .i32Load16S)?.alignment == 1)
        #expect(Instruction.row(of: .block)?.signature == nil)
    }

    private func encoding(of opcode: Opcode) -> [UInt8] {
        let raw = opcode.rawValue
        let prefix: UInt8
        let number: UInt16
        switch raw {
        case ..<0x100: return [UInt8(raw)]
        case ..<0x200: (prefix, number) = (0xFB, raw - 0x100)
        case ..<0x300: (prefix, number) = (0xFC, raw - 0x200)
        case ..<0x500: (prefix, number) = (0xFD, raw - 0x300)
        default: (prefix, number) = (0xFE, raw - 0x500)
        }
        return number < 0x80 ? [prefix, UInt8(number)] : [prefix, UInt8(number & 0x7F | 0x80), UInt8(number >> 7)]
    }
}
