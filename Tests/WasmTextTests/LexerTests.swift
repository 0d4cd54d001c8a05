import Testing
import WasmText

@Suite("The lexer")
struct LexerTests {
    private func kinds(_ text: String) throws -> [Token.Kind] {
        try TokenizedText(Array(text.utf8)).tokens.dropLast().map(\.kind)
    }

    @Test("tells the kinds of tokens apart", arguments: [
        ("func", Token.Kind.keyword), ("$x", .identifier), ("$\"a b\"", .identifier), ("0", .natural), ("0x1F_ff", .natural),
        ("-1", .integer), ("+0x1", .integer), ("1.", .float), ("1.5e-3", .float), ("-0x1.8p+3", .float), ("inf", .float),
        ("-nan:0x7f", .float), ("nan", .float), ("\"a\\n\"", .string), ("0x", .reserved), ("1_", .reserved),
        ("1__0", .reserved), ("\"a\"b", .reserved), ("\"a\"\"b\"", .reserved), ("0drop", .reserved), ("nan:0x", .keyword),
        ("{", .reserved), ("1e", .reserved), ("0x1.p", .reserved), ("A", .reserved),
    ])
    func kind(_ text: String, _ kind: Token.Kind) throws {
        #expect(try kinds(text) == [kind])
    }

    @Test("steps over blanks, comments and annotations that it does not know")
    func space() throws {
        let text = "(;a(;b;);)(;;);;c\n\t(@x (\"(\" y) (;z;))\r\n nop;;end"
        #expect(try kinds(text) == [.keyword])
    }

    @Test("refuses what is no text", arguments: [
        ("(; (; ;)", "unclosed comment"), ("\"abc", "unclosed string"), ("\"a\nb\"", "unclosed string"),
        ("\"\\q\"", "invalid string escape"), ("\"\\u{110000}\"", "invalid string escape"), ("\"\\u{d800}\"", "invalid string escape"),
        ("$", "empty identifier"), ("$\"\"", "empty identifier"), ("(@a", "unclosed annotation"), ("(@)", "empty annotation id"),
        ("é", "illegal character"), ("\u{1}", "illegal character"),
    ])
    func malformed(_ text: String, _ message: String) {
        #expect(refusal(text).hasPrefix(message))
    }

    @Test("refuses broken UTF-8 wherever it is")
    func encoding() {
        for bytes: [UInt8] in [[0x3B, 0x3B, 0xC0], [0x22, 0xFF, 0x22], [0xE2, 0x82], [0x28, 0x3B, 0x80, 0x3B, 0x29]] {
            #expect(throws: TextError.self) { try TokenizedText(bytes) }
        }
    }

    @Test("takes identifiers for equal by their characters only")
    func identifiers() throws {
        let text = try TokenizedText(Array("$a $\"a\" $\"\\61\" $\"\\u{61}\" $b $é".replacing("$é", with: "$\"é\" $\"e\\u{301}\"").utf8))
        let payloads = text.tokens.dropLast().map(\.payload)
        #expect(Set(payloads[0..<4]).count == 1)
        #expect(Set(payloads).count == 4)
    }
}
