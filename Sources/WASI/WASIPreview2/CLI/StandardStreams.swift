// `wasi:cli/stdin`, `stdout` and `stderr`. Each call gives another handle of the same stream.

import ComponentRuntime
import WASIHost

enum StandardStreams {
    static let input = HostInterface(wasi: "cli/stdin") { interface in
        interface.declareInputStream()
        interface.function("get-stdin") { (context: inout HostContext) throws -> Owned<InputStreamResource> in
            Owned(InputStreamResource(try context.wasi.configuration.standardInput))
        }
    }

    static let output = HostInterface(wasi: "cli/stdout") { interface in
        interface.declareOutputStream()
        interface.function("get-stdout") { (context: inout HostContext) throws -> Owned<OutputStreamResource> in
            Owned(OutputStreamResource(try context.wasi.configuration.standardOutput))
        }
    }

    static let error = HostInterface(wasi: "cli/stderr") { interface in
        interface.declareOutputStream()
        interface.function("get-stderr") { (context: inout HostContext) throws -> Owned<OutputStreamResource> in
            Owned(OutputStreamResource(try context.wasi.configuration.standardError))
        }
    }
}
