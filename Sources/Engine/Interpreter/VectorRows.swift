// Which row of the register machine a vector instruction has. The rows stand in the order of the opcodes, but the opcodes'
// numbers have gaps, so the distance is counted in the table of instructions.

import WasmTypes
import CApus
import WasmBinary

/// The rows of the vector instructions by opcode.
struct VectorRows: Sendable {
    static let shared = VectorRows()

    private static let first = Int(Opcode.v128Load.rawValue)
    private static let absent = UInt16.max

    /// Distances from the first row, by distance from the first opcode.
    private var distances: [UInt16] = []
    /// The same for the forms that name a memory.
    private var accessDistances: [UInt16] = []

    private init() {
        let rows = Instruction.all.filter { $0.feature == .simd || $0.feature == .relaxedSIMD }
        var accessCount: UInt16 = 0
        for (position, row) in rows.enumerated() {
            let index = Int(row.opcode.rawValue) - Self.first
            while distances.count <= index {
                distances.append(Self.absent)
                accessDistances.append(Self.absent)
            }
            distances[index] = UInt16(position)
            if row.immediates == .memoryArgument || row.immediates == .memoryArgumentAndLane {
                accessDistances[index] = accessCount
                accessCount += 1
            }
        }
    }

    /// The row of an instruction; nil if it is no vector instruction.
    subscript(opcode: Opcode) -> apus_instruction? {
        let index = Int(opcode.rawValue) - Self.first
        guard distances.indices.contains(index), distances[index] != Self.absent else { return nil }
        return APUS_v128_load.advanced(by: distances[index])
    }

    /// The row that names the memory, of an instruction that accesses one; nil for any other.
    func namingMemory(_ opcode: Opcode) -> apus_instruction? {
        let index = Int(opcode.rawValue) - Self.first
        guard accessDistances.indices.contains(index), accessDistances[index] != Self.absent else { return nil }
        return APUS_v128_load_at.advanced(by: accessDistances[index])
    }
}
