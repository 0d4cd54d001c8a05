// The rules for element and data segments (core specification, sections 3.5.8 and 3.5.9).

import InternalUtilities
import WasmBinary
import WasmTypes

extension ModuleValidator {
    mutating func validateElements(in types: TypeTable) throws(BinaryError) {
        let module = module
        for segment in module.elements {
            // `funcref` and the like without reference types is how the MVP's only kind of segment reads.
            if segment.type.heapType != .function { try validate(segment.type, at: segment.offset) }
            switch segment.items {
            case .functions(let count, let extent):
                var reader = module.reader(of: extent)
                for _ in 0..<count {
                    let offset = reader.position
                    try declare(FunctionIndex(try reader.readVarUInt32()), at: offset)
                }
            case .expressions(let expressions):
                for expression in expressions {
                    try validate(expression, type: segment.type, globalCount: module.globals.count, in: types)
                }
            }
            switch segment.mode {
            case .passive, .declarative:
                try require(.bulkMemory, for: "passive element segments", at: segment.offset)
            case .active(let table, let offset):
                guard table.position < module.tables.count else {
                    throw unknown("table", table.rawValue, at: segment.offset)
                }
                let type = module.tables[table.position].type
                guard types.matches(segment.type.word, type.elementType.word) else {
                    throw invalid(
                        "type mismatch: the element segment's type \(segment.type) does not match the table's element type \(type.elementType)",
                        at: segment.offset)
                }
                try validate(offset, type: type.addressType.valueType, globalCount: module.globals.count, in: types)
            }
        }
    }

    mutating func validateData(in types: TypeTable) throws(BinaryError) {
        for segment in module.data {
            switch segment.mode {
            case .passive: try require(.bulkMemory, for: "passive data segments", at: segment.bytes.lowerBound)
            case .active(let memory, let offset):
                guard memory.position < module.memories.count else {
                    throw unknown("memory", memory.rawValue, at: segment.bytes.lowerBound)
                }
                let type = module.memories[memory.position].addressType.valueType
                try validate(offset, type: type, globalCount: module.globals.count, in: types)
            }
        }
    }
}
