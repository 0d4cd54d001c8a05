// Functions and expressions as text: the layout of their instructions.

import InternalUtilities
import WasmBinary
import WasmTypes

/// The labels that are in scope, for printing.
struct PrintedLabels {
    private var names: [String?] = []
    /// The depths of the open blocks with a name, the innermost last.
    private var depths: [ExactString: [Int]] = [:]

    var count: Int { names.count }

    mutating func push(_ name: String?) {
        if let name { depths[ExactString(name), default: []].append(names.count) }
        names.append(name)
    }

    mutating func pop() {
        guard let last = names.popLast(), let name = last else { return }
        depths[ExactString(name)]?.removeLast()
        if depths[ExactString(name)]?.isEmpty == true { depths[ExactString(name)] = nil }
    }

    /// The identifier of the block so many blocks out, unless it has none or another has it further in.
    func identifier(_ index: UInt32) -> String? {
        let depth = names.count - 1 - Int(index)
        guard depth >= 0, let name = names[depth], depths[ExactString(name)]?.last == depth else { return nil }
        return TextWriter.identifier(name)
    }
}

extension ModulePrinter {
    mutating func printFunction(_ index: Int) throws(BinaryError) {
        guard let extent = module.body(of: FunctionIndex(UInt32(truncatingIfNeeded: index))) else { return }
        let source = source
        var reader = ByteReader(source.bytes, extent: extent)
        let groups = try readLocals(&reader)
        setLocals(of: index, count: groups.reduce(0) { $0 + $1.count })
        beginField("func", index, functions)
        write(function: index)
        try printLocals(groups, first: module.functionType(at: module.functions[index])?.parameters.count ?? 0)
        try printInstructions(&reader, labelNames: names.labels[UInt32(truncatingIfNeeded: index)])
        output.newLine(1)
        output.write(")")
        try checkLimit()
    }

    private func readLocals(_ reader: inout ByteReader) throws(BinaryError) -> [(type: ValueType, count: Int)] {
        let start = reader.position
        var groups: [(type: ValueType, count: Int)] = []
        var total = 0
        for _ in 0..<(try reader.readVarUInt32()) {
            let count = Int(try reader.readVarUInt32())
            total += count
            guard total <= DecodingLimits.functionLocals else {
                throw BinaryError(
                    .limit, "too many locals: \(total), and at most \(DecodingLimits.functionLocals) are allowed", at: start)
            }
            groups.append((try reader.readValueType(), count))
        }
        return groups
    }

    private mutating func printLocals(
        _ groups: [(type: ValueType, count: Int)], first: Int
    ) throws(BinaryError) {
        var index = first
        var isOpen = false
        guard groups.contains(where: { $0.count > 0 }) else { return }
        output.newLine(2)
        var isFirst = true
        for group in groups {
            for _ in 0..<group.count {
                let number = UInt32(truncatingIfNeeded: index)
                if locals.hasName(number) {
                    if isOpen { output.write(")") }
                    output.write("\(isFirst ? "" : " ")(local\(locals.binding(number)) \(text(group.type)))")
                    isOpen = false
                } else {
                    if !isOpen { output.write(isFirst ? "(local" : " (local") }
                    output.writeWord(text(group.type))
                    isOpen = true
                }
                isFirst = false
                index += 1
                try checkLimit()
            }
        }
        if isOpen { output.write(")") }
    }

    /// Prints a body's instructions, each on a line of its own, without the `end` of the body.
    private mutating func printInstructions(_ reader: inout ByteReader, labelNames: NameMap) throws(BinaryError) {
        labels = PrintedLabels()
        var blockCount: UInt32 = 0
        while true {
            let start = reader.position
            let opcode = try reader.readOpcode()
            switch opcode {
            case .end where labels.count == 0:
                guard reader.isAtEnd else {
                    throw BinaryError(.malformed, "unexpected content after the end of a function", at: reader.position)
                }
                return
            case .end, .delegate:
                output.newLine(labels.count + 1)
                labels.pop()
                try printInstruction(opcode, &reader)
            case .else, .catch, .catchAll:
                output.newLine(labels.count + 1)
                try printInstruction(opcode, &reader)
            case .block, .loop, .if, .try, .tryTable:
                output.newLine(labels.count + 2)
                guard labels.count < DecodingLimits.blockDepth else {
                    throw BinaryError(.limit, "blocks nested too deeply", at: start)
                }
                let name = labelNames[blockCount]
                output.write(opcode.mnemonic)
                if let name { output.write(TextWriter.identifier(name).map { " " + $0 } ?? " (@name \"\")") }
                try printBlockImmediates(opcode, &reader)
                labels.push(name)
                blockCount += 1
            default:
                output.newLine(labels.count + 2)
                try printInstruction(opcode, &reader)
            }
            try checkLimit()
        }
    }

    // MARK: - Expressions

    /// Writes a constant expression: as a folded instruction if it is just one, otherwise in the group that `keyword`
    /// begins, or bare if there is no keyword.
    mutating func write(_ expression: ConstantExpression, keyword: StaticString?) throws(BinaryError) {
        let source = source
        var reader = ByteReader(source.bytes, extent: expression.extent)
        labels = PrintedLabels()
        if let keyword {
            var ahead = ByteReader(source.bytes, extent: expression.extent)
            let first = try ahead.readOpcode()
            if first != .end, first != .block, first != .loop, first != .if, first != .try, first != .tryTable {
                try ahead.skipImmediates(of: first)
                if try ahead.readOpcode() == .end, ahead.isAtEnd {
                    output.write("(")
                    try printInstruction(try reader.readOpcode(), &reader)
                    output.write(")")
                    return
                }
            }
            output.write("(")
            output.write(keyword)
        }
        var isFirst = keyword == nil
        while true {
            let opcode = try reader.readOpcode()
            if opcode == .end, labels.count == 0 { break }
            if !isFirst { output.write(" ") }
            isFirst = false
            switch opcode {
            case .end, .delegate:
                labels.pop()
                try printInstruction(opcode, &reader)
            case .block, .loop, .if, .try, .tryTable:
                output.write(opcode.mnemonic)
                try printBlockImmediates(opcode, &reader)
                labels.push(nil)
            default: try printInstruction(opcode, &reader)
            }
            try checkLimit()
        }
        if keyword != nil { output.write(")") }
    }
}
