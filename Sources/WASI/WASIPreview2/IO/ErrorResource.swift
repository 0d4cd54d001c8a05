// `wasi:io/error`: why an operation on a stream failed.

package import ComponentRuntime
package import WASIHost

/// `error`
package final class ErrorResource: Sendable {
    /// What the system said.
    package let error: HostError

    package init(_ error: HostError) {
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
    package var debugDescription: String {
        error.cause == nil ? "\(error) (\(FilesystemTypes.ErrorCode(error).rawValue))" : "\(error)"
    }
}

extension HostInterface {
    /// - Parameter name: what the interface calls the resource.
    package mutating func declareError(as name: String = "error") {
        // Messages call a resource by the first name that it is given.
        if name != "error" {
            var original = HostInterface(wasi: "io/error")
            original.declareError()
        }
        resource(name, of: ErrorResource.self)
    }
}
