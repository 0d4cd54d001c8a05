// `wasi:cli/exit`. Leaving is not a trap, but it ends the guest in the same way: by an error that no guest can catch.

import ComponentRuntime
public import Execution

/// The guest asked to end. Thrown by the host function that it asked, so it is the root cause of the trap that a call
/// into the guest then throws.
public struct GuestExit: Error, Hashable, Sendable {
    /// What the guest gave: 0 for success, 1 for `exit` with an error.
    public let code: UInt8

    public init(code: UInt8) {
        self.code = code
    }
}

extension GuestExit: CustomStringConvertible {
    public var description: String { "exit with status \(code)" }
}

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
