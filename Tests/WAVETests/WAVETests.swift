// Values in WAVE notation: what is read as which value, and how it is written; and what is refused, where and why.
import ComponentTypes
import Testing
import WAVE

/// A type, a text that is a value of it, and the form in which the value is written; nil if it is the same.
private let values: [(type: String, text: String, written: String?)] = [
    ("bool", "true", nil), ("bool", " false // yes\n", "false"),
    ("u8", "0", nil), ("u8", "255", nil), ("s8", "-128", nil), ("s8", "-0", "0"),
    ("u16", "65535", nil), ("s16", "-32768", nil), ("u32", "4294967295", nil), ("s32", "-2147483648", nil),
    ("u64", "18446744073709551615", nil), ("s64", "-9223372036854775808", nil),
    ("f32", "1", nil), ("f32", "1.50", "1.5"), ("f32", "0.1", nil), ("f32", "nan", nil), ("f32", "-inf", nil),
    ("f64", "inf", nil), ("f64", "-0.0", "-0"), ("f64", "1e3", "1000"), ("f64", "1.5E-7", "0.00000015"), ("f64", "12e+2", "1200"),
    ("f64", "1e999", "inf"), ("f64", "3.141592653589793", nil),
    ("char", "'a'", nil), ("char", "'\"'", "'\\\"'"), ("char", "'\\''", nil), ("char", "'\\n'", nil),
    ("char", "'\\u{1F600}'", "'😀'"), ("char", "'☃'", nil), ("char", "'\\u{0}'", "'\\u{0}'"),
    ("string", "\"\"", nil), ("string", "\"abc\"", nil), ("string", "\"it's\"", "\"it\\'s\""),
    ("string", "\"\\\\ \\\" \\t \\r \\n \\u{41}\"", "\"\\\\ \\\" \\t \\r \\n A\""),
    ("string", "\"tab\there\"", "\"tab\\there\""), ("string", "\"\\u{7}\\u{200b}\"", nil), ("string", "\"é日本\"", nil),
    ("string", "\"\"\"\nA single line\n\"\"\"", "\"A single line\""),
    ("string", "\"\"\"\n    Indentation determined\n      by the end\n  \"\"\"", "\"  Indentation determined\\n    by the end\""),
    ("string", "\"\"\"\r\n  a\\r\r\n  \"\"\\\"\r\n  \"\"\"", "\"a\\r\\n\\\"\\\"\\\"\""),
    ("string", "\"\"\"\n\"\"\"", "\"\""),
    ("list<u8>", "[]", nil), ("list<u8>", "[1, 2 ,3,]", "[1, 2, 3]"), ("list<list<string>>", "[[\"a\"], []]", nil),
    ("list<u8, 2>", "[1, 2]", nil),
    ("tuple<u8, string>", "(1, \"x\")", nil), ("tuple<u8, string>", "(1,\"x\",)", "(1, \"x\")"), ("tuple<u8>", "(7)", nil),
    ("point", "{x: -1, y: 2.5}", nil), ("point", "{%y:2.5,x:-1,}", "{x: -1, y: 2.5}"),
    ("choices", "{:}", nil), ("choices", "{a: none}", "{:}"), ("choices", "{some: \"s\", a: 3}", "{a: some(3), some: some(\"s\")}"),
    ("partly", "{must: 1}", nil), ("partly", "{must: 1, may: some(2)}", nil),
    ("color", "red", nil), ("color", "dark-green", nil), ("color", "%none", nil), ("color", "%red", "red"), ("color", "%ok", nil),
    ("shape", "empty", nil), ("shape", "circle(1.5)", nil), ("shape", "%err(\"no\")", nil), ("shape", "pair((1, \"a\"))", nil),
    ("rights", "{}", nil), ("rights", "{write, read}", "{read, write}"), ("rights", "{true,}", "{true}"),
    ("option<u8>", "none", nil), ("option<u8>", "some(3)", nil), ("option<u8>", "3", "some(3)"),
    ("option<string>", "\"x\"", "some(\"x\")"), ("option<color>", "red", "some(red)"), ("option<color>", "none", nil),
    ("option<color>", "%none", "some(%none)"), ("option<option<u8>>", "some(none)", nil), ("option<option<u8>>", "some(1)", "some(some(1))"),
    ("result", "ok", nil), ("result", "err", nil), ("result<u8>", "ok(3)", nil), ("result<u8>", "3", "ok(3)"), ("result<u8>", "err", nil),
    ("result<_, string>", "ok", nil), ("result<_, string>", "err(\"x\")", nil), ("result<u8, string>", "err(\"x\")", nil),
    ("result<option<u8>>", "ok(3)", "ok(some(3))"), ("option<own>", "none", nil),
]

/// A type, a text that is no value of it, words of the error, and the part of the text that it points at.
private let errors: [(type: String, text: String, message: String, place: String)] = [
    ("bool", "1", "expected a bool", "1"), ("bool", "True", "kebab case", "True"), ("bool", "yes", "expected a bool", "yes"), ("bool", "", "found the end", ""),
    ("u8", "256", "from 0 to 255", "256"), ("u8", "-1", "from 0 to 255", "-1"), ("u8", "1.0", "whole number", "1.0"),
    ("u8", "01", "cannot begin with 0", "01"), ("u8", "0x10", "neither a number nor a word", "0x10"), ("u8", "-", "followed by a number", "-"),
    ("u8", "1 2", "nothing more", "2"), ("u8", "\"1\"", "found a string", "\"1\""), ("u8", "&", "cannot begin", "&"),
    ("f64", "1.", "followed by digits", "1."), ("f64", "1e", "must have digits", "1e"), ("f64", "+1", "cannot begin", "+"),
    ("char", "''", "no character", "''"), ("char", "'ab'", "one between quotes", "'a"), ("char", "'a", "one between quotes", "'a"),
    ("char", "\"a\"", "expected a char", "\"a\""), ("char", "'\\u{D800}'", "\\u{…}", "\\u{D800"), ("char", "'\\q'", "escapes are", "\\q"),
    ("string", "\"a", "must end with", "\"a"), ("string", "\"a\nb\"", "same line", "\"a"), ("string", "abc", "expected a string", "abc"),
    ("string", "\"\"\"x\n\"\"\"", "followed by the end of the line", "\"\"\""), ("string", "\"\"\"\n x\n  \"\"\"", "indented", " x"),
    ("string", "\"\"\"\nx\"\"\"", "line of its own", "\"\"\""), ("string", "\"\"\"\nx", "must end with", "\"\"\"\nx"),
    ("list<u8>", "[1, 300]", "from 0 to 255", "300"), ("list<u8>", "[1 2]", "',' or ']'", "2"), ("list<u8>", "[1", "found the end", ""),
    ("list<u8>", "1", "a list", "1"),
    ("tuple<u8, string>", "(1)", "expected ','", ")"), ("tuple<u8, string>", "(1, \"a\", 2)", "after 2 elements", "2"), ("tuple<u8>", "()", "u8", ")"),
    ("point", "{x: 1}", "'y' is missing", "{"), ("point", "{x: 1, x: 2}", "given twice", "x"), ("point", "{z: 1}", "no field 'z'", "z"),
    ("point", "{}", "'x' is missing", "{"), ("point", "{x 1}", "expected ':'", "1"), ("point", "(1, 2)", "a record", "("),
    ("color", "blue", "one of red, dark-green", "blue"), ("color", "none", "%none", "none"), ("color", "Red-", "kebab case", "Red-"),
    ("shape", "circle", "has a payload", "circle"), ("shape", "empty(1)", "no payload", "("), ("shape", "err(\"x\")", "%err", "err"),
    ("rights", "{exec}", "no flag 'exec'", "exec"), ("rights", "{read, read}", "twice", "read"), ("rights", "read", "flags in", "read"),
    ("option<option<u8>>", "3", "none or some(…)", "3"), ("option<u8>", "some 3", "expected '('", "3"), ("option<u8>", "some(256)", "u8", "256"),
    ("result", "ok(1)", "no payload", "("), ("result<u8>", "ok", "payload of 'ok'", ""), ("result<option<u8>>", "3", "ok(…)", "3"),
    ("result<_, string>", "\"x\"", "a result, ok or err(…)", "\"x\""), ("own", "1", "only it can make them", "1"),
    ("option<own>", "some(1)", "handle", "1"), ("list<u8, 2>", "[1]", "a list of 2 values, found 1", "["),
    ("stream", "1", "type stream<u8> cannot be written", "1"),
]

@Test func valuesAreReadAndWritten() throws {
    for (type, text, written) in values {
        let type = try Types.type(type)
        do {
            let value = try WAVEReader.value(text, as: type)
            let expected = written ?? text
            #expect(value.waveText == expected, "\(text)")
            #expect(try WAVEReader.value(value.waveText, as: type) == value, "\(text), read again")
        } catch {
            Issue.record("\(text): \(error)")
        }
    }
}

@Test func otherTextsAreErrorsWithAPlace() throws {
    for (name, text, message, place) in errors {
        do {
            let value = try WAVEReader.value(text, as: try Types.type(name))
            Issue.record("\(text) as \(name) is \(value)")
        } catch let error as WAVEError {
            #expect(error.message.contains(message), "\(text) as \(name): \(error.message)")
            let bytes = Array(text.utf8)
            let found = bytes.indices.contains(error.range.lowerBound) || error.range.isEmpty ? String(decoding: bytes[error.range], as: UTF8.self) : "?"
            #expect(found.hasPrefix(place) && (found.isEmpty == place.isEmpty), "\(text) as \(name): \(error.message) at '\(found)'")
        }
    }
}

@Test(arguments: [
    ("f(1, \"a\")", nil), ("f( 1 ,\"a\", )", nil), ("f(1)", "b is missing"), ("f(1, \"a\", 2)", "more arguments"),
    ("f(1, \"a\"", "',' or ')'"), ("f(1, \"a\") x", "nothing more"),
])
func arguments(_ text: String, _ message: String?) throws {
    let parameters: [ComponentFunctionType.Parameter] = [.init(name: "a", type: .u8), .init(name: "b", type: .string)]
    do throws(WAVEError) {
        var reader = try WAVEReader(text, from: 1)
        let values = try reader.arguments(for: parameters, of: "f")
        try reader.expectEnd()
        #expect(message == nil)
        #expect(values == [.u8(1), .string("a")])
    } catch {
        #expect(message.map(error.message.contains) == true, "\(error)")
    }
}

/// Damaged texts are read or refused, whatever they are.
@Test func anyTextIsReadOrRefused() throws {
    let types = try ["point", "shape", "rights", "string", "list<list<string>>", "option<option<u8>>", "result<u8, string>", "f64", "char"].map(Types.type)
    var generator = SystemRandomNumberGenerator()
    for (_, text, _) in values {
        for _ in 0..<20 {
            var bytes = Array(text.utf8)
            guard !bytes.isEmpty else { continue }
            let position = Int.random(in: bytes.indices, using: &generator)
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: bytes[position] = UInt8.random(in: 0..<128, using: &generator)
            case 1: bytes.remove(at: position)
            default: bytes.removeSubrange(position...)
            }
            let damaged = String(decoding: bytes, as: UTF8.self)
            for type in types { _ = try? WAVEReader.value(damaged, as: type) }
        }
    }
}

@Test func handlesAreWrittenAsWhatTheyAre() {
    final class Resource: ComponentResource {}
    #expect(ComponentValue.tuple([.own(Resource()), .borrow(Resource())]).waveText == "(<own>, <borrow>)")
}
