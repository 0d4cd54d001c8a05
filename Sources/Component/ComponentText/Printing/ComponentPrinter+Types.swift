// Types as text (Explainer.md, "Type Definitions").

import InternalUtilities
import WasmBinary
import WasmText
import WasmTypes

extension ComponentPrinter {
    // MARK: - Definitions

    /// Prints a definition of the type section.
    mutating func printType(_ reader: inout ByteReader) throws(BinaryError) {
        output.write("(type")
        writeBinding(.type)
        output.write(" ")
        // What the definition refers to stands before it, so it may not refer to itself.
        try printTypeContents(&reader)
        output.write(")")
    }

    private mutating func printTypeContents(_ reader: inout ByteReader) throws(BinaryError) {
        try enter()
        let start = reader.position
        switch try reader.readByte() {
        case let code where Self.primitives[code] != nil: output.write(Self.primitives[code] ?? "")
        case 0x72:
            output.write("(record")
            for _ in 0..<(try reader.readVarUInt32()) {
                output.write(" (field ")
                output.writeString(try reader.readName())
                try printValueType(&reader)
                output.write(")")
            }
            output.write(")")
        case 0x71:
            output.write("(variant")
            for _ in 0..<(try reader.readVarUInt32()) {
                output.write(" (case ")
                output.writeString(try reader.readName())
                try printOptionalValueType(&reader)
                let end = reader.position
                guard try reader.readByte() == 0 else { throw BinaryError(.malformed, "malformed variant case", at: end) }
                output.write(")")
            }
            output.write(")")
        case 0x70:
            output.write("(list")
            try printValueType(&reader)
            output.write(")")
        case 0x67:
            output.write("(list")
            try printValueType(&reader)
            output.write(" \(try reader.readVarUInt32()))")
        case 0x63:
            output.write("(map")
            try printValueType(&reader)
            try printValueType(&reader)
            output.write(")")
        case 0x6F:
            output.write("(tuple")
            for _ in 0..<(try reader.readVarUInt32()) { try printValueType(&reader) }
            output.write(")")
        case 0x6E: try printLabels("(flags", &reader)
        case 0x6D: try printLabels("(enum", &reader)
        case 0x6B:
            output.write("(option")
            try printValueType(&reader)
            output.write(")")
        case 0x6A:
            output.write("(result")
            try printOptionalValueType(&reader)
            if try readFlag(&reader) {
                output.write(" (error")
                try printValueType(&reader)
                output.write(")")
            }
            output.write(")")
        case 0x69: output.write("(own \(reference(.type, try reader.readVarUInt32())))")
        case 0x68: output.write("(borrow \(reference(.type, try reader.readVarUInt32())))")
        case 0x66:
            output.write("(stream")
            try printOptionalValueType(&reader)
            output.write(")")
        case 0x65:
            output.write("(future")
            try printOptionalValueType(&reader)
            output.write(")")
        case 0x40: try printFunctionType(isAsync: false, &reader)
        case 0x43: try printFunctionType(isAsync: true, &reader)
        case 0x41: try printDeclarations("(component", &reader)
        case 0x42: try printDeclarations("(instance", &reader)
        case 0x3F:
            output.write("(resource (rep \(coreText(try reader.readValueType())))")
            if try readFlag(&reader) {
                output.write(" (dtor (core func \(reference(.coreFunction, try reader.readVarUInt32()))))")
            }
            output.write(")")
        case let code: throw BinaryError(.malformed, "unknown type 0x\(String(code, radix: 16))", at: start)
        }
        leave()
    }

    private static let primitives: [UInt8: String] = [
        0x7F: "bool", 0x7E: "s8", 0x7D: "u8", 0x7C: "s16", 0x7B: "u16", 0x7A: "s32", 0x79: "u32", 0x78: "s64", 0x77: "u64",
        0x76: "f32", 0x75: "f64", 0x74: "char", 0x73: "string", 0x64: "error-context",
    ]

    /// Prints a value type, after a blank.
    mutating func printValueType(_ reader: inout ByteReader) throws(BinaryError) {
        let start = reader.position
        let code = try reader.readVarInt33()
        if code >= 0 {
            output.writeWord(reference(.type, UInt32(truncatingIfNeeded: code)))
        } else if code >= -0x40, let name = Self.primitives[UInt8(truncatingIfNeeded: code) & 0x7F] {
            output.writeWord(name)
        } else {
            throw BinaryError(.malformed, "unknown value type", at: start)
        }
        if output.isOverLimit { throw BinaryError(.limit, "text too large", at: start) }
    }

    private mutating func printOptionalValueType(_ reader: inout ByteReader) throws(BinaryError) {
        if try readFlag(&reader) { try printValueType(&reader) }
    }

    func readFlag(_ reader: inout ByteReader) throws(BinaryError) -> Bool {
        let start = reader.position
        let byte = try reader.readByte()
        guard byte <= 1 else { throw BinaryError(.malformed, "0 or 1 expected", at: start) }
        return byte == 1
    }

    private mutating func printLabels(_ opening: StaticString, _ reader: inout ByteReader) throws(BinaryError) {
        output.write(opening)
        for _ in 0..<(try reader.readVarUInt32()) {
            output.write(" ")
            output.writeString(try reader.readName())
        }
        output.write(")")
    }

    private mutating func printFunctionType(isAsync: Bool, _ reader: inout ByteReader) throws(BinaryError) {
        output.write(isAsync ? "(func async" : "(func")
        for _ in 0..<(try reader.readVarUInt32()) {
            output.write(" (param ")
            output.writeString(try reader.readName())
            try printValueType(&reader)
            output.write(")")
        }
        try printResult(&reader)
        output.write(")")
    }

    /// Prints a result list, after a blank; nothing if there is no result.
    mutating func printResult(_ reader: inout ByteReader) throws(BinaryError) {
        let start = reader.position
        switch try reader.readByte() {
        case 0x00:
            output.write(" (result")
            try printValueType(&reader)
            output.write(")")
        case 0x01:
            guard try reader.readByte() == 0 else { throw BinaryError(.unsupported, "named results have no text", at: start) }
        default: throw BinaryError(.malformed, "malformed result list", at: start)
        }
    }

    // MARK: - Types of components and instances

    private mutating func printDeclarations(_ opening: StaticString, _ reader: inout ByteReader) throws(BinaryError) {
        output.write(opening)
        scopes.append(PrintedScope())
        indentation += 1
        let count = try reader.readVarUInt32()
        for _ in 0..<count {
            newLine()
            let start = reader.position
            switch try reader.readByte() {
            case 0x00: try printCoreType(&reader)
            case 0x01: try printType(&reader)
            case 0x02: try printAlias(&reader)
            case 0x03: try printImport(&reader)
            case 0x04:
                output.write("(export ")
                try printExternName(&reader)
                output.write(" ")
                try printExternType(&reader, isBinding: true)
                output.write(")")
            default: throw BinaryError(.malformed, "unknown declaration of a type", at: start)
            }
        }
        indentation -= 1
        scopes.removeLast()
        if count > 0 { newLine() }
        output.write(")")
    }
}
