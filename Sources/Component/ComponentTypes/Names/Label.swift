// Labels: the kebab-case words of which every name of the component model is made (Explainer.md, "Import and Export
// Definitions"):
//
//     label          ::= first-fragment ('-' fragment)*
//     first-fragment ::= [a-z] [0-9a-z]* | [A-Z] [0-9A-Z]*
//     fragment       ::= [0-9a-z]+ | [0-9A-Z]+
//     words          ::= first-word ('-' word)*            (as a label, but without capitals)

/// Checks of the words that names are made of.
public enum Label {
    /// Whether `bytes` follow the grammar of `label`.
    public static func isValid(_ bytes: some Collection<UInt8>) -> Bool {
        scan(bytes, allowsCapitals: true)
    }

    /// Whether `text` follows the grammar of `label`.
    public static func isValid(_ text: some StringProtocol) -> Bool {
        isValid(text.utf8)
    }

    /// Whether `text` follows the grammar of `words`: a label in small letters only.
    public static func isWords(_ text: some StringProtocol) -> Bool {
        scan(text.utf8, allowsCapitals: false)
    }

    private enum Fragment {
        case empty, digits, small, capitals
    }

    private static func scan(_ bytes: some Collection<UInt8>, allowsCapitals: Bool) -> Bool {
        var fragment = Fragment.empty
        var isFirst = true
        for byte in bytes {
            switch (byte, fragment) {
            case (UInt8(ascii: "a")...UInt8(ascii: "z"), .empty), (UInt8(ascii: "a")...UInt8(ascii: "z"), .digits),
                (UInt8(ascii: "a")...UInt8(ascii: "z"), .small):
                fragment = .small
            case (UInt8(ascii: "A")...UInt8(ascii: "Z"), .empty), (UInt8(ascii: "A")...UInt8(ascii: "Z"), .digits),
                (UInt8(ascii: "A")...UInt8(ascii: "Z"), .capitals):
                guard allowsCapitals else { return false }
                fragment = .capitals
            case (UInt8(ascii: "0")...UInt8(ascii: "9"), .empty):
                guard !isFirst else { return false }
                fragment = .digits
            case (UInt8(ascii: "0")...UInt8(ascii: "9"), _):
                break
            case (UInt8(ascii: "-"), .digits), (UInt8(ascii: "-"), .small), (UInt8(ascii: "-"), .capitals):
                fragment = .empty
                isFirst = false
            default:
                return false
            }
        }
        return fragment != .empty
    }

    /// The form in which two labels are compared for strong uniqueness: capitals become small letters.
    public static func canonical(_ text: String) -> String {
        text.utf8.contains { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) } ? text.lowercased() : text
    }
}
