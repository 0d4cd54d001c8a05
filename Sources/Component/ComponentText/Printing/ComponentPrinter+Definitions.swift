// Imports, exports, instances, aliases and canonical definitions as text (Explainer.md).

import InternalUtilities
import WasmBinary
import WasmText
import WasmTypes

extension ComponentPrinter {
    // MARK: - Names

    mutating func printExternName(_ reader: inout ByteReader) throws(BinaryError) {
        let start = reader.position
        let code = try reader.readByte()
        guard code <= 2 else { throw BinaryError(.malformed, "unknown kind of name", at: start) }
        output.writeString(try reader.readName())
        guard code == 2 else { return }
        for _ in 0..<(try reader.readVarUInt32()) {
            let start = reader.position
            switch try reader.readByte() {
            case 0x00: output.write(" (implements ")
            case 0x01: output.write(" (versionsuffix ")
            case 0x02: output.write(" (external-id ")
            default: throw BinaryError(.malformed, "unknown attribute of a name", at: start)
            }
            output.writeString(try reader.readName())
            output.write(")")
        }
    }

    private func skipExternName(_ reader: inout ByteReader) throws(BinaryError) {
        let code = try reader.readByte()
        _ = try reader.readName()
        guard code == 2 else { return }
        for _ in 0..<(try reader.readVarUInt32()) {
            _ = try reader.readByte()
            _ = try reader.readName()
        }
    }

    // MARK: - Imports and exports

    mutating func printImport(_ reader: inout ByteReader) throws(BinaryError) {
        output.write("(import ")
        try printExternName(&reader)
        output.write(" ")
        try printExternType(&reader, isBinding: true)
        output.write(")")
    }

    mutating func printExport(_ reader: inout ByteReader) throws(BinaryError) {
        // The identifier stands first, the sort that it is of comes later.
        var ahead = reader
        try skipExternName(&ahead)
        let sort = try ComponentNameSection.readSort(&ahead)
        output.write("(export")
        let item = reference(sort, try ahead.readVarUInt32())
        writeBinding(sort)
        output.write(" ")
        try printExternName(&reader)
        reader.seek(to: ahead.position)
        output.write(" (\(sort.text) \(item))")
        if try readFlag(&reader) {
            output.write(" ")
            try printExternType(&reader, isBinding: false)
        }
        output.write(")")
    }

    /// Prints `(func $f (type 0))` and so on.
    ///
    /// - Parameter isBinding: whether an index is taken and named here.
    mutating func printExternType(_ reader: inout ByteReader, isBinding: Bool) throws(BinaryError) {
        let start = reader.position
        let sort = try ComponentNameSection.readSort(&reader)
        output.write("(\(sort.text)")
        // What is referred to stands before what is bound.
        var form: String
        switch sort {
        case .coreModule: form = " (type \(reference(.coreType, try reader.readVarUInt32())))"
        case .function, .component, .instance: form = " (type \(reference(.type, try reader.readVarUInt32())))"
        case .type:
            form = try readFlag(&reader) ? " (sub resource)" : " (eq \(reference(.type, try reader.readVarUInt32())))"
        case .value:
            if try readFlag(&reader) {
                if isBinding { writeBinding(.value) }
                try printValueType(&reader)
                output.write(")")
                return
            }
            form = " (eq \(reference(.value, try reader.readVarUInt32())))"
        default: throw BinaryError(.malformed, "a \(sort.text) cannot be imported or exported", at: start)
        }
        if isBinding { writeBinding(sort) }
        form += ")"
        output.write(form)
    }

    // MARK: - Instances

    mutating func printCoreInstance(_ reader: inout ByteReader) throws(BinaryError) {
        output.write("(core instance")
        let start = reader.position
        switch try reader.readByte() {
        case 0x00:
            let module = reference(.coreModule, try reader.readVarUInt32())
            var arguments: [(String, String)] = []
            for _ in 0..<(try reader.readVarUInt32()) {
                let name = try reader.readName()
                guard try reader.readByte() == 0x12 else { throw BinaryError(.malformed, "malformed argument", at: start) }
                arguments.append((name, reference(.coreInstance, try reader.readVarUInt32())))
            }
            writeBinding(.coreInstance)
            output.write(" (instantiate \(module)")
            for argument in arguments {
                beginItem("(with ")
                output.writeString(argument.0)
                output.write(" (instance \(argument.1)))")
            }
            output.write(")")
        case 0x01:
            var exports: [(String, StaticString, String)] = []
            for _ in 0..<(try reader.readVarUInt32()) {
                let name = try reader.readName()
                let code = try reader.readByte()
                guard let sort = ItemSort.allCases.first(where: { $0.coreCode == code }) else {
                    throw BinaryError(.malformed, "malformed export", at: start)
                }
                exports.append((name, sort.text, reference(sort, try reader.readVarUInt32())))
            }
            writeBinding(.coreInstance)
            for export in exports {
                beginItem("(export ")
                output.writeString(export.0)
                // Here all sorts are core sorts, without saying so.
                output.write(" (\(String(describing: export.1).dropFirst(5)) \(export.2)))")
            }
        default: throw BinaryError(.malformed, "malformed core instance", at: start)
        }
        output.write(")")
    }

    mutating func printInstance(_ reader: inout ByteReader) throws(BinaryError) {
        output.write("(instance")
        let start = reader.position
        switch try reader.readByte() {
        case 0x00:
            let component = reference(.component, try reader.readVarUInt32())
            var arguments: [(String, StaticString, String)] = []
            for _ in 0..<(try reader.readVarUInt32()) {
                let name = try reader.readName()
                let sort = try ComponentNameSection.readSort(&reader)
                arguments.append((name, sort.text, reference(sort, try reader.readVarUInt32())))
            }
            writeBinding(.instance)
            output.write(" (instantiate \(component)")
            for argument in arguments {
                beginItem("(with ")
                output.writeString(argument.0)
                output.write(" (\(argument.1) \(argument.2)))")
            }
            output.write(")")
        case 0x01:
            // Nothing in it can refer to the instance, so it may have its index already.
            let last = scopes.count - 1
            let before = scopes[last]
            writeBinding(.instance)
            let after = scopes[last]
            for _ in 0..<(try reader.readVarUInt32()) {
                beginItem("(export ")
                try printExternName(&reader)
                scopes[last] = before
                let sort = try ComponentNameSection.readSort(&reader)
                output.write(" (\(sort.text) \(reference(sort, try reader.readVarUInt32()))))")
                scopes[last] = after
            }
        default: throw BinaryError(.malformed, "malformed instance", at: start)
        }
        output.write(")")
    }

    /// Begins a line for a part of the definition that is being printed.
    private mutating func beginItem(_ opening: StaticString) {
        output.newLine(indentation + 1)
        output.write(opening)
    }

    // MARK: - Aliases

    mutating func printAlias(_ reader: inout ByteReader) throws(BinaryError) {
        let start = reader.position
        let sort = try ComponentNameSection.readSort(&reader)
        switch try reader.readByte() {
        case 0x00:
            let instance = reference(.instance, try reader.readVarUInt32())
            output.write("(alias export \(instance) ")
            output.writeString(try reader.readName())
        case 0x01:
            let instance = reference(.coreInstance, try reader.readVarUInt32())
            output.write("(alias core export \(instance) ")
            output.writeString(try reader.readName())
        case 0x02:
            let depth = try reader.readVarUInt32()
            output.write("(alias outer \(depth) \(try reader.readVarUInt32())")
        default: throw BinaryError(.malformed, "unknown kind of alias", at: start)
        }
        output.write(" (\(sort.text)")
        writeBinding(sort)
        output.write("))")
    }

    // MARK: - Canonical definitions

    mutating func printCanonical(_ reader: inout ByteReader) throws(BinaryError) {
        let start = reader.position
        let code = try reader.readByte()
        if code == 0x00 {
            guard try reader.readByte() == 0 else { throw BinaryError(.malformed, "malformed lift", at: start) }
            let function = reference(.coreFunction, try reader.readVarUInt32())
            let options = try readOptions(&reader)
            let type = reference(.type, try reader.readVarUInt32())
            output.write("(func")
            writeBinding(.function)
            output.write(" (type \(type)) (canon lift (core func \(function))\(options)))")
            return
        }
        let text = code == 0x01 ? try readLower(&reader) : try readBuiltIn(code, &reader, at: start)
        output.write("(core func")
        writeBinding(.coreFunction)
        output.write(" (canon \(text)))")
    }

    private mutating func readLower(_ reader: inout ByteReader) throws(BinaryError) -> String {
        let start = reader.position
        guard try reader.readByte() == 0 else { throw BinaryError(.malformed, "malformed lower", at: start) }
        let function = reference(.function, try reader.readVarUInt32())
        return "lower (func \(function))\(try readOptions(&reader))"
    }

    private mutating func readBuiltIn(
        _ code: UInt8, _ reader: inout ByteReader, at start: Int
    ) throws(BinaryError) -> String {
        guard let builtIn = BuiltIn.byCode[code] else {
            throw BinaryError(.malformed, "unknown canonical definition 0x\(String(code, radix: 16))", at: start)
        }
        var text = builtIn.name
        switch builtIn.immediates {
        case .none: break
        case .type: text += " " + reference(.type, try reader.readVarUInt32())
        case .typeAndOptions:
            text += " " + reference(.type, try reader.readVarUInt32())
            text += try readOptions(&reader)
        case .typeAndAsync:
            text += " " + reference(.type, try reader.readVarUInt32())
            if try readFlag(&reader) { text += " async" }
        case .async: if try readFlag(&reader) { text += " async" }
        case .cancellable: if try readFlag(&reader) { text += " cancellable" }
        case .cancellableAndMemory:
            if try readFlag(&reader) { text += " cancellable" }
            text += " (memory \(reference(.coreMemory, try reader.readVarUInt32())))"
        case .options: text += try readOptions(&reader)
        case .context:
            text += " " + coreText(try reader.readValueType())
            text += " \(try reader.readVarUInt32())"
        case .resultAndOptions:
            var output = TextWriter()
            swap(&output, &self.output)
            defer { swap(&output, &self.output) }
            try printResult(&reader)
            text += String(decoding: self.output.bytes, as: UTF8.self)
            text += try readOptions(&reader)
        case .shared: if try readFlag(&reader) { text += " shared" }
        case .sharedAndCoreType:
            if try readFlag(&reader) { text += " shared" }
            text += " " + reference(.coreType, try reader.readVarUInt32())
        case .coreTypeAndTable, .sharedAndCoreTypeAndTable:
            if case .sharedAndCoreTypeAndTable = builtIn.immediates, try readFlag(&reader) { text += " shared" }
            text += " " + reference(.coreType, try reader.readVarUInt32())
            text += " (core table \(reference(.coreTable, try reader.readVarUInt32())))"
        }
        return text
    }

    /// Options, each after a blank.
    private func readOptions(_ reader: inout ByteReader) throws(BinaryError) -> String {
        var text = ""
        for _ in 0..<(try reader.readVarUInt32()) {
            let start = reader.position
            switch try reader.readByte() {
            case 0x00: text += " string-encoding=utf8"
            case 0x01: text += " string-encoding=utf16"
            case 0x02: text += " string-encoding=latin1+utf16"
            case 0x03: text += " (memory \(reference(.coreMemory, try reader.readVarUInt32())))"
            case 0x04: text += " (realloc (core func \(reference(.coreFunction, try reader.readVarUInt32()))))"
            case 0x05: text += " (post-return (core func \(reference(.coreFunction, try reader.readVarUInt32()))))"
            case 0x06: text += " async"
            case 0x07: text += " (callback (core func \(reference(.coreFunction, try reader.readVarUInt32()))))"
            case 0x08: text += " (core-type (core type \(reference(.coreType, try reader.readVarUInt32()))))"
            case 0x09: text += " gc"
            default: throw BinaryError(.malformed, "unknown canonical option", at: start)
            }
        }
        return text
    }
}
