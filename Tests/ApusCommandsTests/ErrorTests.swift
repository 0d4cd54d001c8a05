// Every error that a command line or a file can cause: its status, its first line and what stands below it.
import ApusCommands
import Testing

struct ErrorCase: CustomTestStringConvertible, Sendable {
    let arguments: [String]
    let status: Int32
    /// All of these are found in what is printed.
    let parts: [String]

    init(_ arguments: String..., status: Int32, _ parts: String...) {
        self.arguments = arguments
        self.status = status
        self.parts = parts
    }

    var testDescription: String { arguments.joined(separator: " ") }
}

@Test(arguments: [
    // The command line.
    ErrorCase(status: 2, "USAGE: apus", "SUBCOMMANDS"),
    ErrorCase("rum", status: 2, "error: unknown command 'rum'\n", "did you mean 'apus run'?"),
    ErrorCase("hello.wasm", status: 2, "unknown command 'hello.wasm'", "did you mean 'apus run hello.wasm'?"),
    ErrorCase("serve", status: 2, "there is no component to serve", "usage: apus serve"),
    ErrorCase("run", status: 2, "error: missing expected argument '<file>'\n",
        "  usage: apus run [<options>] <file> [<arguments> ...]\n", "  see 'apus help run'\n"),
    ErrorCase("run", "--dir", status: 2, "missing value for '--dir <host[::guest][:ro]>'"),
    ErrorCase("run", "--invok", "x", "%/start.wasm", status: 2, "unknown option '--invok'", "did you mean --invoke?"),
    ErrorCase("run", "-W", "max-memory-size=1", "x", status: 2, "unknown option '-W'", "--max-memory"),
    ErrorCase("run", "-Smax=1", "x", status: 2, "unknown option '-Smax=1'", "granted by --dir"),
    ErrorCase("run", "--mapdir", "/::.", "x", status: 2, "unknown option '--mapdir'", "use --dir HOST::GUEST"),
    ErrorCase("run", "--max-memory", "12Q", "x", status: 2, "'12Q' is invalid for '--max-memory <bytes>'", "powers of 1024"),
    ErrorCase("run", "--max-memory", "-1", "x", status: 2, "'-1' is invalid for '--max-memory <bytes>'"),
    ErrorCase("run", "--max-memory", "99999999999G", "x", status: 2, "the size is too large"),
    ErrorCase("run", "--timeout", "soon", "x", status: 2, "'soon' is invalid for '--timeout <time>'", "500ms"),
    ErrorCase("run", "--timeout", "0", "x", status: 2, "longer than nothing"),
    ErrorCase("run", "--timeout", "1e9", "x", status: 2, "is invalid for '--timeout <time>'"),
    ErrorCase("run", "--env", "=x", "x", status: 2, "the variable's name is missing"),
    ErrorCase("run", "--dir", "::/x", "x", status: 2, "the directory of the host is missing"),
    ErrorCase("run", "--dir", "x::", "x", status: 2, "the guest's path is missing"),
    ErrorCase("run", "--dir", "%/absent", "%/start.wasm", status: 2, "error: --dir ", "/absent: no such directory\n"),
    ErrorCase("run", "--dir", "%/start.wasm", "%/start.wasm", status: 2, "start.wasm: not a directory\n"),
    ErrorCase("run", "--dir", "%/absent:/data", "%/start.wasm", status: 2, "did you mean --dir ", "/absent::/data?"),
    ErrorCase("completions", "tcsh", status: 2, "'tcsh' is invalid for '<shell>'"),
    ErrorCase("validate", "--all", "x", status: 2, "unknown option '--all'", "see 'apus help validate'"),
    ErrorCase("validate", status: 2, "missing expected argument '<files> ...'"),
    ErrorCase("wast", status: 2, "missing expected argument '<paths> ...'", "usage: apus wast", "see 'apus help wast'"),
    ErrorCase("wast", "--ignore-messages", "x", status: 2, "unknown option '--ignore-messages'"),
    ErrorCase("parse", "-g", "x", status: 2, "unknown option '-g'", "see 'apus help parse'"),
    ErrorCase("parse", "a", "b", status: 2, "unexpected argument 'b'"),
    ErrorCase("parse", "-o", status: 2, "missing value for '-o <out>'"),
    ErrorCase("parse", "-o", "a", "-o", "%/absent/b", "%/start.wat", status: 3, "error: cannot write ", "absent/b: No such file"),
    ErrorCase("wat", "--skeleton", "x", status: 2, "unknown option '--skeleton'", "see 'apus help wat'"),

    // Files.
    ErrorCase("run", "%/absent.wasm", status: 3, "error: no such file: ", "/absent.wasm\n"),
    ErrorCase("run", "%", status: 3, "Fixtures is a directory, not a file\n"),
    ErrorCase("run", "/dev/null", status: 3, "error: /dev/null is not a regular file\n"),
    ErrorCase("run", "%/invalid.wasm", status: 3,
        "invalid.wasm is not a valid core module: type mismatch: instruction requires [i32] but stack has [i64] in i32.add\n",
        "  at offset ", ", in function 1 (bad)\n"),
    ErrorCase("validate", "%/invalid-component.wasm", status: 3,
        "invalid-component.wasm is not a valid component: type mismatch", "in the core module at 0x", "in function 0 (bad)"),
    ErrorCase("validate", "%/invalid.wasm", "%/start.wasm", "%/absent.wasm", status: 3, "requires [i32]", "no such file"),
    ErrorCase("run", "%/imports.wasm", status: 3,
        "imports.wasm imports what nobody provides: env.print and 3 more\n", "  env.print: func (param i32)\n",
        "  env.memory: memory 1\n", "  env.ta\\u{1b}ble: table 1 funcref\n", "  env.global: global (mut i64)\n",
        "  a core module is given WASI 0.1 (wasi_snapshot_preview1), and what --preload env=FILE links\n"),
    ErrorCase("run", "--preload", "env=%/numbers.wasm", "%/imports.wasm", status: 3,
        "imports.wasm imports what nobody provides: env.print and 2 more\n",
        "  the module that was preloaded as 'env' does not export it\n"),
    ErrorCase("run", "--preload", "env=%/imports.wasm", "%/numbers.wasm", status: 3,
        "imports.wasm imports what nobody provides: env.print and 3 more\n"),
    ErrorCase("run", "--preload", "env=%/numbers.wasm", "%/command.wasm", status: 2,
        "command.wasm is a component, and --preload links core modules"),
    ErrorCase("run", "--preload", "env=%/command.wasm", "%/numbers.wasm", status: 2,
        "command.wasm is a component, and --preload links core modules"),
    ErrorCase("run", "--preload", "env", "%/numbers.wasm", status: 2, "a module is preloaded under a name: NAME=FILE"),
    ErrorCase("run", "--preload", "env=", "%/numbers.wasm", status: 2, "the file is missing behind '='"),
    ErrorCase("run", "--preload", "env=%/absent.wasm", "%/numbers.wasm", status: 3, "no such file: "),
    ErrorCase("run", "%/wasi1.wasm", "2", "3", "4", status: 134, "error: trap: unreachable\n", "0: wasi1!start\n"),
    ErrorCase("run", "--timeout", "2s", "%/wasi1.wasm", "2", "3", "4", "5", status: 124,
        "error: timed out: the guest did not end within 2 s\n", "0: wasi1!start\n"),

    ErrorCase("wast", "%/absent.wast", status: 3, "error: no such file: ", "/absent.wast\n"),
    ErrorCase("wast", "%/start.wasm", status: 3, "start.wasm is a WebAssembly binary, not a script\n", "'apus wat' prints it"),
    ErrorCase("wast", "%", status: 3, "error: no .wast file is in ", "Fixtures or beneath it\n"),
    ErrorCase("parse", "%/absent.wat", status: 3, "error: no such file: ", "/absent.wat\n"),
    ErrorCase("parse", "%", status: 3, "Fixtures is a directory, not a file\n"),
    ErrorCase("parse", "/dev/null", status: 3, "error: /dev/null is empty\n"),
    ErrorCase("parse", "%/start.wat", "-o", "%/absent/x", status: 3, "error: cannot write ", "/absent/x: No such file or directory"),
    ErrorCase("parse", "%/start.wat", "-o", "%", status: 3, "error: cannot write ", "Fixtures: Is a directory"),
    ErrorCase("wat", "%/absent.wasm", status: 3, "error: no such file: ", "/absent.wasm\n"),
    ErrorCase("validate", "%/invalid.wat", status: 3,
        "invalid.wat is not a valid core module: type mismatch: instruction requires [i32] but stack has [i64] in i32.add\n",
        ", in function 1 (bad), in the binary that the text stands for\n"),

    // Core modules.
    ErrorCase("run", "%/numbers.wasm", status: 3, "exports no '_start' to run", "add: func (param i32 i32) (result i32)"),
    ErrorCase("run", "--invoke", "ad", "%/numbers.wasm", status: 2,
        "--invoke ad: ", "numbers.wasm exports no such function", "did you mean add?"),
    ErrorCase("run", "--invoke", "memory", "%/numbers.wasm", status: 2, "that export is no function, but a memory 1"),
    ErrorCase("run", "--invoke", "add", "%/numbers.wasm", "1", status: 2,
        "error: --invoke add: 1 argument for a function that takes 2 arguments\n",
        "  add is func (param i32 i32) (result i32)\n"),
    ErrorCase("run", "--invoke", "nothing", "%/numbers.wasm", "1", status: 2, "1 argument for a function that takes no arguments"),
    ErrorCase("run", "--invoke", "add", "%/numbers.wasm", "1", "two", status: 2, "argument 2, 'two', is no i32"),
    ErrorCase("run", "--invoke", "i32", "%/numbers.wasm", "4294967296", status: 2, "argument 1, '4294967296', is no i32"),
    ErrorCase("run", "--invoke", "i32", "%/numbers.wasm", "-2147483649", status: 2, "is no i32"),
    ErrorCase("run", "--invoke", "i64", "%/numbers.wasm", "18446744073709551616", status: 2, "is no i64"),
    ErrorCase("run", "--invoke", "i64", "%/numbers.wasm", "--1", status: 2, "is no i64"),
    ErrorCase("run", "--invoke", "f64", "%/numbers.wasm", "one", status: 2, "'one', is no f64"),
    ErrorCase("run", "--invoke", "reference", "%/numbers.wasm", "1", status: 2, "an argument of type externref cannot be given"),
    ErrorCase("run", "--invoke", "divide", "%/numbers.wasm", "1", "0", status: 134,
        "error: trap: integer divide by zero\n  guest backtrace, innermost first:\n",
        "    0: numbers!divide\n    1: numbers!middle\n    2: numbers!"),
    ErrorCase("run", "--invoke", "trap", "%/numbers.wasm", status: 134, "error: trap: unreachable\n"),
    ErrorCase("run", "--invoke", "recurse", "%/numbers.wasm", status: 134,
        "error: trap: call stack exhausted\n", "--max-stack", "0: numbers!recurse\n", "… and 63 more calls of it\n", "… and the calls further out"),
    ErrorCase("run", "%/trap-at-start.wasm", status: 134, "error: trap: unreachable\n"),
    ErrorCase("run", "--max-memory", "32M", "%/memory.wasm", status: 134, "trap: resource limit exceeded"),
    ErrorCase("run", "--timeout", "2s", "--invoke", "loop", "%/numbers.wasm", status: 124,
        "error: timed out: the guest did not end within 2 s\n", "guest backtrace", "0: numbers!"),
    ErrorCase("run", "--invoke", "run", "%/empty-component.wasm", status: 2, "exports no such function\n", "  it exports no functions\n"),

    // Components.
    ErrorCase("run", "%/empty-component.wasm", status: 3,
        "empty-component.wasm is no program: it does not export wasi:cli/run\n", "  it exports nothing\n"),
    ErrorCase("run", "%/greeter.wasm", status: 3, "is no program", "  it exports:\n    lucky-number\n"),
    ErrorCase("run", "%/server.wasm", status: 3, "is no program", "wasi:http/incoming-handler@0.2.0\n", "answers HTTP requests"),
    ErrorCase("run", "%/wrong-run.wasm", status: 3,
        "cannot be run: 'run' of wasi:cli/run@0.2.0 has another type\n", "  expected: func() -> result\n",
        "  found:    func(count: u32) -> u32\n"),
    ErrorCase("run", "%/missing-interface.wasm", status: 3,
        "imports what nobody provides: example:logging/log@1.2.0\n", "can be composed with this one"),
    ErrorCase("run", "%/missing-function.wasm", status: 3,
        "imports what nobody provides: 'get-color' of wasi:cli/environment@0.2.0\n", "  expected: func() -> string\n",
        "  wasi:cli/environment@0.2.12 is provided and has no such item\n"),
    ErrorCase("run", "%/missing-version.wasm", status: 3,
        "imports what nobody provides: wasi:random/random@0.9.0\n", "  nearest:  wasi:random/random@0.2.12"),
    ErrorCase("run", "%/wrong-type.wasm", status: 3,
        "cannot be linked: 'get-random-u64' of wasi:random/random@0.2.0 has another type\n",
        "  expected: func() -> u32\n", "  found:    func() -> u64\n", "  provided by wasi:random/random@0.2.12\n"),
    ErrorCase("run", "%/http-client.wasm", status: 3, "'http-error-code' of wasi:http/types@0.2.0 has another type"),
    ErrorCase("run", "%/command.wasm", "1", "2", "3", status: 134,
        "error: trap: unreachable\n  guest backtrace, innermost first:\n", ": program!fail\n", ": program!run\n"),
    ErrorCase("run", "--timeout=1500ms", "%/command.wasm", "1", "2", "3", "4", status: 124,
        "timed out: the guest did not end within 1.5 s\n", "program!run"),
])
func error(_ errorCase: ErrorCase) {
    let run = CommandRun(errorCase.arguments)
    #expect(run.status == errorCase.status)
    #expect(run.output == "")
    for part in errorCase.parts {
        #expect(run.errors.contains(part))
    }
}

@Test(arguments: [
    ("", "file.wasm is empty\n"),
    ("00 61", "file.wasm is cut short\n"),
    ("00 61 73 6d 01 00", "file.wasm is cut short\n"),
    ("00 61 73 6d 02 00 00 00", "is WebAssembly of an unknown version\n"),
    ("00 61 73 6d 01 00 00 00 01 85", "is not a well-formed core module: unexpected end"),
    ("00 61 73 6d 01 00 00 00 01 05 01", "it may have been cut short"),
    ("00 61 73 6d 0d 00 01 00 01 05 01", "is not a well-formed component: unexpected end"),
    ("1f 8b 08 00 00 00 00 00", "looks like a gzip archive"),
    ("7f 45 4c 46 02 01 01 00 00", "looks like an ELF file"),
    ("50 4b 03 04 0a 00 00", "looks like a zip archive"),
    ("28 b5 2f fd 24 00 01 00", "looks like a Zstandard archive"),
    ("3c 21 44 4f 43 54 59 50 45 20 68 74 6d 6c 3e", "looks like an HTML page"),
    ("28 6d 6f 64 75 6c 65 20 29 29 0a", "file.wasm is not well-formed text: unexpected token )\n  at "),
    ("ef bb bf 28 6d 6f 64 75 6c 65 29", "file.wasm is not well-formed text"),
    ("28 6d 6f 64 75 6c 65 20 22 ff 22 29 0a", "file.wasm is not well-formed text: malformed UTF-8 encoding\n  at "),
    ("20 0a 20 0a", "looks like text"),
    ("76 65 72 73 69 6f 6e 20 68 74 74 70 73 3a 2f 2f 67 69 74 2d 6c 66 73 2e", "a Git LFS pointer"),
    ("68 65 6c 6c 6f 0a", "looks like text"),
    ("ff d8 93 00 12 34 56 78 9a bc", "it begins with ff d8 93 00 12 34 56 78"),
])
func badFile(_ hex: String, _ part: String) throws {
    let bytes = hex.split(separator: " ").compactMap { UInt8($0, radix: 16) }
    // A binary is parsed to itself, and a component is not printed yet.
    let isBinary = hex.hasPrefix("00 61 73 6d") && hex.count > 24
    for command in isBinary ? ["run", "validate"] : ["run", "validate", "parse", "wat"] {
        let run = CommandRun([command, try Fixtures.file(bytes)])
        #expect(run.status == 3)
        #expect(run.errors.contains(part))
    }
}
