// The component-model suite: what must validate does, what must not is refused.

import ComponentBinary
import InternalUtilities
import Testing
import WasmBinary
import WasmTypes

@Suite(.enabled(if: Suite.isAvailable, "the component-model suite or wasm-tools is absent"))
struct ConformanceTests {
    @Test(arguments: Suite.scripts)
    func script(_ path: String) throws {
        var accepted = 0
        var refused = 0
        for (command, bytes) in try Suite.commands(of: path) {
            guard let bytes else { continue }
            let result = Result { () throws(BinaryError) in try decode(bytes, command.type) }
            switch (command.type, result) {
            case ("module", .success), ("module_definition", .success): accepted += 1
            case ("module", .failure(let error)), ("module_definition", .failure(let error)):
                Issue.record("\(path):\(command.line): refused: \(error)")
            case ("assert_invalid", .failure(let error)), ("assert_malformed", .failure(let error)):
                refused += 1
                if let text = command.text, !text.isEmpty, !error.message.contains(text) {
                    Issue.record("\(path):\(command.line): wording: \(error.message) / \(command.text ?? "")")
                }
            case ("assert_invalid", .success), ("assert_malformed", .success):
                Issue.record("\(path):\(command.line): accepted, expected: \(command.text ?? "")")
            default: break
            }
        }
        print("\(path): \(accepted) accepted, \(refused) refused in the suite's words")
    }

    private func decode(_ bytes: [UInt8], _ command: String) throws(BinaryError) {
        let source = ByteSource(bytes)
        if command.hasPrefix("module"), Component.layer(of: source) == .module { return }
        _ = try Component.decode(source: source)
    }
}
