// Types as text (core specification, section 6.4).

import WasmBinary
import WasmTypes

extension ModulePrinter {
    /// A function type longer than this is not repeated beside its index.
    private static let longestRepeatedType = 32

    func text(_ type: ValueType) -> String {
        guard let heapType = type.heapType, case .defined = heapType else { return type.description }
        return "(ref \(type.isNullable ? "null " : "")\(text(heapType)))"
    }

    func text(_ type: HeapType) -> String {
        if case .defined(let index) = type { return types.reference(index.rawValue) }
        return type.description
    }

    mutating func printTypes() throws(BinaryError) {
        for group in module.recursionGroups {
            let isGroup = group.count != 1
            if isGroup {
                output.newLine(1)
                output.write("(rec")
            }
            for index in group {
                printType(index, depth: isGroup ? 2 : 1)
                try checkLimit()
            }
            if isGroup { output.write(")") }
        }
    }

    private mutating func printType(_ index: Int, depth: Int) {
        let type = module.types[index]
        output.newLine(depth)
        beginItem("type", index, types)
        output.write(" ")
        let isSubtype = !type.isFinal || type.supertype != nil
        if isSubtype {
            output.write(type.isFinal ? "(sub final " : "(sub ")
            if let supertype = type.supertype { output.write(types.reference(supertype.rawValue) + " ") }
        }
        switch type.composite {
        case .function(let function):
            output.write("(func")
            write(parameters: function.parameters)
            write(results: function.results)
            output.write(")")
        case .structure(let fields):
            output.write("(struct")
            let identifiers = IdentifierTable(names.fields[UInt32(truncatingIfNeeded: index)], count: fields.count)
            for (position, field) in fields.enumerated() {
                output.write(" (field\(identifiers.binding(UInt32(truncatingIfNeeded: position))) \(text(field)))")
            }
            output.write(")")
        case .array(let element):
            output.write("(array \(text(element)))")
        }
        output.write(isSubtype ? "))" : ")")
    }

    private func text(_ field: FieldType) -> String {
        let storage =
            switch field.storage {
            case .value(let type): text(type)
            case .i8, .i16: field.storage.description
            }
        return field.isMutable ? "(mut \(storage))" : storage
    }

    private mutating func write(parameters: [ValueType]) {
        if parameters.isEmpty { return }
        output.write(" (param")
        for type in parameters { output.writeWord(text(type)) }
        output.write(")")
    }

    private mutating func write(results: [ValueType]) {
        if results.isEmpty { return }
        output.write(" (result")
        for type in results { output.writeWord(text(type)) }
        output.write(")")
    }

    /// A type use: the index, and for the reader's sake the type.
    mutating func write(typeUse index: TypeIndex) {
        output.write(" (type \(types.reference(index.rawValue)))")
        guard let type = module.functionType(at: index),
            type.parameters.count + type.results.count <= Self.longestRepeatedType
        else { return }
        write(parameters: type.parameters)
        write(results: type.results)
    }

    /// The type use of a function whose parameters may have names.
    mutating func write(function: Int) {
        let index = module.functions[function]
        guard let type = module.functionType(at: index),
            type.parameters.indices.contains(where: { locals.hasName(UInt32(truncatingIfNeeded: $0)) })
        else { return write(typeUse: index) }
        output.write(" (type \(types.reference(index.rawValue)))")
        for (position, parameter) in type.parameters.enumerated() {
            let position = UInt32(truncatingIfNeeded: position)
            output.write(" (param\(locals.binding(position)) \(text(parameter)))")
        }
        write(results: type.results)
    }

    // MARK: - External types

    mutating func write(_ type: TableType) {
        if type.addressType == .i64 { output.write(" i64") }
        write(type.limits)
        output.writeWord(text(type.elementType))
    }

    mutating func write(_ type: MemoryType) {
        if type.addressType == .i64 { output.write(" i64") }
        write(type.limits)
        if type.isShared { output.write(" shared") }
        if type.pageSizeLog2 != 16 { output.write(" (pagesize \(UInt64(1) << UInt64(min(63, type.pageSizeLog2))))") }
    }

    private mutating func write(_ limits: Limits) {
        output.write(" \(limits.minimum)")
        if let maximum = limits.maximum { output.write(" \(maximum)") }
    }

    mutating func write(_ type: GlobalType) {
        output.write(type.isMutable ? " (mut \(text(type.valueType)))" : " \(text(type.valueType))")
    }
}
