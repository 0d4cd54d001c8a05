// Tokens of the text format (core specification, section 6.3.1).

/// A token, as a place in the text.
package struct Token: Hashable, Sendable, BitwiseCopyable {
    package enum Kind: UInt8, Hashable, Sendable, BitwiseCopyable {
        /// The payload is the position of the token that closes it, or `Token.unclosed`.
        case leftParenthesis
        case rightParenthesis
        /// The payload is the number in the table of keywords; 0 for a keyword that the table does not have.
        case keyword
        /// The payload is the identifier's number among the text's symbols.
        case identifier
        /// An integer without a sign.
        case natural
        /// An integer with a sign.
        case integer
        case float
        /// The payload is 1 if there are escapes in it, otherwise 0.
        case string
        /// What the lexical grammar reserves: a run of characters that is no token of another kind.
        case reserved
        /// The end of the text.
        case end
    }

    package var kind: Kind
    package var payload: UInt32
    /// The extent in the text, in bytes.
    package var start: UInt32
    package var end: UInt32

    static var unclosed: UInt32 { .max }

    package var extent: Range<Int> { Int(start)..<Int(end) }
}

/// An annotation that is kept: `(@name …)`.
package struct Annotation: Hashable, Sendable {
    package enum Name: Hashable, Sendable {
        case name
        case custom
        case branchHint
        case producers

        /// nil for an annotation that means nothing here.
        init?(_ text: some Collection<UInt8>) {
            if text.elementsEqual("name".utf8) {
                self = .name
            } else if text.elementsEqual("custom".utf8) {
                self = .custom
            } else if text.elementsEqual("metadata.code.branch_hint".utf8) {
                self = .branchHint
            } else if text.elementsEqual("producers".utf8) {
                self = .producers
            } else {
                return nil
            }
        }

        package var text: String {
            switch self {
            case .name: "name"
            case .custom: "custom"
            case .branchHint: "metadata.code.branch_hint"
            case .producers: "producers"
            }
        }
    }

    package var name: Name
    /// Where it begins, in bytes.
    package var offset: Int
    /// The position of the token that follows it.
    package var position: Int
    /// Its contents, as positions in `TokenizedText.annotationTokens`.
    package var contents: Range<Int>
}
