// Rows of the instruction table: references and aggregates (core specification, sections 5.4.2 and 5.4.3).

import WasmTypes

extension Instruction {
    static func referenceRows() -> [Instruction] {
        [
            .init(.refNull, "ref.null", .heapType, .referenceTypes),
            .init(.refIsNull, "ref.is_null", .referenceTypes),
            .init(.refFunc, "ref.func", .function, .referenceTypes),
            .init(.refEq, "ref.eq", .gc),
            .init(.refAsNonNull, "ref.as_non_null", .functionReferences),
            .init(.brOnNull, "br_on_null", .label, .functionReferences),
            .init(.brOnNonNull, "br_on_non_null", .label, .functionReferences),
            .init(.structNew, "struct.new", .type, .gc),
            .init(.structNewDefault, "struct.new_default", .type, .gc),
            .init(.structGet, "struct.get", .typeAndField, .gc),
            .init(.structGetS, "struct.get_s", .typeAndField, .gc),
            .init(.structGetU, "struct.get_u", .typeAndField, .gc),
            .init(.structSet, "struct.set", .typeAndField, .gc),
            .init(.arrayNew, "array.new", .type, .gc),
            .init(.arrayNewDefault, "array.new_default", .type, .gc),
            .init(.arrayNewFixed, "array.new_fixed", .typeAndCount, .gc),
            .init(.arrayNewData, "array.new_data", .typeAndData, .gc),
            .init(.arrayNewElem, "array.new_elem", .typeAndElement, .gc),
            .init(.arrayGet, "array.get", .type, .gc),
            .init(.arrayGetS, "array.get_s", .type, .gc),
            .init(.arrayGetU, "array.get_u", .type, .gc),
            .init(.arraySet, "array.set", .type, .gc),
            .init(.arrayLen, "array.len", .gc),
            .init(.arrayFill, "array.fill", .type, .gc),
            .init(.arrayCopy, "array.copy", .typeAndType, .gc),
            .init(.arrayInitData, "array.init_data", .typeAndData, .gc),
            .init(.arrayInitElem, "array.init_elem", .typeAndElement, .gc),
            .init(.refTest, "ref.test", .heapType, .gc),
            .init(.refTestNull, "ref.test", .heapType, .gc),
            .init(.refCast, "ref.cast", .heapType, .gc),
            .init(.refCastNull, "ref.cast", .heapType, .gc),
            .init(.brOnCast, "br_on_cast", .branchCast, .gc),
            .init(.brOnCastFail, "br_on_cast_fail", .branchCast, .gc),
            .init(.anyConvertExtern, "any.convert_extern", .gc),
            .init(.externConvertAny, "extern.convert_any", .gc),
            .init(.refI31, "ref.i31", .gc),
            .init(.i31GetS, "i31.get_s", .gc),
            .init(.i31GetU, "i31.get_u", .gc),
        ]
    }
}
