// "Did you mean": the known name that is nearest to a mistyped one.

enum Suggestion {
    /// The candidate with the fewest edits from `name`, if they are few enough to be a slip of the hand.
    static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
        let typed = Array(name.lowercased().utf8)
        guard typed.count <= 100 else { return nil }
        let limit = max(1, typed.count / 3)
        var best: (candidate: String, distance: Int)?
        for candidate in candidates where candidate.utf8.count <= 100 {
            let distance = edits(typed, Array(candidate.lowercased().utf8))
            if distance <= limit, best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
        }
        return best?.candidate
    }

    /// How many bytes must be put in, left out or changed to come from one to the other.
    private static func edits(_ first: [UInt8], _ second: [UInt8]) -> Int {
        var row = Array(0...second.count)
        for (line, byte) in first.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for (column, other) in second.enumerated() {
                let above = row[column + 1]
                row[column + 1] = byte == other ? diagonal : 1 + min(diagonal, above, row[column])
                diagonal = above
            }
        }
        return row[second.count]
    }
}
