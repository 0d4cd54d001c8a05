// The one place where the command line turns text into a binary, and a binary into text.

import WasmBinary
import WasmText

enum ProgramText {
    /// The binary of a text: a module's so far; a component's text is told apart and refused.
    static func binary(of input: InputBytes) throws(Diagnostic) -> [UInt8] {
        let text = try input.text()
        do throws(TextError) {
            return try TextModule.encode(text)
        } catch {
            if TextModule.isComponent(text) {
                throw Diagnostic(.badFile, "\(input.name) is component text, which is not supported yet")
            }
            throw Diagnostic.malformedText(input.name, error)
        }
    }

    /// The text of a binary: a module's so far.
    static func text(of file: ProgramFile) throws(Diagnostic) -> [UInt8] {
        guard file.kind == .coreModule else {
            throw Diagnostic(.badFile, "\(file.path) is a component, and printing components is not supported yet")
        }
        do throws(BinaryError) {
            return try ModulePrinter.text(of: BinaryModule.decode(source: file.source))
        } catch {
            throw Diagnostic.invalid(file, error)
        }
    }
}
