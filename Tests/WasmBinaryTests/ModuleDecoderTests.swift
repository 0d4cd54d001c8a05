// Modules by their bytes: what is read, and what is refused with which words.

import InternalUtilities
import Testing
import WasmBinary
import WasmTypes

@Suite struct ModuleDecoderTests {
    private static let header: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00]

    /// The bytes of hexadecimal text; spaces are nothing.
    private static func bytes(_ hex: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in hex.compactMap(\.hexDigitValue).map(UInt8.init) {
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return bytes
    }

    private static func decode(
        _ sections: String, features: FeatureSet = .supported
    ) throws(BinaryError) -> BinaryModule {
        try BinaryModule.decode(source: ByteSource(header + bytes(sections)), features: features)
    }

    @Test(arguments: [
        ("", "unexpected end"), ("00 61 73", "unexpected end"), ("01 61 73 6D 01 00 00 00", "magic header not detected"),
        ("00 61 73 6D", "unexpected end"), ("00 61 73 6D 02 00 00 00", "unknown binary version 2"),
        ("00 61 73 6D 0D 00 01 00", "unknown binary version 13: expected a version header for a module, found one for a component"),
    ]) func headers(hex: String, expected: String) {
        do throws(BinaryError) {
            _ = try BinaryModule.decode(source: ByteSource(Self.bytes(hex)))
            Issue.record("decoded")
        } catch {
            #expect(error.message == expected)
            #expect(error.kind == .malformed)
        }
    }

    /// Sections, the beginning of the error's message, its offset after the header.
    static let malformed: [(String, String, Int)] = [
        ("0E 01 00", "malformed section id 14", 0),
        ("01", "unexpected end", 1),
        ("01 05 00", "length out of bounds", 2),
        ("01 02 00 00", "section size mismatch", 3),
        ("01 01 01", "unexpected end of section or function", 3),
        ("01 03 01 60 00", "unexpected end of section or function", 5),
        ("01 03 01 60 01", "unexpected end of section or function", 5),
        ("01 02 01 40", "malformed definition type 0x40", 3),
        ("01 05 01 60 01 00 00", "malformed reference type", 5),
        ("02 01 00 01 01 00", "unexpected content after last section", 3),
        ("01 01 00 01 01 00", "unexpected content after last section", 3),
        ("02 05 01 01 61 00 05", "malformed import kind", 6),
        ("02 03 01 05 61", "length out of bounds", 4),
        ("02 07 01 01 FF 01 61 00 00", "malformed UTF-8 encoding", 3),
        ("05 02 01 10", "malformed limits flags", 3),
        ("04 03 01 70 08", "malformed limits flags", 4),
        ("06 06 01 7F 02 41 00 0B", "malformed mutability", 4),
        ("06 05 01 7F 00 41 00", "unexpected end of section or function", 7),
        ("07 05 01 01 61 05 00", "malformed export kind", 5),
        ("09 02 01 08", "malformed elements segment kind", 3),
        ("09 04 01 01 01 00", "malformed element kind", 4),
        ("0B 02 01 03", "malformed data segment kind", 3),
        ("0B 03 01 01 05", "length out of bounds", 5),
        ("03 02 01 00", "function and code section have inconsistent lengths: 1 and 0", 4),
        ("0A 04 01 02 00 0B", "function and code section have inconsistent lengths: 0 and 1", 2),
        ("0C 01 01", "data count and data section have inconsistent lengths: 1 and 0", 3),
        ("00 00", "unexpected end", 2),
        ("00 02 05 61", "length out of bounds", 3),
    ]

    @Test(arguments: malformed) func malformedSections(hex: String, expected: String, offset: Int) {
        do throws(BinaryError) {
            _ = try Self.decode(hex)
            Issue.record("decoded \(hex)")
        } catch {
            #expect(error.message.hasPrefix(expected))
            #expect(error.kind == .malformed)
            #expect(error.offset == offset + 8)
        }
    }

    @Test(arguments: [
        ("01 02 01 5F", "structure types: the feature 'gc' is not switched on"),
        ("05 03 01 04 00", "memories of 64-bit addresses: the feature 'memory64' is not switched on"),
        ("04 09 01 40 00 70 00 00 D0 70 0B", "tables with an initial value: the feature 'function-references' is not switched on"),
    ]) func featuresByName(hex: String, expected: String) {
        do throws(BinaryError) {
            let features = FeatureSet.supported.subtracting([.gc, .memory64, .functionReferences])
            _ = try Self.decode(hex, features: features)
            Issue.record("decoded \(hex)")
        } catch {
            #expect(error == BinaryError(.unsupported, expected, at: error.offset))
        }
    }

    @Test func aModuleOfEverySection() throws {
        let module = try Self.decode(
            """
            01 0D 03 60 00 00 60 01 7F 01 7E 60 01 7F 00 02 0E 02 01 6D 01 66 00 01 01 6D 01 67 03 7F 00
            03 02 01 00 04 05 01 70 01 02 05 05 03 01 00 01 0D 03 01 00 02 06 06 01 7E 01 42 7F 0B
            07 09 02 01 61 00 01 01 62 02 00 08 01 01 09 07 01 00 41 00 0B 01 01 0C 01 01 0A 04 01 02 00 0B
            0B 09 01 00 41 08 0B 03 61 62 63 00 05 01 78 01 02 03
            """)
        #expect(module.types.count == 3)
        #expect(module.functionType(at: TypeIndex(1)) == FunctionType(parameters: [.i32], results: [.i64]))
        #expect(module.imports.map(\.name) == ["f", "g"])
        #expect(module.functions.map(\.rawValue) == [1, 0])
        #expect(module.importedFunctionCount == 1)
        #expect(module.functionType(of: FunctionIndex(0))?.results == [.i64])
        #expect(module.functionType(of: FunctionIndex(2)) == nil)
        #expect(module.functionType(of: TagIndex(0))?.parameters == [.i32])
        #expect(module.tables.map(\.type.limits) == [Limits(minimum: 2, maximum: 5)])
        #expect(module.memories.map(\.limits) == [Limits(minimum: 1)])
        #expect(module.globals.map(\.type) == [GlobalType(valueType: .i32, isMutable: false), GlobalType(valueType: .i64, isMutable: true)])
        #expect(try module.globals[1].initializer.map { try module.operations(of: $0) } == [.i64Const(-1)])
        #expect(module.exports.map(\.name) == ["a", "b"])
        #expect(module.exports[1].index == .memory(MemoryIndex(0)))
        #expect(module.start == FunctionIndex(1))
        #expect(module.elements.count == 1)
        #expect(module.dataCount == 1)
        #expect(module.data[0].bytes.count == 3)
        #expect(module.body(of: FunctionIndex(0)) == nil)
        #expect(module.body(of: FunctionIndex(1))?.count == 2)
        #expect(module.customSections.map(\.name) == ["x"])
        #expect(module.customSections[0].bytes.count == 3)
        #expect(module.arity(of: .type(TypeIndex(1)))! == (1, 1))
        #expect(module.arity(of: .type(TypeIndex(9))) == nil)
    }

    @Test func namesAreReadWhenAsked() throws {
        let module = try Self.decode(
            "00 1C 04 6E 61 6D 65 00 02 01 6D 01 09 02 00 02 66 30 03 02 66 33 02 06 01 03 01 01 01 78")
        let names = try #require(NameSection(of: module))
        #expect(names.moduleName == "m")
        #expect(names.functionName(FunctionIndex(0)) == "f0")
        #expect(names.functionName(FunctionIndex(3)) == "f3")
        #expect(names.functionName(FunctionIndex(1)) == nil)
        #expect(names.allFunctionNames().count == 2)
        #expect(names.localName(LocalIndex(1), of: FunctionIndex(3)) == "x")
        #expect(names.localName(LocalIndex(0), of: FunctionIndex(3)) == nil)
    }

    @Test func brokenNamesAreNoError() throws {
        let module = try Self.decode("00 08 04 6E 61 6D 65 01 7F 00")
        let names = try #require(NameSection(of: module))
        #expect(names.functionName(FunctionIndex(0)) == nil)
    }

    @Test func aModuleInAnotherFileKeepsTheFilesOffsets() throws {
        let bytes: [UInt8] = [9, 9, 9] + Self.header + [0x0E, 0x00] + [9, 9]
        do throws(BinaryError) {
            _ = try BinaryModule.decode(source: ByteSource(bytes), extent: 3..<13)
            Issue.record("decoded")
        } catch {
            #expect(error.offset == 11)
        }
    }
}
