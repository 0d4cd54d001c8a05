// The component-model suite: what must validate does, what must not is refused.

import ComponentBinary
import InternalUtilities
import Testing
import WasmBinary
import WasmTypes

/// How many components of a script must be accepted but use what is not built yet: async, fixed-length lists, and core
/// types of the GC proposal.
private let notBuiltYet: [String: Int] = [
    "binary/binary.wast": 5, "validation/indicies.wast": 3, "validation/max-value-size.wast": 1,
    "values/post-return.wast": 3, "values/variants.wast": 1,
]

@Suite(.enabled(if: Suite.isAvailable, "the component-model suite or wasm-tools is absent"))
struct ConformanceTests {
    @Test(arguments: Suite.scripts)
    func script(_ path: String) throws {
        var accepted = 0
        var refused = 0
        var notBuilt = 0
        var worded = 0
        for (command, bytes) in try Suite.commands(of: path) {
            guard let bytes else { continue }
            let result = Result { () throws(BinaryError) in try decode(bytes, command.type) }
            switch (command.type, result) {
            case ("module", .success), ("module_definition", .success): accepted += 1
            case ("module", .failure(let error)), ("module_definition", .failure(let error)):
                if error.kind == .unsupported {
                    notBuilt += 1
                    print("\(path):\(command.line): not built: \(error)")
                } else {
                    Issue.record("\(path):\(command.line): refused: \(error)")
                }
            case ("assert_invalid", .failure(let error)), ("assert_malformed", .failure(let error)):
                refused += 1
                if error.message.contains(command.text ?? "") { worded += 1 } else {
                    print("\(path):\(command.line): wording: \(error.message) / \(command.text ?? "")")
                }
            case ("assert_invalid", .success), ("assert_malformed", .success):
                Issue.record("\(path):\(command.line): accepted, expected: \(command.text ?? "")")
            default: break
            }
        }
        #expect(notBuilt == notBuiltYet[path] ?? 0)
        print("\(path): \(accepted) accepted, \(notBuilt) not built, \(refused) refused, \(worded) in the suite's words")
    }

    private func decode(_ bytes: [UInt8], _ command: String) throws(BinaryError) {
        let source = ByteSource(bytes)
        if command.hasPrefix("module"), Component.layer(of: source) == .module { return }
        _ = try Component.decode(source: source)
    }
}
