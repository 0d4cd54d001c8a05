// `wasi:io/error`: why an operation on a stream failed.

import ComponentRuntime
import WASIHost

/// `error`
final class ErrorResource: Sendable {
    /// What the system said.
    let error: HostError

    init(_ error: HostError) {
        self.error = error
    }

    static let interface = HostInterface(wasi: "io/error") { interface in
        interface.declareError()
        interface.function("[method]error.to-debug-string") {
            (context: inout HostContext, error: Borrowed<ErrorResource>) throws -> String in
            error.object.debugDescription
        }
    }
}

extension ErrorResource: CustomDebugStringConvertible {
    /// Such as `No space left on device (insufficient-space)`.
    var debugDescription: String { "\(error) (\(FilesystemTypes.ErrorCode(error).rawValue))" }
}

extension HostInterface {
    mutating func declareError() {
        resource("error", of: ErrorResource.self)
    }
}
