import InternalUtilities
import Testing

@Test(arguments: [
    ("null", "null"), ("[]", "[]"), ("{}", "{}"), (" [ 1 , -2.5e+3 ] ", "[\n  1,\n  -2.5e+3\n]"),
    ("{\"b\":true,\"a\":[false]}", "{\n  \"b\": true,\n  \"a\": [\n    false\n  ]\n}"),
    ("\"\\u0041\\n\\/\\ud83d\\ude00\\u0001\"", "\"A\\n/😀\\u0001\""),
])
func jsonIsReadAndWritten(_ text: String, _ written: String) throws {
    #expect(try JSONValue(parsing: Array(text.utf8)).text == written)
}

@Test(arguments: ["", "[", "[1,]", "{\"a\" 1}", "{a: 1}", "\"a", "\"\\x\"", "\"\\ud83d\"", "nul", "1 2", "\"\n\""])
func otherTextIsNoJSON(_ text: String) {
    #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text.utf8)) }
}

@Test func deepJSONIsAnError() {
    #expect(throws: JSONError.self) { try JSONValue(parsing: [UInt8](repeating: UInt8(ascii: "["), count: 100_000)) }
}
