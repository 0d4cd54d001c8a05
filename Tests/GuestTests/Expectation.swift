// What must be on an output of a command: all of it, or parts, or patterns.
import Foundation

struct Expectation: Decodable, Sendable {
    var exact: String?
    /// A file beside the cases that holds all of it. With APUS_RECORD=1 it is written instead of compared.
    var file: String?
    var contains: [String] = []
    var lacks: [String] = []
    /// Regular expressions that must be found in it.
    var matches: [String] = []
    /// It is what was the input.
    var isInput = false
    var lineCount: Int?

    init(exact: String? = nil) { self.exact = exact }

    private enum Keys: String, CodingKey {
        case file, contains, lacks, matches, input, lines
    }

    init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            exact = text
            return
        }
        let container = try decoder.container(keyedBy: Keys.self)
        file = try container.decodeIfPresent(String.self, forKey: .file)
        contains = try container.decodeIfPresent([String].self, forKey: .contains) ?? []
        lacks = try container.decodeIfPresent([String].self, forKey: .lacks) ?? []
        matches = try container.decodeIfPresent([String].self, forKey: .matches) ?? []
        isInput = try container.decodeIfPresent(Bool.self, forKey: .input) ?? false
        lineCount = try container.decodeIfPresent(Int.self, forKey: .lines)
    }

    /// What is wrong with `bytes`, each thing in a line.
    func complaints(about bytes: Data, input: Data, deviations: [GuestCase.Deviation] = []) throws -> [String] {
        var complaints: [String] = []
        if isInput, bytes != input {
            let common = zip(bytes, input).prefix { $0 == $1 }.count
            complaints.append("\(bytes.count) bytes, differing from the \(input.count) of the input at \(common)")
        }
        // To read many bytes as text takes long: only where something is said of the text.
        guard exact != nil || file != nil || !(contains + lacks + matches).isEmpty || lineCount != nil else { return complaints }
        let text = String(decoding: bytes, as: UTF8.self)
        if let exact, text != exact { complaints.append(Self.difference(text, exact)) }
        if let file {
            let place = Fixtures.sources.appending(path: file)
            if ProcessInfo.processInfo.environment["APUS_RECORD"] == "1" {
                try bytes.write(to: place)
            } else {
                var wanted = String(decoding: try Data(contentsOf: place), as: UTF8.self)
                for deviation in deviations { try deviation.apply(to: &wanted) }
                if text != wanted { complaints.append("not as in \(file): \(Self.difference(text, wanted))") }
            }
        }
        for part in contains where !text.contains(part) { complaints.append("no \(part.debugDescription) in \(shown(text))") }
        for part in lacks where text.contains(part) { complaints.append("\(part.debugDescription) in \(shown(text))") }
        for pattern in matches where try Regex(pattern).firstMatch(in: text) == nil {
            complaints.append("nothing like /\(pattern)/ in \(shown(text))")
        }
        if let lineCount, text.split(separator: "\n").count != lineCount {
            complaints.append("\(text.split(separator: "\n").count) lines, not \(lineCount): \(shown(text))")
        }
        return complaints
    }

    /// The lines that differ, with what stands before them.
    private static func difference(_ text: String, _ wanted: String) -> String {
        let got = text.split(separator: "\n", omittingEmptySubsequences: false)
        let want = wanted.split(separator: "\n", omittingEmptySubsequences: false)
        var lines: [String] = []
        for index in 0..<max(got.count, want.count) where lines.count < 60 {
            let a = index < got.count ? got[index] : nil
            let b = index < want.count ? want[index] : nil
            guard a != b else { continue }
            if index > 0, index <= want.count { lines.append("  line \(index): \(want[index - 1])") }
            lines.append("  got    \(a.map { $0.debugDescription } ?? "nothing")")
            lines.append("  wanted \(b.map { $0.debugDescription } ?? "nothing")")
        }
        return "\n" + lines.joined(separator: "\n")
    }
}

extension GuestCase.Deviation {
    struct NoSuchCall: Error { var call: String }

    /// Puts its result after its call, in place of the reference's, which must be another.
    func apply(to transcript: inout String) throws {
        var lines = transcript.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let calls = lines.indices.filter { lines[$0] == call && $0 + 1 < lines.count && lines[$0 + 1] != "   \(result)" }
        guard !calls.isEmpty else { throw NoSuchCall(call: call) }
        for index in calls { lines[index + 1] = "   \(result)" }
        transcript = lines.joined(separator: "\n")
    }
}

/// The beginning of a text, for a message.
func shown(_ text: String) -> String {
    text.isEmpty ? "nothing" : text.count > 3000 ? "\(text.prefix(3000))…" : String(text)
}
