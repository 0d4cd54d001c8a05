// The one place where the command line turns text into a binary, and a binary into text.

import ComponentText
import WasmBinary
import WasmText

enum ProgramText {
    /// The binary of a text that is a module or a component.
    static func binary(of input: InputBytes) throws(Diagnostic) -> [UInt8] {
        let text = try input.text()
        do throws(TextError) {
            return try TextComponent.encode(text)
        } catch {
            throw Diagnostic.malformedText(input.name, error)
        }
    }

    /// The text of a binary that is a module or a component.
    static func text(of file: ProgramFile) throws(Diagnostic) -> [UInt8] {
        do throws(BinaryError) {
            return try ComponentPrinter.text(of: file.source)
        } catch {
            throw Diagnostic.invalid(file, error)
        }
    }
}
