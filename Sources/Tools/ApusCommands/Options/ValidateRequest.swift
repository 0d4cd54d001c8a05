// What `apus validate` is asked to do.

struct ValidateRequest: Hashable, Sendable {
    /// `-` is the standard input.
    var files: [String] = []
    /// Whether the verdicts are printed, as JSON.
    var isJSON = false

    init(files: [String], isJSON: Bool = false) {
        self.files = files
        self.isJSON = isJSON
    }

    /// Reads arguments that need no explanation.
    init?(plain arguments: [String]) {
        guard let words = PlainArguments(arguments, flag: "--json"), !words.operands.isEmpty else { return nil }
        self.init(files: words.operands, isJSON: words.hasFlag)
    }
}
