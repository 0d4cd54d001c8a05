// `apus wast`: what is printed of scripts, in which order, and how it ends.
import ApusCommands
import Foundation
import Testing

@Test
func scriptsThatPass() throws {
    let script = try Fixtures.file(
        """
        (module (func (export "f") (param i32) (result i32) (local.get 0)))
        (assert_return (invoke "f" (i32.const 1)) (i32.const 1))
        (assert_invalid (module (func (result i32))) "type mismatch")
        """, name: "good.wast")
    let run = CommandRun(["wast", script])
    #expect(run.status == 0)
    #expect(run.output == "\(script): 3 passed\n1 script: 3 passed\n")
    #expect(run.errors == "")
}

@Test(arguments: [
    ("(assert_return (invoke \"i32\") (i32.const 2))", "returned (i32.const -1), expected (i32.const 2)"),
    ("(assert_return (invoke \"f32\") (f32.const 0x1p-3))", "returned (f32.const 1.5), expected (f32.const 0.125)"),
    ("(assert_return (invoke \"f64\") (f64.const nan:canonical))", "returned (f64.const -2.0), expected (f64.const nan:canonical)"),
    ("(assert_return (invoke \"nan\") (f32.const nan:arithmetic))", "returned (f32.const -nan:0x200000), expected (f32.const nan:arithmetic)"),
    ("(assert_return (invoke \"two\") (i64.const 1))", "returned (i64.const 1) (i32.const 2), expected (i64.const 1)"),
    ("(assert_return (invoke \"none\") (i32.const 1))", "returned nothing, expected (i32.const 1)"),
    ("(assert_return (invoke \"i32\"))", "returned (i32.const -1), expected nothing"),
    ("(assert_return (invoke \"v128\") (v128.const i8x16 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 9))",
        "returned (v128.const i32x4 0x1 0x2 0x3 0xffffffff), expected (v128.const i8x16 0x0 0x0"),
    ("(assert_return (invoke \"reference\") (ref.null))", "returned a reference (funcref), expected (ref.null)"),
    ("(assert_return (invoke \"null\") (ref.extern 3))", "returned (ref.null), expected (ref.extern 3)"),
    ("(assert_return (invoke \"i32\") (either (i32.const 1) (i32.const 2)))",
        "returned (i32.const -1), expected (either (i32.const 1) (i32.const 2))"),
    ("(assert_return (get \"global\") (i64.const 1))", "returned (i64.const 7), expected (i64.const 1)"),
    ("(assert_return (invoke \"absent\"))", "no function is exported as \"absent\""),
    ("(assert_return (invoke \"trap\"))", "trapped: unreachable"),
    ("(assert_trap (invoke \"i32\") \"unreachable\")", "returned, expected the trap \"unreachable\""),
    ("(assert_trap (invoke \"trap\") \"integer overflow\")", "trapped with \"unreachable\", expected \"integer overflow\""),
    ("(assert_invalid (module) \"type mismatch\")", "accepted, expected \"type mismatch\""),
    ("(assert_malformed (module quote \"(func))\") \"unknown type\")", "refused with \"unexpected token )"),
    ("(assert_unlinkable (module (import \"a\" \"b\" (func))) \"incompatible\")", "not linked: \"unknown import: a.b"),
    ("(module (func (result i32)))", "the module was refused: type mismatch"),
    ("(module (import \"a\" \"b\" (func)))", "not instantiated: unknown import: a.b"),
    ("(invoke \"trap\")", "trapped: unreachable"),
    ("(invoke $absent \"f\")", "there is no instance $absent"),
])
func whatFellShort(_ command: String, _ note: String) throws {
    let script = try Fixtures.file(
        """
        (module
          (func (export "i32") (result i32) (i32.const -1)) (func (export "f32") (result f32) (f32.const 1.5))
          (func (export "f64") (result f64) (f64.const -2)) (func (export "nan") (result f32) (f32.const -nan:0x200000))
          (func (export "two") (result i64 i32) (i64.const 1) (i32.const 2)) (func $none (export "none"))
          (func (export "v128") (result v128) (v128.const i32x4 1 2 3 -1))
          (func (export "reference") (result funcref) (ref.func $none)) (func (export "null") (result externref) (ref.null extern))
          (global (export "global") i64 (i64.const 7)) (func (export "trap") unreachable))
        \(command)
        (assert_return (invoke "none"))
        """, name: "short.wast")
    let run = CommandRun(["wast", script])
    #expect(run.status == 1)
    #expect(run.output.contains("  \(script):8: \(note)"), "\(run.output)")
    // What is asked of a module that was not made is not counted as a failure of its own.
    let counts = command.hasPrefix("(module") ? "1 passed, 1 failed, 1 not supported\n" : "2 passed, 1 failed\n"
    #expect(run.output.hasPrefix("\(script): \(counts)"))
    #expect(run.output.hasSuffix("\n1 script: \(counts)"))
}

@Test
func messages() throws {
    let script = try Fixtures.file(
        """
        (module (func (export "f") unreachable))
        (assert_trap (invoke "f") "in other words")
        (assert_invalid (module (func (result i32))) "in other words")
        (assert_malformed (module quote "(") "in other words")
        (assert_unlinkable (module (import "a" "b" (func))) "in other words")
        """, name: "words.wast")
    let run = CommandRun(["wast", script])
    #expect(run.status == 1)
    #expect(run.output.contains("1 passed, 4 failed"))
    let lenient = CommandRun(["wast", "--ignore-error-messages", script])
    #expect(lenient.status == 0)
    #expect(lenient.output.contains("5 passed\n"))
    // That something went wrong at all is still looked at.
    let accepted = try Fixtures.file("(assert_invalid (module) \"x\")", name: "accepted.wast")
    #expect(CommandRun(["wast", "--ignore-error-messages", accepted]).status == 1)
}

@Test
func scriptsThatAreNone() throws {
    let script = try Fixtures.file("(module)\n(assert_retrun)\n", name: "none.wast")
    let run = CommandRun(["wast", script])
    #expect(run.status == 1)
    #expect(run.output.contains("\(script): 0 passed, 1 failed\n  \(script):2: "))
    #expect(run.output.contains("    2 | (assert_retrun)\n"))
}

@Test
func directories() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "apus-\(UUID().uuidString)")
    let inner = folder.appending(path: "inner/deep")
    try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
    let script = Data("(module)".utf8)
    try script.write(to: folder.appending(path: "b.wast"))
    try script.write(to: folder.appending(path: "a.wast"))
    try script.write(to: inner.appending(path: "c.wast"))
    try script.write(to: inner.appending(path: "c.wat"))
    try FileManager.default.createSymbolicLink(at: inner.appending(path: "loop"), withDestinationURL: folder)
    let run = CommandRun(["wast", folder.path])
    #expect(run.status == 0)
    let names = ["a.wast", "b.wast", "inner/deep/c.wast"].map { "\(folder.path)/\($0): 1 passed\n" }
    #expect(run.output == names.joined() + "3 scripts: 3 passed\n")
}

@Test
func manyScriptsComeInOrder() throws {
    let files = try (0..<60).map { number in
        try Fixtures.file(
            """
            (module (func (export "f") (param i32) (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))
            (invoke "f" (i32.const \(number % 7 == 0 ? 1_000_000 : 1)))
            """, name: "s\(number).wast")
    }
    let run = CommandRun(["wast"] + files + ["%/absent.wast"])
    #expect(run.status == 3)
    #expect(run.output == files.map { "\($0): 2 passed\n" }.joined() + "60 scripts: 120 passed; 1 not read\n")
    #expect(run.errors.hasPrefix("error: no such file: "))
}
