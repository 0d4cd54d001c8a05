// The host module `spectest`, which the reference interpreter gives to every script.

import Execution
import WasmEngine
import WasmTypes

extension Linker {
    /// Defines everything that `spectest` exports, made new in `store`.
    mutating func defineSpectest(in store: Store) throws(Trap) {
        let functions: [(String, [ValueType])] = [
            ("print", []), ("print_i32", [.i32]), ("print_i64", [.i64]), ("print_f32", [.f32]), ("print_f64", [.f64]),
            ("print_i32_f32", [.i32, .f32]), ("print_f64_f64", [.f64, .f64]),
        ]
        for (name, parameters) in functions {
            let function = store.makeFunction(
                name: "spectest.\(name)", type: FunctionType(parameters: parameters, results: [])
            ) { _ in }
            define(.function(function), module: "spectest", name: name)
        }
        let globals: [(String, ValueType, UInt64)] = [
            ("global_i32", .i32, 666), ("global_i64", .i64, 666),
            ("global_f32", .f32, UInt64(Float(666.6).bitPattern)), ("global_f64", .f64, Double(666.6).bitPattern),
        ]
        for (name, type, value) in globals {
            let global = Global(type: GlobalType(valueType: type, isMutable: false), value: value)
            define(.global(global), module: "spectest", name: name)
        }
        let limits = Limits(minimum: 10, maximum: 20)
        let table = TableType(elementType: .funcref, limits: limits)
        define(.table(try store.makeTable(table)), module: "spectest", name: "table")
        let wideTable = TableType(elementType: .funcref, limits: limits, addressType: .i64)
        define(.table(try store.makeTable(wideTable)), module: "spectest", name: "table64")
        let memory = MemoryType(limits: Limits(minimum: 1, maximum: 2))
        define(.memory(try store.makeMemory(memory)), module: "spectest", name: "memory")
        var sharedMemory = memory
        sharedMemory.isShared = true
        define(.memory(try store.makeMemory(sharedMemory)), module: "spectest", name: "shared_memory")
    }
}
