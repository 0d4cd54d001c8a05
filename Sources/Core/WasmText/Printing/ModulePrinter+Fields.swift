// Fields as text (core specification, section 6.6).

import InternalUtilities
import WasmBinary
import WasmTypes

extension ModulePrinter {
    mutating func printImports() throws(BinaryError) {
        var counts = (functions: 0, tables: 0, memories: 0, globals: 0, tags: 0)
        for item in module.imports {
            output.newLine(1)
            output.write("(import ")
            output.writeString(item.module)
            output.write(" ")
            output.writeString(item.name)
            output.write(" ")
            switch item.type {
            case .function:
                beginItem("func", counts.functions, functions)
                setLocals(of: counts.functions, count: nil)
                write(function: counts.functions)
                counts.functions += 1
            case .table(let type):
                beginItem("table", counts.tables, tables)
                write(type)
                counts.tables += 1
            case .memory(let type):
                beginItem("memory", counts.memories, memories)
                write(type)
                counts.memories += 1
            case .global(let type):
                beginItem("global", counts.globals, globals)
                write(type)
                counts.globals += 1
            case .tag(let type):
                beginItem("tag", counts.tags, tags)
                write(typeUse: type.type)
                counts.tags += 1
            }
            output.write("))")
            try checkLimit()
        }
    }

    /// Makes the names of a function's locals the current ones.
    ///
    /// - Parameter count: how many locals there are beside the parameters; nil for an imported function.
    mutating func setLocals(of function: Int, count: Int?) {
        let parameters = module.functionType(at: module.functions[function])?.parameters.count ?? 0
        let map = names.locals[UInt32(truncatingIfNeeded: function)]
        locals = IdentifierTable(map, count: parameters + (count ?? 0))
    }

    mutating func printTable(_ index: Int) throws(BinaryError) {
        let table = module.tables[index]
        beginField("table", index, tables)
        write(table.type)
        if let initializer = table.initializer {
            output.write(" ")
            try write(initializer, keyword: nil)
        }
        output.write(")")
    }

    mutating func printMemory(_ index: Int) {
        beginField("memory", index, memories)
        write(module.memories[index])
        output.write(")")
    }

    mutating func printTag(_ index: Int) throws(BinaryError) {
        beginField("tag", index, tags)
        write(typeUse: module.tags[index].type)
        output.write(")")
        try checkLimit()
    }

    mutating func printGlobal(_ index: Int) throws(BinaryError) {
        let global = module.globals[index]
        beginField("global", index, globals)
        write(global.type)
        if let initializer = global.initializer {
            output.write(" ")
            try write(initializer, keyword: nil)
        }
        output.write(")")
        try checkLimit()
    }

    mutating func printExport(_ export: Export) throws(BinaryError) {
        try checkLimit()
        output.newLine(1)
        output.write("(export ")
        output.writeString(export.name)
        switch export.index {
        case .function(let index): output.write(" (func \(functions.reference(index.rawValue))))")
        case .table(let index): output.write(" (table \(tables.reference(index.rawValue))))")
        case .memory(let index): output.write(" (memory \(memories.reference(index.rawValue))))")
        case .global(let index): output.write(" (global \(globals.reference(index.rawValue))))")
        case .tag(let index): output.write(" (tag \(tags.reference(index.rawValue))))")
        }
    }

    // MARK: - Segments

    mutating func printElements(_ index: Int) throws(BinaryError) {
        let segment = module.elements[index]
        beginField("elem", index, elements)
        switch segment.mode {
        case .passive: break
        case .declarative: output.write(" declare")
        case .active(let table, let offset):
            if table.rawValue != 0 { output.write(" (table \(tables.reference(table.rawValue)))") }
            output.write(" ")
            try write(offset, keyword: "offset")
        }
        switch segment.items {
        case .functions(let count, let extent):
            output.write(" func")
            let source = source
            var reader = ByteReader(source.bytes, extent: extent)
            for _ in 0..<count {
                output.writeWord(functions.reference(try reader.readVarUInt32()))
                try checkLimit()
            }
        case .expressions(let expressions):
            output.writeWord(text(segment.type))
            for expression in expressions {
                output.write(" ")
                try write(expression, keyword: "item")
                try checkLimit()
            }
        }
        output.write(")")
        try checkLimit()
    }

    mutating func printData(_ index: Int) throws(BinaryError) {
        let segment = module.data[index]
        beginField("data", index, data)
        if case .active(let memory, let offset) = segment.mode {
            if memory.rawValue != 0 { output.write(" (memory \(memories.reference(memory.rawValue)))") }
            output.write(" ")
            try write(offset, keyword: "offset")
        }
        output.write(" ")
        writeBytes(segment.bytes)
        output.write(")")
        try checkLimit()
    }

    private mutating func writeBytes(_ extent: ByteExtent) {
        output.writeString(extent, of: source)
    }

    // MARK: - Custom sections

    /// Custom sections as annotations, but for the names, which stand where they belong.
    mutating func printCustomSections() {
        let lastNames = module.customSections.lastIndex { $0.name == "name" }
        let placements = customPlacements()
        for (index, section) in module.customSections.enumerated() where index != lastNames {
            output.newLine(1)
            output.write("(@custom ")
            output.writeString(section.name)
            output.write(index < placements.count ? placements[index] : "")
            if !section.bytes.isEmpty {
                output.write(" ")
                writeBytes(section.bytes)
            }
            output.write(")")
        }
    }

    /// For each custom section, after which other section it stands, as text with a blank before it.
    private func customPlacements() -> [String] {
        var placements: [String] = []
        var last: Section?
        var reader = module.reader(of: module.extent)
        do throws(BinaryError) {
            try reader.skip(8)
            while !reader.isAtEnd {
                let section = Section(rawValue: try reader.readByte())
                let size = Int(try reader.readVarUInt32())
                let isEmpty = reader.peekByte() == 0
                try reader.skip(size)
                if section == .custom {
                    let name = Section.textNames.first { $0.value == last }?.key
                    placements.append(name.map { " (after \($0))" } ?? " (before first)")
                } else if section == .start || (section != .dataCount && !isEmpty) {
                    // Sections that say nothing are not written again.
                    last = section
                }
            }
        } catch {
            // The decoder has walked these sections before.
        }
        return placements
    }
}
