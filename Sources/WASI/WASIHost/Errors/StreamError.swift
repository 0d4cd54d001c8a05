// How a stream operation fails: `stream-error` of `wasi:io/streams`, and two ways that no guest may see as a value.

/// The failure of an operation on a stream.
public enum StreamError: Error, Hashable, Sendable {
    /// The end of the input, or an output that takes no more.
    case closed

    /// The operation failed, and the stream is closed from now on.
    case lastOperationFailed(HostError)

    /// The caller broke the contract of the stream, for instance by writing more than was permitted. The guest that
    /// did so is to be trapped with this message.
    case misuse(String)

    /// The wait for the stream was interrupted. The guest is to be ended, it has no answer coming.
    case interrupted
}

extension StreamError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .closed: "stream closed"
        case .lastOperationFailed(let error): "last operation failed: \(error)"
        case .misuse(let reason): reason
        case .interrupted: "interrupted"
        }
    }
}
