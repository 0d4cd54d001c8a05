// Writes opcodes and immediates (core specification, section 5.4).

import WasmTypes

extension ByteWriter {
    package mutating func write(_ opcode: Opcode) {
        let code = opcode.rawValue
        switch code {
        case ..<0x100:
            write(UInt8(truncatingIfNeeded: code))
        case ..<0x200:
            write(0xFB)
            writeVarUInt32(UInt32(code - 0x100))
        case ..<0x300:
            write(0xFC)
            writeVarUInt32(UInt32(code - 0x200))
        case ..<0x500:
            write(0xFD)
            writeVarUInt32(UInt32(code - 0x300))
        default:
            write(0xFE)
            writeVarUInt32(UInt32(code - 0x500))
        }
    }

    package mutating func write(_ type: BlockType) {
        switch type {
        case .empty: write(0x40)
        case .value(let type): write(type)
        case .type(let index): writeVarInt64(Int64(index.rawValue))
        }
    }

    package mutating func write(_ argument: MemoryArgument) {
        if argument.memory.rawValue == 0 {
            writeVarUInt32(argument.alignment)
        } else {
            writeVarUInt32(argument.alignment | 0x40)
            write(argument.memory)
        }
        writeVarUInt64(argument.offset)
    }

    package mutating func write(_ clause: CatchClause) {
        switch clause {
        case .tag(let tag, let label):
            write(0)
            write(tag)
            write(label)
        case .tagReference(let tag, let label):
            write(1)
            write(tag)
            write(label)
        case .all(let label):
            write(2)
            write(label)
        case .allReference(let label):
            write(3)
            write(label)
        }
    }
}
