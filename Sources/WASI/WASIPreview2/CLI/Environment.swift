// `wasi:cli/environment`

import ComponentRuntime
import WASIHost

enum Environment {
    static let interface = HostInterface(wasi: "cli/environment") { interface in
        interface.function("get-environment") { (context: inout HostContext) throws -> [Tuple<String, String>] in
            try context.wasi.configuration.environment.map { Tuple($0.name, $0.value) }
        }
        interface.function("get-arguments") { (context: inout HostContext) throws -> [String] in
            try context.wasi.configuration.arguments
        }
        interface.function("initial-cwd") { (context: inout HostContext) throws -> String? in
            try context.wasi.configuration.initialDirectory
        }
    }
}
