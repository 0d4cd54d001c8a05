// What `--invoke` says for a component: `name(1, "two")` in WAVE notation, or a name alone with a word of the command line
// for each argument.

import ComponentTypes
import WAVE

struct InvocationText {
    let text: String
    /// Where the arguments begin, in bytes of UTF-8; nil if the text is a name alone.
    private let argumentsOffset: Int?

    init(_ text: String) {
        self.text = text
        argumentsOffset = text.utf8.firstIndex(of: UInt8(ascii: "(")).map { text.utf8.distance(from: text.startIndex, to: $0) }
    }

    /// Whether the text brings its arguments.
    var hasArguments: Bool { argumentsOffset != nil }

    /// The function's name.
    var name: String {
        let name = text.prefix { $0 != "(" }
        return String(name.trimmed)
    }

    /// The values for a function's parameters.
    ///
    /// - Parameter words: what stands behind the file on the command line, for a name alone.
    func arguments(for function: ExportedFunction, signature: String, _ words: [String]) throws(Diagnostic) -> [ComponentValue] {
        let label = "\(function.name) is \(signature)"
        if let argumentsOffset {
            do throws(WAVEError) {
                var reader = try WAVEReader(text, from: argumentsOffset)
                let values = try reader.arguments(for: function.type.parameters, of: function.name)
                try reader.expectEnd()
                return values
            } catch {
                throw Diagnostic(
                    .badCommandLine, "--invoke \(name): \(error.message)", details: Self.excerpt(text, error.range) + [label])
            }
        }
        let parameters = function.type.parameters
        guard words.count == parameters.count else {
            let wanted = parameters.isEmpty ? "none" : "\(parameters.count)"
            throw Diagnostic(
                .badCommandLine,
                "--invoke \(name): \(words.count) argument\(words.count == 1 ? "" : "s") for a function that takes \(wanted)",
                details: [label, "arguments stand behind the file, or in the call: --invoke '\(function.name)(…)'"])
        }
        var values: [ComponentValue] = []
        for (word, parameter) in zip(words, parameters) {
            do throws(WAVEError) {
                values.append(try Self.value(word, parameter.type))
            } catch {
                throw Diagnostic(
                    .badCommandLine, "--invoke \(name): argument \(values.count + 1), '\(parameter.name)': \(error.message)",
                    details: Self.excerpt(word, error.range) + [label])
            }
        }
        return values
    }

    /// A word for a string is the string itself, unless it is quoted.
    private static func value(_ word: String, _ type: ComponentValueType) throws(WAVEError) -> ComponentValue {
        if case .string = type, word.trimmed.first != "\"" { return .string(word) }
        return try WAVEReader.value(word, as: type)
    }

    /// The line of a text that a place lies in, and carets under the place.
    static func excerpt(_ text: String, _ range: Range<Int>) -> [String] {
        let bytes = Array(text.utf8)
        let start = min(range.lowerBound, bytes.count)
        let lineStart = bytes[..<start].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let lineEnd = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        func shown(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self).printable }
        let end = min(max(range.upperBound, start), lineEnd)
        // Of a long line only what is around the place.
        let limit = 60
        let from = start - lineStart > limit ? start - limit : lineStart
        let to = max(min(lineEnd, start + limit), start)
        let before = (from > lineStart ? "…" : "") + shown(from..<start)
        let line = before + shown(start..<to) + (to < lineEnd ? "…" : "")
        let width = max(1, shown(start..<min(end, to)).count)
        return ["  " + line, "  " + String(repeating: " ", count: before.count) + String(repeating: "^", count: width)]
    }
}

extension StringProtocol {
    /// Without white space at both ends.
    fileprivate var trimmed: SubSequence {
        var rest = self[...]
        while let first = rest.first, first.isWhitespace { rest = rest.dropFirst() }
        while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
        return rest
    }
}
