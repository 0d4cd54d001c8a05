// Why a text was refused: the rule in the first line, the place below in the form that editors follow, and the line with a
// caret under the place.

import WasmText

extension Diagnostic {
    /// A text could not be read.
    static func malformedText(_ name: String, _ error: TextError) -> Diagnostic {
        let number = String(error.line)
        let margin = String(repeating: " ", count: number.utf8.count)
        let (text, caret) = error.excerpt
        var details = [
            "at \(name):\(number):\(error.column)",
            "\(margin) |",
            "\(number) | \(text)",
            "\(margin) | \(String(repeating: " ", count: caret))^",
        ]
        if name.hasSuffix(".wast") { details.append("'apus wast' runs scripts") }
        var diagnostic = Diagnostic(.badFile, "\(name) is not well-formed text: \(error.message)", details: details)
        diagnostic.place = .line(error.line, column: error.column)
        return diagnostic
    }
}
