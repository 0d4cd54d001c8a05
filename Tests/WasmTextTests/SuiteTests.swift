// The scripts of the core suite: they parse, their modules are the ones meant, and what is no module is refused in the
// suite's words.

import Foundation
import Testing
import WasmBinary
import WasmText
import WasmTypes
import WasmValidation

@Suite("The core suite's text")
struct SuiteTests {
    /// Places where the suite, or the validator, says something else, and why.
    private static let exceptions: [String: String] = [
        "i31.wast": "the validator does not know ref.i31 in constants yet",
        "proposals/threads/memory.wast": "sizes above 32 bits were malformed before memory64, and are invalid since",
    ]

    @Test("is there", .enabled(if: Suite.root == nil))
    func absence() {
        Swift.print("SKIPPED: the core suite is absent (APUS_SUITES names its folder's parent)")
    }

    @Test("parses, and its modules are right", arguments: Suite.scripts)
    func script(_ name: String) throws {
        // What this proposal adds to the text is not read.
        let isForeign = name.hasPrefix("proposals/custom-descriptors/") || Self.exceptions[name] != nil
        let script = try Script.parse(try Suite.bytes(name))
        for command in script.commands {
            switch command.kind {
            case .module(let module, _), .moduleDefinition(let module, _), .assertUnlinkable(let module, _),
                .assertUninstantiable(let module, _):
                check(module, isForeign ? nil : "\(name):\(command.line)")
            case .assertMalformed(let module, let message):
                if case .quoted(let text) = module.contents, !isForeign {
                    checkRefused(text, message, "\(name):\(command.line)")
                }
            case .assertCustomRefused(let module, let message):
                switch module.contents {
                case .quoted(let text): if !isForeign { checkRefused(text, message, "\(name):\(command.line)") }
                case .malformed(let error):
                    #expect(error.message.hasPrefix(message), "\(name):\(command.line): \(error.message)")
                case .binary: break
                }
            case .assertInvalid(let module, let message):
                // Custom page sizes that are no power of two are both.
                if case .malformed(let error) = module.contents, !isForeign {
                    Issue.record("\(name):\(command.line): \(error), expected the invalid \(message)")
                }
            case .unknown(let what):
                if !isForeign { Issue.record("\(name):\(command.line): unknown command \(what)") }
            default: break
            }
        }
    }

    private func check(_ module: ScriptModule, _ place: String?) {
        var bytes: [UInt8] = []
        do {
            switch module.contents {
            case .binary(let binary): bytes = binary
            case .quoted(let text): bytes = try TextModule.encode(text)
            case .malformed(let error): throw error
            }
        } catch {
            if let place { Issue.record("\(place): \(error)") }
            return
        }
        do {
            let decoded = try decode(bytes)
            try ModuleValidator.validate(decoded, features: .all)
            try checkRoundTrip(bytes, place ?? "")
        } catch let error as BinaryError where error.kind == .unsupported {
            // The text is read, the binary is not yet.
        } catch {
            if let place { Issue.record("\(place): \(error)") }
        }
    }

    /// Text → binary → text → binary changes nothing.
    private func checkRoundTrip(_ bytes: [UInt8], _ place: String) throws {
        let text = try print(bytes)
        let second = try encode(text)
        let secondText = try print(second)
        if secondText != text {
            let difference = zip(text.split(separator: "\n"), secondText.split(separator: "\n")).first { $0 != $1 }
            Issue.record("\(place): the text is not stable: \(difference.map { "\($0)" } ?? "")")
        }
        #expect(try encode(secondText) == second, "\(place): the binary is not stable")
        try ModuleValidator.validate(try decode(second), features: .all)
    }

    private func checkRefused(_ text: [UInt8], _ message: String, _ place: String) {
        do {
            let bytes = try TextModule.encode(text)
            // What the text format lets pass may yet be malformed as a binary.
            do {
                _ = try decode(bytes)
                Issue.record("\(place): accepted, expected \(message)")
            } catch { #expect("\(error)".hasPrefix(message), "\(place): \(error)") }
        } catch {
            #expect(error.message.hasPrefix(message), "\(place): \(error.message), expected \(message)")
        }
    }

    @Test("parses quickly", .enabled(if: Suite.root != nil))
    func speed() throws {
        let texts = try Suite.scripts.map { try Suite.bytes($0) }
        let clock = ContinuousClock()
        let duration = clock.measure {
            for text in texts { _ = try? Script.parse(text) }
        }
        Swift.print("parsed \(texts.count) scripts, \(texts.map(\.count).reduce(0, +)) bytes, in \(duration)")
    }
}
