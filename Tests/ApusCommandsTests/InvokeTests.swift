// Calling exported functions of core modules: what numbers may look like, and what results do.
import ApusCommands
import Foundation
import Testing

@Test(arguments: [
    (["add", "1", "2"], "3\n"),
    (["add", "-1", "-2"], "-3\n"),
    (["i32", "0xff"], "255\n"),
    (["i32", "0xFFFFFFFF"], "-1\n"),
    (["i32", "-0x10"], "-16\n"),
    (["i32", "4294967295"], "-1\n"),
    (["i32", "-2147483648"], "-2147483648\n"),
    (["i64", "-9223372036854775808"], "-9223372036854775808\n"),
    (["i64", "18446744073709551615"], "-1\n"),
    (["i64", "0x7fffffffffffffff"], "9223372036854775807\n"),
    (["f32", "1"], "1\n"),
    (["f32", "0.1"], "0.1\n"),
    (["f32", "3.4028235e38"], "340282350000000000000000000000000000000\n"),
    (["f32", "1e-7"], "0.0000001\n"),
    (["f32", "nan"], "NaN\n"),
    (["f64", "-0"], "-0\n"),
    (["f64", "-inf"], "-inf\n"),
    (["f64", "inf"], "inf\n"),
    (["f64", "nan"], "NaN\n"),
    (["f64", "1e16"], "10000000000000000\n"),
    (["f64", "123456.789"], "123456.789\n"),
    (["f64", "1.5e-7"], "0.00000015\n"),
    (["f64", "0x1p-2"], "0.25\n"),
    (["swap", "1", "2"], "2\n1\n"),
    (["vector"], "1\n55340232221128654849\n2\n"),
    (["nothing"], ""),
    (["null"], "<null funcref>\n"),
    (["null-extern"], "<null externref>\n"),
])
func invoke(_ words: [String], _ output: String) {
    let run = CommandRun(["run", "--invoke", words[0], "%/numbers.wasm"] + words.dropFirst())
    #expect(run.errors == "")
    #expect(run.output == output)
    #expect(run.status == 0)
}

@Test(arguments: [
    ["run", "%/start.wasm"],
    ["run", "--", "%/start.wasm"],
    ["run", "%/start-function.wasm"],
    ["run", "--max-memory", "64MiB", "%/memory.wasm"],
    ["run", "--max-memory=64m", "--max-stack=1M", "--timeout=1m", "%/memory.wasm"],
    ["run", "--dir", "%", "--dir=%::/data:ro", "--env", "A=b", "--env", "HOME", "--inherit-env", "%/start.wasm"],
    ["run", "--argv0", "-x", "--cwd", "/", "%/start.wasm", "--help", "--version", "--", "--dir"],
    ["validate", "%/start.wasm", "%/numbers.wasm", "%/empty-component.wasm"],
    ["validate", "%/start.wat", "%/numbers.wasm", "%/memory.wat"],
    ["run", "%/start.wat"],
])
func runsQuietly(_ arguments: [String]) {
    let run = CommandRun(arguments.map { $0.replacingOccurrences(of: "=%", with: "=" + Fixtures.folder) })
    #expect(run.status == 0)
    #expect(run.output == "")
    #expect(run.errors == "")
}

@Test(arguments: [
    ["x"], ["--", "x"], ["x", "--dir", "y", "--", "-h"], ["--inherit-env", "x", "y"],
    ["--dir", "a", "--dir=b::c", "--dir", "d:ro", "--dir", "e::/f:ro", "x"],
    ["--env", "A", "--env=B=c=d", "--env", "E=", "x"], ["--argv0", "-n", "--cwd=/w", "--invoke", "f", "x", "-1"],
    ["--preload", "a=b.wasm", "--preload=c=d.wasm", "--preload==e", "x"],
    ["--max-memory", "1G", "--max-stack=64K", "--timeout", "1.5s", "x"], ["--timeout=2m", "--inherit-env", "--", "-x"],
    ["--invoke", "a=b", "x"], ["--argv0", "", "x"],
])
func readsAlike(_ arguments: [String]) throws {
    #expect(try ApusTool.readsAlike("run", arguments))
}

@Test
func memoryLimit() {
    #expect(CommandRun(["run", "--invoke", "grow", "%/numbers.wasm", "16"]).output == "1\n")
    #expect(CommandRun(["run", "--max-memory", "1M", "--invoke", "grow", "%/numbers.wasm", "15"]).output == "1\n")
    #expect(CommandRun(["run", "--max-memory", "1M", "--invoke", "grow", "%/numbers.wasm", "16"]).output == "-1\n")
}

@Test(arguments: [([], 0), (["a"], 1), (["a", "--timeout"], 42)] as [([String], Int32)])
func exitStatus(_ arguments: [String], _ status: Int32) {
    let run = CommandRun(["run", "%/command.wasm"] + arguments)
    #expect(run.status == status)
    #expect(run.errors == "")
}
