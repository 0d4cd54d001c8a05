// The words of WAVE.

/// A token and where it stands.
struct WAVEToken: Equatable {
    enum Kind: Equatable {
        /// One of `{}()[]:,`.
        case punctuation(UInt8)
        /// Digits, perhaps with a sign, a fraction and an exponent; or `-inf`.
        case number
        /// A word in kebab case, without its `%`.
        case label(String, isEscaped: Bool)
        case character(Unicode.Scalar)
        case string(String)
        case end
    }

    var kind: Kind
    /// In bytes of the text.
    var range: Range<Int>

    /// Whether this is a keyword: a reserved word without a `%`.
    func isKeyword(_ word: String) -> Bool {
        kind == .label(word, isEscaped: false)
    }

    func isPunctuation(_ byte: UInt8) -> Bool {
        kind == .punctuation(byte)
    }
}

enum WAVEKeyword {
    /// The words that stand for values, wherever a label without `%` could.
    static let all: Set<String> = ["true", "false", "some", "none", "ok", "err", "inf", "nan"]
}
