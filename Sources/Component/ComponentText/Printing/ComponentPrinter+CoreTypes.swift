// Core types and types of modules as text (Explainer.md, "Type Definitions").

import InternalUtilities
import WasmBinary
import WasmText
import WasmTypes

extension ComponentPrinter {
    /// Prints a definition of the core type section, or a declaration of one.
    mutating func printCoreType(_ reader: inout ByteReader) throws(BinaryError) {
        if reader.peekByte() == 0x50 {
            reader.seek(to: reader.position + 1)
            output.write("(core type")
            let index = scopes[scopes.count - 1].take(.coreType)
            output.write(scopes[scopes.count - 1].binding(.coreType, index))
            output.write(" (;\(index);) ")
            try printModuleType(&reader)
            output.write(")")
            return
        }
        // A subtype that is not final is marked, because it begins like a module's type.
        if reader.peekByte() == 0x00 { reader.seek(to: reader.position + 1) }
        try printCoreDefinition("(core ", &reader)
    }

    /// Prints `PREFIXtype …)` or `PREFIXrec …)`.
    private mutating func printCoreDefinition(_ prefix: StaticString, _ reader: inout ByteReader) throws(BinaryError) {
        guard reader.peekByte() == 0x4E else { return try printCoreSubtype(prefix, &reader) }
        _ = try reader.readByte()
        output.write(prefix)
        output.write("rec")
        for _ in 0..<(try reader.readVarUInt32()) {
            output.write(" ")
            try printCoreSubtype("(", &reader)
        }
        output.write(")")
    }

    private mutating func printCoreSubtype(_ prefix: StaticString, _ reader: inout ByteReader) throws(BinaryError) {
        output.write(prefix)
        output.write("type")
        writeBinding(.coreType)
        output.write(" ")
        let code = reader.peekByte()
        let isSubtype = code == 0x50 || code == 0x4F
        if isSubtype {
            _ = try reader.readByte()
            output.write(code == 0x4F ? "(sub final " : "(sub ")
            for _ in 0..<(try reader.readVarUInt32()) {
                output.write(reference(.coreType, try reader.readVarUInt32()) + " ")
            }
        }
        let start = reader.position
        switch try reader.readByte() {
        case 0x60:
            output.write("(func")
            try printCoreTypes(" (param", &reader)
            try printCoreTypes(" (result", &reader)
            output.write(")")
        case 0x5F:
            output.write("(struct")
            for _ in 0..<(try reader.readVarUInt32()) {
                output.write(" (field ")
                try printFieldType(&reader)
                output.write(")")
            }
            output.write(")")
        case 0x5E:
            output.write("(array ")
            try printFieldType(&reader)
            output.write(")")
        default: throw BinaryError(.malformed, "unknown core type", at: start)
        }
        output.write(isSubtype ? "))" : ")")
    }

    private mutating func printCoreTypes(_ opening: StaticString, _ reader: inout ByteReader) throws(BinaryError) {
        let count = try reader.readVarUInt32()
        guard count > 0 else { return }
        output.write(opening)
        for _ in 0..<count { output.writeWord(coreText(try reader.readValueType())) }
        output.write(")")
    }

    private mutating func printFieldType(_ reader: inout ByteReader) throws(BinaryError) {
        let type: String
        switch reader.peekByte() {
        case 0x78:
            reader.seek(to: reader.position + 1)
            type = "i8"
        case 0x77:
            reader.seek(to: reader.position + 1)
            type = "i16"
        default: type = coreText(try reader.readValueType())
        }
        output.write(try readFlag(&reader) ? "(mut \(type))" : type)
    }

    func coreText(_ type: ValueType) -> String {
        guard case .defined(let index)? = type.heapType else { return type.description }
        return "(ref \(type.isNullable ? "null " : "")\(reference(.coreType, index.rawValue)))"
    }

    // MARK: - Types of modules

    private mutating func printModuleType(_ reader: inout ByteReader) throws(BinaryError) {
        try enter()
        output.write("(module")
        scopes.append(PrintedScope())
        indentation += 1
        let count = try reader.readVarUInt32()
        for _ in 0..<count {
            newLine()
            let start = reader.position
            switch try reader.readByte() {
            case 0x00:
                output.write("(import ")
                output.writeString(try reader.readName())
                output.write(" ")
                output.writeString(try reader.readName())
                try printCoreExternalType(&reader)
                output.write(")")
            case 0x01: try printCoreDefinition("(", &reader)
            case 0x02:
                guard try reader.readByte() == 0x10, try reader.readByte() == 0x01 else {
                    throw BinaryError(.malformed, "unknown alias in the type of a module", at: start)
                }
                let depth = try reader.readVarUInt32()
                output.write("(alias outer \(depth) \(try reader.readVarUInt32()) (type")
                writeBinding(.coreType)
                output.write("))")
            case 0x03:
                output.write("(export ")
                output.writeString(try reader.readName())
                try printCoreExternalType(&reader)
                output.write(")")
            default: throw BinaryError(.malformed, "unknown declaration of a module's type", at: start)
            }
        }
        indentation -= 1
        scopes.removeLast()
        if count > 0 { newLine() }
        output.write(")")
        leave()
    }

    private mutating func printCoreExternalType(_ reader: inout ByteReader) throws(BinaryError) {
        let start = reader.position
        switch try reader.readByte() {
        case 0x00: output.write(" (func (type \(reference(.coreType, try reader.readVarUInt32()))))")
        case 0x01:
            let type = coreText(try reader.readValueType())
            let limits = try readLimits(&reader)
            output.write(" (table\(limits) \(type))")
        case 0x02: output.write(" (memory\(try readLimits(&reader)))")
        case 0x03:
            let type = coreText(try reader.readValueType())
            output.write(try readFlag(&reader) ? " (global (mut \(type)))" : " (global \(type))")
        case 0x04:
            guard try reader.readByte() == 0 else { throw BinaryError(.malformed, "malformed tag", at: start) }
            output.write(" (tag (type \(reference(.coreType, try reader.readVarUInt32()))))")
        default: throw BinaryError(.malformed, "unknown kind of import", at: start)
        }
    }

    /// Limits and what goes with them, each after a blank.
    private func readLimits(_ reader: inout ByteReader) throws(BinaryError) -> String {
        let start = reader.position
        let flags = try reader.readByte()
        guard flags < 16 else { throw BinaryError(.malformed, "malformed limits flags", at: start) }
        var text = flags & 4 != 0 ? " i64" : ""
        text += " \(try reader.readVarUInt64())"
        if flags & 1 != 0 { text += " \(try reader.readVarUInt64())" }
        if flags & 2 != 0 { text += " shared" }
        if flags & 8 != 0 { text += " (pagesize \(UInt64(1) << UInt64(min(63, try reader.readVarUInt32()))))" }
        return text
    }
}
