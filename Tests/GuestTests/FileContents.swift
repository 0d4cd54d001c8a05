// What a case lays into the folder that its command runs in.
import Foundation

enum FileContents: Decodable, Sendable {
    case text(String)
    case bytes(Data)
    case link(to: String)
    case directory
    /// The first bytes of a fixture; all of it without a count.
    case guest(String, count: Int?)

    private enum Keys: String, CodingKey {
        case pattern, noise, link, directory, guest, first, hex, mode, parts
    }

    /// A piece of a file: a text, or a text or bytes as often as is said.
    private struct Part: Decodable {
        var bytes: Data

        private enum Keys: String, CodingKey {
            case text, hex, times
        }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                bytes = Data(text.utf8)
                return
            }
            let container = try decoder.container(keyedBy: Keys.self)
            let once =
                if let hex = try container.decodeIfPresent(String.self, forKey: .hex) {
                    Data(hexadecimal: hex)
                } else {
                    Data(try container.decode(String.self, forKey: .text).utf8)
                }
            bytes = Data()
            // `#` in a repeated text is the number of the repetition.
            let pieces = once.split(separator: UInt8(ascii: "#"), omittingEmptySubsequences: false)
            for number in 0..<(try container.decodeIfPresent(Int.self, forKey: .times) ?? 1) {
                bytes += pieces.count > 1 ? Data(pieces.joined(separator: Data(String(number).utf8))) : once
            }
        }
    }

    init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            self = .text(text)
            return
        }
        let container = try decoder.container(keyedBy: Keys.self)
        if let count = try container.decodeIfPresent(Int.self, forKey: .pattern) {
            self = .bytes(Data((0..<count).map { UInt8($0 % 251) }))
        } else if let count = try container.decodeIfPresent(Int.self, forKey: .noise) {
            self = .bytes(Data.noise(count))
        } else if let target = try container.decodeIfPresent(String.self, forKey: .link) {
            self = .link(to: target)
        } else if try container.decodeIfPresent(Bool.self, forKey: .directory) == true {
            self = .directory
        } else if let hex = try container.decodeIfPresent(String.self, forKey: .hex) {
            self = .bytes(Data(hexadecimal: hex))
        } else if let parts = try container.decodeIfPresent([Part].self, forKey: .parts) {
            self = .bytes(parts.reduce(into: Data()) { $0 += $1.bytes })
        } else {
            self = .guest(
                try container.decode(String.self, forKey: .guest),
                count: try container.decodeIfPresent(Int.self, forKey: .first))
        }
    }

    /// Makes it, and the folders that lead to it.
    func write(to place: URL) throws {
        let files = FileManager.default
        try files.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        switch self {
        case .text(let text): try Data(text.utf8).write(to: place)
        case .bytes(let bytes): try bytes.write(to: place)
        case .link(let target): try files.createSymbolicLink(atPath: place.path, withDestinationPath: target)
        case .directory: try files.createDirectory(at: place, withIntermediateDirectories: true)
        case .guest(let name, let count):
            let data = try Data(contentsOf: Fixtures.place(of: name))
            try data.prefix(count ?? data.count).write(to: place)
        }
    }
}

extension Data {
    /// Bytes written as `00 61 73`.
    init(hexadecimal text: String) {
        self.init(text.split(separator: " ").compactMap { UInt8($0, radix: 16) })
    }

    /// Bytes that look random and are the same every time.
    static func noise(_ count: Int) -> Data {
        var data = Data(count: count)
        data.withUnsafeMutableBytes { buffer in
            var state: UInt64 = 0x9e37_79b9_7f4a_7c15
            for index in buffer.indices {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                buffer[index] = UInt8(truncatingIfNeeded: state >> 56)
            }
        }
        return data
    }
}
