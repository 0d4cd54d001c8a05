// What of the suites falls short today, from `KnownFailures.txt` and `KnownComponentFailures.txt`.

import Foundation

struct KnownFailures {
    /// By script: the reason why modules of it are not supported yet, or why all of it may fail.
    var unsupported: [String: String] = [:]
    /// By script and line: the reason why the command fails.
    var failures: [String: [Int: String]] = [:]

    /// Of the core suite.
    static let shared = KnownFailures("KnownFailures.txt")
    /// Of the component-model suite.
    static let components = KnownFailures("KnownComponentFailures.txt")

    init(_ name: String) {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(name)
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return }
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            guard let space = line.firstIndex(of: " ") else { continue }
            let place = line[..<space].split(separator: ":")
            let reason = line[space...].trimmingCharacters(in: .whitespaces)
            guard let script = place.first.map(String.init) else { continue }
            if place.count > 1, let number = Int(place[1]) {
                failures[script, default: [:]][number] = reason
            } else {
                unsupported[script] = reason
            }
        }
    }
}
