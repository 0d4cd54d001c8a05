// What `apus parse` and `apus wat` are asked to do: one input, one output.

struct TranslationRequest: Hashable, Sendable {
    /// `-` is the standard input.
    var input = "-"
    /// nil: the standard output.
    var output: String?

    init(input: String?, output: String?) {
        self.input = input ?? "-"
        self.output = output
    }

    /// Reads arguments that need no explanation.
    init?(plain arguments: [String]) {
        guard let words = PlainArguments(arguments, option: ["--output", "-o"]), words.operands.count <= 1 else { return nil }
        self.init(input: words.operands.first, output: words.value)
    }
}
