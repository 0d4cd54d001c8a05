// `--preload NAME=FILE`: a core module that the program's imports from NAME are found in.

/// A core module to be linked.
struct PreloadOption: Hashable, Sendable {
    let name: String
    let path: String

    static func parse(_ text: String) throws(OptionError) -> PreloadOption {
        guard let separator = text.firstIndex(of: "=") else {
            throw OptionError("a module is preloaded under a name: NAME=FILE")
        }
        let path = text[text.index(after: separator)...]
        guard !path.isEmpty else { throw OptionError("the file is missing behind '='") }
        return PreloadOption(name: String(text[..<separator]), path: String(path))
    }
}
