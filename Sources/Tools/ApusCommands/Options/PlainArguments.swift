// The words of a command line in which nothing needs explaining: known options, each with what belongs to it, and operands.
//
// What cannot be read so goes to the argument parser, which takes longer to begin than a small command takes in all.

/// A command line, sorted.
struct PlainArguments {
    private(set) var operands: [String] = []
    private(set) var flags: Set<String> = []
    /// By the option's first name.
    private(set) var values: [String: String] = [:]

    /// Answers nil if there is something to explain.
    ///
    /// - Parameters:
    ///   - flags: the options without a value.
    ///   - options: the options with a value, in the next word or after `=`; each under all its names.
    init?(_ arguments: [String], flags: Set<String> = [], options: [[String]] = []) {
        var rest = arguments[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("-"), word != "-" else {
                operands.append(word)
                continue
            }
            if flags.contains(word) {
                self.flags.insert(word)
            } else if let names = options.first(where: { $0.contains(word) }) {
                guard let value = rest.popFirst(), value == "-" || !value.hasPrefix("-"), !value.isEmpty else { return nil }
                guard values.updateValue(value, forKey: names[0]) == nil else { return nil }
            } else {
                return nil
            }
        }
    }
}
