// The words of a command line in which nothing needs explaining.
//
// What cannot be read so goes to the argument parser, which takes longer to begin than a small command takes in all.

/// A command line of operands, with at most one flag and one option.
struct PlainArguments {
    private(set) var operands: [String] = []
    private(set) var hasFlag = false
    private(set) var value: String?

    /// Answers nil if there is something to explain.
    ///
    /// - Parameters:
    ///   - flag: the option without a value.
    ///   - option: the option with a value, which is the next word, under its names.
    init?(_ arguments: [String], flag: String? = nil, option names: [String] = []) {
        var rest = arguments[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("-"), word != "-" else {
                operands.append(word)
                continue
            }
            if word == flag {
                hasFlag = true
            } else if names.contains(word), value == nil {
                guard let next = rest.popFirst(), next == "-" || !next.hasPrefix("-"), !next.isEmpty else { return nil }
                value = next
            } else {
                return nil
            }
        }
    }
}
