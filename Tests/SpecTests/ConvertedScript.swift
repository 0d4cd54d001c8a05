// A script as `wasm-tools json-from-wast` gives it: JSON with a file for each module.

import Foundation
import WASTRunner

struct ConvertedScript {
    var commands: [ScriptCommand] = []

    struct ConversionFailure: Error, CustomStringConvertible {
        var description: String
    }

    /// Converts a script in a folder of its own, which is gone afterwards.
    init(of file: URL, with tool: URL) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("wast-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let output = folder.appendingPathComponent("script.json")
        let process = Process()
        process.executableURL = tool
        process.arguments = ["json-from-wast", file.path, "-o", output.path, "--wasm-dir", folder.path]
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let said = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw ConversionFailure(description: String(decoding: said, as: UTF8.self))
        }
        let document = try JSONDecoder().decode(Document.self, from: Data(contentsOf: output))
        commands = try document.commands.map { try $0.command(in: folder) }
    }
}

private struct Document: Decodable {
    var commands: [Command]
}

private struct Command: Decodable {
    var type: String
    var line: Int
    var name: String?
    var filename: String?
    var binary_filename: String?
    var module_type: String?
    var text: String?
    var `as`: String?
    var action: Action?
    var expected: [Value]?
    var instance: String?
    var module: String?

    func command(in folder: URL) throws -> ScriptCommand {
        ScriptCommand(line: line, kind: try kind(in: folder))
    }

    private func kind(in folder: URL) throws -> ScriptCommand.Kind {
        switch type {
        case "module": return .module(try script(in: folder), name: name)
        case "module_definition": return .moduleDefinition(try script(in: folder), name: name)
        case "module_instance": return .moduleInstance(name: instance, definition: module)
        case "register": return .register(name: name, as: `as` ?? "")
        case "action": return .action(try wanted())
        case "assert_return": return .assertReturn(try wanted(), try (expected ?? []).map { try $0.pattern() })
        case "assert_trap": return .assertTrap(try wanted(), message: text ?? "")
        case "assert_exhaustion": return .assertExhaustion(try wanted(), message: text ?? "")
        case "assert_exception": return .assertException(try wanted())
        case "assert_invalid": return .assertInvalid(try script(in: folder), message: text ?? "")
        case "assert_malformed": return .assertMalformed(try script(in: folder), message: text ?? "")
        case "assert_unlinkable": return .assertUnlinkable(try script(in: folder), message: text ?? "")
        case "assert_uninstantiable": return .assertUninstantiable(try script(in: folder), message: text ?? "")
        default: return .unknown(type)
        }
    }

    private func wanted() throws -> ScriptAction {
        guard let action else { throw Unreadable(what: "\(type) at line \(line) has no action") }
        return try action.action()
    }

    /// The module: its binary if there is one, also where the script has it as quoted text.
    private func script(in folder: URL) throws -> ScriptModule {
        guard let filename else { throw Unreadable(what: "\(type) at line \(line) has no module") }
        let binary = binary_filename ?? (module_type == "text" ? nil : filename)
        if let binary { return .binary([UInt8](try Data(contentsOf: folder.appendingPathComponent(binary)))) }
        return .quoted(String(decoding: try Data(contentsOf: folder.appendingPathComponent(filename)), as: UTF8.self))
    }
}

private struct Action: Decodable {
    var type: String
    var module: String?
    var field: String
    var args: [Value]?

    func action() throws -> ScriptAction {
        switch type {
        case "invoke": return .invoke(module: module, name: field, arguments: try (args ?? []).map { try $0.value() })
        case "get": return .get(module: module, name: field)
        default: throw Unreadable(what: "action \(type)")
        }
    }
}

struct Unreadable: Error, CustomStringConvertible {
    var what: String
    var description: String { "the script has \(what)" }
}

/// An argument or an expected result.
private struct Value: Decodable {
    var type: String
    var lane_type: String?
    var scalar: String?
    var lanes: [String]?
    var values: [Value]?

    private enum CodingKeys: String, CodingKey {
        case type, lane_type, value, values
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        type = try container.decode(String.self, forKey: .type)
        lane_type = try container.decodeIfPresent(String.self, forKey: .lane_type)
        values = try container.decodeIfPresent([Value].self, forKey: .values)
        if type == "v128" {
            lanes = try container.decode([String].self, forKey: .value)
        } else {
            scalar = try container.decodeIfPresent(String.self, forKey: .value)
        }
    }

    private static let widths = ["i8": 8, "i16": 16, "i32": 32, "i64": 64, "f32": 32, "f64": 64]

    private static func bits(_ text: String, width: Int) throws -> UInt64 {
        let mask = width == 64 ? UInt64.max : (1 << UInt64(width)) - 1
        if let unsigned = UInt64(text) { return unsigned & mask }
        if let signed = Int64(text) { return UInt64(bitPattern: signed) & mask }
        throw Unreadable(what: "the number \(text)")
    }

    private static func number(_ text: String, width: Int) throws -> NumberPattern {
        switch text {
        case "nan:canonical": .canonicalNaN
        case "nan:arithmetic": .arithmeticNaN
        default: .bits(try bits(text, width: width))
        }
    }

    func value() throws -> ScriptValue {
        if type == "v128" {
            guard let lanes, let width = Self.widths[lane_type ?? ""], lanes.count * width == 128 else {
                throw Unreadable(what: "a vector of \(lane_type ?? "nothing")")
            }
            var halves: [UInt64] = [0, 0]
            for (index, lane) in lanes.enumerated() {
                halves[index * width / 64] |= try Self.bits(lane, width: width) << UInt64(index * width % 64)
            }
            return .vector(low: halves[0], high: halves[1])
        }
        if let width = Self.widths[type] { return .number(try Self.bits(scalar ?? "", width: width)) }
        guard let scalar, scalar != "null" else { return .null }
        return .externReference(UInt32(truncatingIfNeeded: try Self.bits(scalar, width: 32)))
    }

    func pattern() throws -> ExpectedValue {
        switch type {
        case "either": return .either(try (values ?? []).map { try $0.pattern() })
        case "v128":
            guard let lanes, let width = Self.widths[lane_type ?? ""] else {
                throw Unreadable(what: "a vector of \(lane_type ?? "nothing")")
            }
            return .vector(try lanes.map { try Self.number($0, width: width) }, bits: width)
        case "refnull", "nullref", "nullfuncref", "nullexternref", "nullexnref": return .null
        default: break
        }
        if let width = Self.widths[type] { return .number(try Self.number(scalar ?? "", width: width), bits: width) }
        guard let scalar else { return .anyReference }
        if scalar == "null" { return .null }
        return .externReference(UInt32(truncatingIfNeeded: try Self.bits(scalar, width: 32)))
    }
}
