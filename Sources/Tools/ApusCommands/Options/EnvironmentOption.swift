// `--env NAME=VALUE` gives a variable, `--env NAME` passes on the one that the process has.

/// A variable for the guest.
struct EnvironmentOption: Hashable, Sendable {
    let name: String
    /// nil: the process's own.
    let value: String?

    static func parse(_ text: String) throws(OptionError) -> EnvironmentOption {
        guard let separator = text.firstIndex(of: "=") else {
            guard !text.isEmpty else { throw OptionError("the variable's name is missing") }
            return EnvironmentOption(name: text, value: nil)
        }
        guard separator > text.startIndex else { throw OptionError("the variable's name is missing in front of '='") }
        return EnvironmentOption(name: String(text[..<separator]), value: String(text[text.index(after: separator)...]))
    }
}
