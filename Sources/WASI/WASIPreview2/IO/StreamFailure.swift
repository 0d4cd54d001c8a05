// `stream-error` of `wasi:io/streams`, and the two failures of a stream that no guest sees as a value.

import ComponentRuntime
import WASIHost

/// `stream-error`
enum StreamFailure: Error, ComponentVariant {
    case lastOperationFailed(Owned<ErrorResource>)
    case closed

    static let cases = VariantCases<StreamFailure>(
        .init("last-operation-failed", StreamFailure.lastOperationFailed) {
            if case .lastOperationFailed(let error) = $0 { error } else { nil }
        },
        .init("closed", .closed) { if case .closed = $0 { true } else { false } })
}

extension StreamFailure {
    /// What the guest is told of `error`. Throws, to end the guest, if it broke the contract or the wait was
    /// interrupted.
    init(_ error: StreamError) throws {
        switch error {
        case .closed: self = .closed
        case .lastOperationFailed(let error): self = .lastOperationFailed(Owned(ErrorResource(error)))
        case .misuse(let reason): throw GuestMisuse(reason)
        case .interrupted: throw WaitInterrupted()
        }
    }
}

extension Result where Failure == StreamFailure {
    /// The outcome of an operation on a stream. Throws what ends the guest.
    init(stream operation: () throws(StreamError) -> Success) throws {
        do throws(StreamError) {
            self = .success(try operation())
        } catch {
            self = .failure(try StreamFailure(error))
        }
    }
}

extension Result where Success == Nothing, Failure == StreamFailure {
    /// The outcome of an operation on a stream that has no result.
    init(stream operation: () throws(StreamError) -> Void) throws {
        do throws(StreamError) {
            try operation()
            self = .success(Nothing())
        } catch {
            self = .failure(try StreamFailure(error))
        }
    }
}
