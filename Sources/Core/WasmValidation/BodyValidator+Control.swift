// Blocks, branches, calls and exceptions (core specification, section 3.4.2).

import InternalUtilities
import WasmBinary
import WasmTypes

extension BodyValidator {
    struct BlockSignature {
        var parameters: TypeList
        var results: TypeList
    }

    /// Reads a block type and gives the lists that it stands for.
    @inline(__always)
    mutating func readBlockType(_ reader: inout ByteReader) throws(BinaryError) -> BlockSignature {
        if reader.peekByte() == 0x40 {
            try reader.skip(1)
            return BlockSignature(parameters: .empty, results: .empty)
        }
        return try readLongBlockType(&reader)
    }

    @inline(never)
    private mutating func readLongBlockType(_ reader: inout ByteReader) throws(BinaryError) -> BlockSignature {
        switch try reader.readBlockType() {
        case .empty: return BlockSignature(parameters: .empty, results: .empty)
        case .value(let type):
            try validate(type)
            if let list = types.singleList(of: type.word) { return BlockSignature(parameters: .empty, results: list) }
            words.push(type.word)
            return BlockSignature(parameters: .empty, results: TypeList(start: UInt32(words.count - 1), count: 1))
        case .type(let index):
            let type = try functionType(ofType: index.rawValue)
            guard context.features.contains(.multiValue) || (type.parameters.count == 0 && type.results.count <= 1) else {
                throw BinaryError.missing(.multiValue, for: "a block with parameters or several results", at: offset)
            }
            return BlockSignature(parameters: type.parameters, results: type.results)
        }
    }

    /// Without `else`, an `if` must give what it takes.
    @inline(never)
    mutating func checkIfWithoutElse(_ frame: ControlFrame) throws(BinaryError) {
        guard frame.parameters.count == frame.results.count else {
            throw invalid("type mismatch: an if without else must give what it takes")
        }
        for index in 0..<frame.parameters.count {
            let parameter = words[Int(frame.parameters.start + index)]
            guard types.matches(parameter, words[Int(frame.results.start + index)]) else {
                throw invalid("type mismatch: an if without else must give what it takes")
            }
        }
    }

    mutating func validateElse() throws(BinaryError) {
        let frame = try popFrame()
        guard frame.opcode == .if else {
            throw BinaryError(.malformed, "END opcode expected: else without if", at: offset)
        }
        pushFrame(.else, parameters: frame.parameters, results: frame.results)
    }

    mutating func validateBranchTable(_ reader: inout ByteReader) throws(BinaryError) {
        let count = try reader.readCount(limit: DecodingLimits.branchTableSize, of: "branch table labels")
        try pop(.i32)
        // The default label comes last but sets the number of values; what every label takes is checked against the stack,
        // which is left as it is.
        var arity: UInt32?
        var checked = TypeList.empty
        for _ in 0...count {
            let label = try labelTypes(try reader.readVarUInt32())
            if let arity, arity != label.count {
                throw invalid("type mismatch: the labels of br_table take \(arity) and \(label.count) values")
            }
            if arity != nil, label.start == checked.start { continue }
            arity = label.count
            checked = label
            try checkTop(label)
        }
        setUnreachable()
    }

    /// Checks that the operands on top match a list, and leaves them there.
    private mutating func checkTop(_ list: TypeList) throws(BinaryError) {
        var position = operands.count
        var index = Int(list.start &+ list.count)
        while index > Int(list.start) {
            index -= 1
            guard position > height else {
                if isUnreachable { return }
                throw mismatch(expected: describe(words[index]), found: "nothing")
            }
            position -= 1
            guard types.matches(operands[position], words[index]) else {
                throw mismatch(expected: describe(words[index]), found: describe(operands[position]))
            }
        }
    }

    // MARK: - Calls

    mutating func validateCallIndirect(_ reader: inout ByteReader) throws(BinaryError) -> FlatFunctionType {
        let typeIndex = try reader.readVarUInt32()
        let tableIndex = try reader.readVarUInt32()
        guard let table = context.tables.at(tableIndex) else { throw unknown("table", tableIndex) }
        let type = try functionType(ofType: typeIndex)
        guard types.matches(table.word, ValueType.funcref.word) else {
            throw mismatch(expected: "a table of funcref", found: "one of \(describe(table.word))")
        }
        try pop(table.address)
        try pop(type.parameters)
        return type
    }

    mutating func validateCallReference(_ reader: inout ByteReader) throws(BinaryError) -> FlatFunctionType {
        let index = try reader.readVarUInt32()
        let type = try functionType(ofType: index)
        try pop(.reference(.defined(TypeIndex(index)), nullable: true))
        try pop(type.parameters)
        return type
    }

    /// What every call has after its operands are taken.
    mutating func finishCall(_ type: FlatFunctionType) throws(BinaryError) {
        push(type.results)
        if operands.count > DecodingLimits.operandStackDepth { throw tooManyOperands() }
    }

    /// What every tail call has after its operands are taken: the callee's results must be the caller's.
    mutating func finishTailCall(_ type: FlatFunctionType) throws(BinaryError) {
        var matches = type.results.count == results.count
        for index in 0..<(matches ? results.count : 0) {
            matches = matches
                && types.matches(words[Int(type.results.start + index)], words[Int(results.start + index)])
        }
        guard matches else {
            throw mismatch(expected: "a callee with the caller's results \(describe(results))", found: describe(type.results))
        }
        setUnreachable()
    }

    // MARK: - Exceptions

    mutating func tagParameters(_ index: UInt32) throws(BinaryError) -> TypeList {
        guard let type = context.tags.at(index) else { throw unknown("tag", index) }
        return try functionType(ofType: type).parameters
    }

    mutating func validateTryTable(_ reader: inout ByteReader) throws(BinaryError) {
        let type = try readBlockType(&reader)
        let count = try reader.readCount(limit: DecodingLimits.catchClauses, of: "catch clauses")
        for _ in 0..<count {
            // The labels are those outside of the try_table.
            switch try reader.readCatchClause() {
            case .tag(let tag, let label):
                try checkCatch(try tagParameters(tag.rawValue), withException: false, label.rawValue)
            case .tagReference(let tag, let label):
                try checkCatch(try tagParameters(tag.rawValue), withException: true, label.rawValue)
            case .all(let label): try checkCatch(.empty, withException: false, label.rawValue)
            case .allReference(let label): try checkCatch(.empty, withException: true, label.rawValue)
            }
        }
        try pop(type.parameters)
        pushFrame(.tryTable, parameters: type.parameters, results: type.results)
        if frames.count > DecodingLimits.blockDepth { throw tooDeep() }
    }

    /// Checks that what a catch clause catches is what its label takes.
    private mutating func checkCatch(_ values: TypeList, withException: Bool, _ label: UInt32) throws(BinaryError) {
        let target = try labelTypes(label)
        var matches = target.count == values.count + (withException ? 1 : 0)
        if matches {
            for index in 0..<values.count {
                matches = matches
                    && types.matches(words[Int(values.start + index)], words[Int(target.start + index)])
            }
            if withException {
                let exception = ValueType.reference(.exception, nullable: false).word
                matches = matches && types.matches(exception, words[Int(target.start + values.count)])
            }
        }
        guard matches else {
            let found = [describe(values), withException ? "exnref" : ""].filter { !$0.isEmpty && $0 != "nothing" }
            throw mismatch(
                expected: "\(describe(target)) for label \(label)",
                found: found.isEmpty ? "nothing" : found.joined(separator: " "))
        }
    }
}
