// What `apus wast` is asked to do.

struct ScriptRequest: Hashable, Sendable {
    /// Scripts, and directories that hold some.
    var paths: [String] = []
    var ignoresErrorMessages = false

    init(paths: [String], ignoresErrorMessages: Bool) {
        self.paths = paths
        self.ignoresErrorMessages = ignoresErrorMessages
    }

    /// Reads arguments that need no explanation.
    init?(plain arguments: [String]) {
        guard let words = PlainArguments(arguments, flag: "--ignore-error-messages"), !words.operands.isEmpty else { return nil }
        self.init(paths: words.operands, ignoresErrorMessages: words.hasFlag)
    }
}
