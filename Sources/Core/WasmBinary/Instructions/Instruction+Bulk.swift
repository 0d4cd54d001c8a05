// Rows of the instruction table: saturating conversions, bulk memory and table instructions, wide arithmetic (prefix FC).

import WasmTypes

extension Instruction {
    static func bulkRows() -> [Instruction] {
        [
            .init(.i32TruncSatF32S, "i32.trunc_sat_f32_s", "f:i", .nontrappingConversions),
            .init(.i32TruncSatF32U, "i32.trunc_sat_f32_u", "f:i", .nontrappingConversions),
            .init(.i32TruncSatF64S, "i32.trunc_sat_f64_s", "d:i", .nontrappingConversions),
            .init(.i32TruncSatF64U, "i32.trunc_sat_f64_u", "d:i", .nontrappingConversions),
            .init(.i64TruncSatF32S, "i64.trunc_sat_f32_s", "f:l", .nontrappingConversions),
            .init(.i64TruncSatF32U, "i64.trunc_sat_f32_u", "f:l", .nontrappingConversions),
            .init(.i64TruncSatF64S, "i64.trunc_sat_f64_s", "d:l", .nontrappingConversions),
            .init(.i64TruncSatF64U, "i64.trunc_sat_f64_u", "d:l", .nontrappingConversions),
            .init(.memoryInit, "memory.init", .dataAndMemory, .bulkMemory),
            .init(.dataDrop, "data.drop", .data, .bulkMemory),
            .init(.memoryCopy, "memory.copy", .memoryAndMemory, .bulkMemory),
            .init(.memoryFill, "memory.fill", .memory, .bulkMemory),
            .init(.tableInit, "table.init", .elementAndTable, .bulkMemory),
            .init(.elemDrop, "elem.drop", .element, .bulkMemory),
            .init(.tableCopy, "table.copy", .tableAndTable, .bulkMemory),
            .init(.tableGrow, "table.grow", .table, .referenceTypes),
            .init(.tableSize, "table.size", .table, .referenceTypes),
            .init(.tableFill, "table.fill", .table, .referenceTypes),
            .init(.i64Add128, "i64.add128", "llll:ll", .wideArithmetic),
            .init(.i64Sub128, "i64.sub128", "llll:ll", .wideArithmetic),
            .init(.i64MulWideS, "i64.mul_wide_s", "ll:ll", .wideArithmetic),
            .init(.i64MulWideU, "i64.mul_wide_u", "ll:ll", .wideArithmetic),
        ]
    }
}
