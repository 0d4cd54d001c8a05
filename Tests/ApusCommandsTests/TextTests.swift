// Text and binaries: what `parse` and `wat` make of each other's work, and text where a program is taken.
import ApusCommands
import Foundation
import Testing

/// The fixtures that are core modules in text.
private let modules = [
    "imports", "memory", "numbers", "start", "start-function", "trap-at-start", "wasi1", "invalid",
]

@Test(arguments: modules)
func roundTrip(_ name: String) throws {
    let binary = CommandRun(["parse", "%/\(name).wat"])
    #expect(binary.status == 0, "\(binary.errors)")
    let text = CommandRun(["wat", try Fixtures.file(binary.bytes)])
    #expect(text.status == 0, "\(text.errors)")
    let again = CommandRun(["parse", try Fixtures.file(text.bytes, name: "again.wat")])
    #expect(again.bytes == binary.bytes)
    #expect(CommandRun(["wat", try Fixtures.file(again.bytes)]).bytes == text.bytes)
    // Either takes what it would make, too.
    #expect(CommandRun(["wat", "%/\(name).wat"]).bytes == text.bytes)
    #expect(CommandRun(["parse", try Fixtures.file(binary.bytes)]).bytes == binary.bytes)
}

@Test
func namesAreKept() throws {
    let source = """
        (module $m
          (type $t (func (param i32)))
          (func $f (type $t) (local $l i64) (block $b (br $b)) (local.set $l (i64.const 1)))
          (global $g i32 (i32.const 1))
          (memory $memory 1)
        )
        """
    let binary = CommandRun(["parse", try Fixtures.file(source, name: "names.wat")])
    let text = String(decoding: CommandRun(["wat", try Fixtures.file(binary.bytes)]).bytes, as: UTF8.self)
    for name in ["(module $m", "$t", "(func $f", "(local $l i64)", "block $b", "br $b", "(global $g", "(memory $memory"] {
        #expect(text.contains(name))
    }
}

@Test
func outputFiles() throws {
    let input = try Fixtures.file("(module (func (export \"f\") (result i32) i32.const 42))", name: "in.wat")
    let folder = URL(filePath: input).deletingLastPathComponent()
    let binary = folder.appending(path: "out.wasm").path
    for arguments in [["parse", input, "-o", binary], ["parse", "--output=\(binary)", input], ["parse", "-o", binary, input]] {
        let run = CommandRun(arguments)
        #expect(run.status == 0 && run.bytes == [] && run.errors == "")
        #expect(CommandRun(["run", "--invoke", "f", binary]).output == "42\n")
        try FileManager.default.removeItem(atPath: binary)
    }
    // The input may be the output.
    #expect(CommandRun(["parse", input, "-o", input]).status == 0)
    #expect(CommandRun(["wat", input, "-o", input]).status == 0)
    #expect(try String(contentsOfFile: input, encoding: .utf8).hasPrefix("(module"))
    // Nothing is written of what cannot be read.
    let bad = try Fixtures.file("(module", name: "bad.wat")
    #expect(CommandRun(["parse", bad, "-o", binary]).status == 3)
    #expect(!FileManager.default.fileExists(atPath: binary))
}

@Test
func terminals() {
    let binary = CommandRun(["parse", "%/start.wat"], outputIsTerminal: true)
    #expect(binary.status == 2 && binary.bytes == [])
    #expect(binary.errors.contains("error: a binary is not written to a terminal\n  -o FILE"))
    #expect(CommandRun(["wat", "%/start.wasm"], outputIsTerminal: true).status == 0)
}

@Test
func textIsTakenForAProgram() {
    #expect(CommandRun(["run", "--invoke", "add", "%/numbers.wat", "1", "2"]).output == "3\n")
    #expect(CommandRun(["run", "--invoke", "divide", "%/numbers.wat", "1", "0"]).status == 134)
}

@Test
func textErrorsShowTheLine() throws {
    let path = try Fixtures.file("(module\n  (func (;é;) i32.cons 1))\n", name: "bad.wat")
    for command in ["run", "validate", "parse", "wat"] {
        let run = CommandRun([command, path])
        #expect(run.status == 3)
        #expect(
            run.errors == """
                error: \(path) is not well-formed text: unknown operator i32.cons
                  at \(path):2:15
                    |
                  2 |   (func (;é;) i32.cons 1))
                    |               ^

                """)
    }
    let script = try Fixtures.file("(module)\n(assert_return (invoke \"f\"))", name: "script.wast")
    #expect(CommandRun(["run", script]).errors.contains("'apus wast' runs scripts"))
}

@Test(arguments: [
    ("validate", ["x"]), ("validate", ["x", "-", "y"]), ("wast", ["x", "y"]), ("wast", ["--ignore-error-messages", "x"]),
    ("wast", ["x", "--ignore-error-messages", "y"]), ("parse", ["x"]), ("parse", []), ("parse", ["-"]),
    ("parse", ["-o", "y", "x"]), ("parse", ["x", "--output", "y"]), ("parse", ["x", "-o", "-"]), ("wat", ["x", "-o", "y"]), ("wat", []),
    ("validate", ["--json", "x"]), ("wit", ["x"]), ("wit", ["--json", "x", "-o", "y"]), ("inspect", ["-o", "-", "x", "--json"]), ("inspect", ["-"]),
])
func readsAlike(_ command: String, _ arguments: [String]) throws {
    #expect(try ApusTool.readsAlike(command, arguments))
}
