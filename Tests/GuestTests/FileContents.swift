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
        case pattern, noise, link, directory, guest, first, hex, mode
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
            self = .bytes(Data(hex.split(separator: " ").compactMap { UInt8($0, radix: 16) }))
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
