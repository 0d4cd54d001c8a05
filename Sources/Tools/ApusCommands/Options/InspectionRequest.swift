// What `apus wit` and `apus inspect` are asked to do: one input, one output, as text or as JSON.

struct InspectionRequest: Hashable, Sendable {
    /// `-` is the standard input.
    var input = "-"
    /// nil: the standard output.
    var output: String?
    var isJSON = false

    init(input: String, output: String?, isJSON: Bool) {
        self.input = input
        self.output = output
        self.isJSON = isJSON
    }

    /// Reads arguments that need no explanation.
    init?(plain arguments: [String]) {
        guard let words = PlainArguments(arguments, flag: "--json", option: ["--output", "-o"]),
            let input = words.operands.first, words.operands.count == 1
        else { return nil }
        self.init(input: input, output: words.value, isJSON: words.hasFlag)
    }
}
