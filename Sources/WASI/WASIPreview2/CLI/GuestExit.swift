// `wasi:cli/exit`

import ComponentRuntime
public import Execution
public import WASIHost

extension GuestExit {
    /// The exit that a trap comes from, if it comes from one.
    public init?(of trap: Trap?) {
        guard let exit = trap?.rootCause as? GuestExit else { return nil }
        self = exit
    }
}

enum Exit {
    static let interface = HostInterface(wasi: "cli/exit") { interface in
        interface.function("exit") {
            (context: inout HostContext, status: Result<Nothing, Nothing>) throws -> Void in
            switch status {
            case .success: throw GuestExit(code: 0)
            case .failure: throw GuestExit(code: 1)
            }
        }
        interface.function("exit-with-code") { (context: inout HostContext, code: UInt8) throws -> Void in
            throw GuestExit(code: code)
        }
    }
}
