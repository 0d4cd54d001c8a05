// What `apus validate` is asked to do.

struct ValidateRequest: Hashable, Sendable {
    /// `-` is the standard input.
    var files: [String] = []

    init(files: [String]) {
        self.files = files
    }

    /// Reads arguments that need no explanation.
    init?(plain arguments: [String]) {
        guard let words = PlainArguments(arguments), !words.operands.isEmpty else { return nil }
        self.init(files: words.operands)
    }
}
