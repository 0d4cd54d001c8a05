// Rows of the instruction table: control, parametric, variable and table access instructions (core specification,
// section 5.4.1 to 5.4.5).

import WasmTypes

extension Instruction {
    static func controlRows() -> [Instruction] {
        [
            .init(.unreachable, "unreachable"),
            .init(.nop, "nop"),
            .init(.block, "block", .blockType),
            .init(.loop, "loop", .blockType),
            .init(.if, "if", .blockType),
            .init(.else, "else"),
            .init(.try, "try", .blockType, .legacyExceptions),
            .init(.catch, "catch", .tag, .legacyExceptions),
            .init(.throw, "throw", .tag, .exceptions),
            .init(.rethrow, "rethrow", .label, .legacyExceptions),
            .init(.throwRef, "throw_ref", .exceptions),
            .init(.end, "end"),
            .init(.br, "br", .label),
            .init(.brIf, "br_if", .label),
            .init(.brTable, "br_table", .labelTable),
            .init(.return, "return"),
            .init(.call, "call", .function),
            .init(.callIndirect, "call_indirect", .typeAndTable),
            .init(.returnCall, "return_call", .function, .tailCalls),
            .init(.returnCallIndirect, "return_call_indirect", .typeAndTable, .tailCalls),
            .init(.callRef, "call_ref", .type, .functionReferences),
            .init(.returnCallRef, "return_call_ref", .type, .functionReferences),
            .init(.delegate, "delegate", .label, .legacyExceptions),
            .init(.catchAll, "catch_all", .legacyExceptions),
            .init(.drop, "drop"),
            .init(.select, "select"),
            .init(.selectTyped, "select", .valueTypes, .referenceTypes),
            .init(.tryTable, "try_table", .tryTable, .exceptions),
            .init(.localGet, "local.get", .local),
            .init(.localSet, "local.set", .local),
            .init(.localTee, "local.tee", .local),
            .init(.globalGet, "global.get", .global),
            .init(.globalSet, "global.set", .global),
            .init(.tableGet, "table.get", .table, .referenceTypes),
            .init(.tableSet, "table.set", .table, .referenceTypes),
        ]
    }
}
