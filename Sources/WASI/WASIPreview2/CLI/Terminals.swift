// `wasi:cli/terminal-input`, `terminal-output`, `terminal-stdin`, `terminal-stdout` and `terminal-stderr`. The two
// resources have no methods: that there is one says that the stream is a terminal.

import ComponentRuntime
import WASIHost

/// `terminal-input`
final class TerminalInput {}

/// `terminal-output`
final class TerminalOutput {}

enum Terminals {
    static let inputType = HostInterface(wasi: "cli/terminal-input") { $0.declareTerminalInput() }
    static let outputType = HostInterface(wasi: "cli/terminal-output") { $0.declareTerminalOutput() }

    static let input = HostInterface(wasi: "cli/terminal-stdin") { interface in
        interface.declareTerminalInput()
        interface.function("get-terminal-stdin") { (context: inout HostContext) throws -> Owned<TerminalInput>? in
            try context.wasi.configuration.standardInput.isTerminal ? Owned(TerminalInput()) : nil
        }
    }

    static let output = HostInterface(wasi: "cli/terminal-stdout") { interface in
        interface.declareTerminalOutput()
        interface.function("get-terminal-stdout") { (context: inout HostContext) throws -> Owned<TerminalOutput>? in
            try context.wasi.configuration.standardOutput.isTerminal ? Owned(TerminalOutput()) : nil
        }
    }

    static let error = HostInterface(wasi: "cli/terminal-stderr") { interface in
        interface.declareTerminalOutput()
        interface.function("get-terminal-stderr") { (context: inout HostContext) throws -> Owned<TerminalOutput>? in
            try context.wasi.configuration.standardError.isTerminal ? Owned(TerminalOutput()) : nil
        }
    }
}

extension HostInterface {
    fileprivate mutating func declareTerminalInput() {
        resource("terminal-input", of: TerminalInput.self)
    }

    fileprivate mutating func declareTerminalOutput() {
        resource("terminal-output", of: TerminalOutput.self)
    }
}
