// What a case's command reads from its standard input.
import Foundation

struct Input: Decodable, Sendable {
    var bytes = Data()
    /// Seconds that the command waits before anything is written, or the input is closed.
    var delay = 0.0
    /// The input is left open until the command has ended.
    var heldOpen = false

    init() {}

    private enum Keys: String, CodingKey {
        case text, file, noise, after, held
    }

    init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            bytes = Data(text.utf8)
            return
        }
        let container = try decoder.container(keyedBy: Keys.self)
        if let text = try container.decodeIfPresent(String.self, forKey: .text) {
            bytes = Data(text.utf8)
        } else if let file = try container.decodeIfPresent(String.self, forKey: .file) {
            bytes = try Data(contentsOf: Fixtures.sources.appending(path: file))
        } else if let count = try container.decodeIfPresent(Int.self, forKey: .noise) {
            bytes = Data.noise(count)
        }
        delay = try container.decodeIfPresent(Double.self, forKey: .after) ?? 0
        heldOpen = try container.decodeIfPresent(Bool.self, forKey: .held) ?? false
    }
}
