// `error-code` of `wasi:filesystem/types`, in the order of the WIT, and the mapping of the system's codes to it.

public import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// `wasi:filesystem/types.error-code`. The raw value is the index of the case in the WIT enum.
public enum FilesystemErrorCode: UInt8, CaseIterable, Sendable {
    case access
    case wouldBlock
    case already
    case badDescriptor
    case busy
    case deadlock
    case quota
    case exist
    case fileTooLarge
    case illegalByteSequence
    case inProgress
    case interrupted
    case invalid
    case io
    case isDirectory
    case loop
    case tooManyLinks
    case messageSize
    case nameTooLong
    case noDevice
    case noEntry
    case noLock
    case insufficientMemory
    case insufficientSpace
    case notDirectory
    case notEmpty
    case notRecoverable
    case unsupported
    case noTTY
    case noSuchDevice
    case overflow
    case notPermitted
    case pipe
    case readOnly
    case invalidSeek
    case textFileBusy
    case crossDevice
}

extension FilesystemErrorCode {
    /// The case that stands for `code`; `io` for a code that the WIT has no case for.
    public init(_ code: Errno) {
        self = Self.byCode.first { $0.code == code.rawValue }?.value ?? .io
    }

    private static let byCode: [(code: CInt, value: FilesystemErrorCode)] = [
        (ENOENT, .noEntry), (EPERM, .notPermitted), (EEXIST, .exist), (ENOTDIR, .notDirectory), (EISDIR, .isDirectory),
        (EACCES, .access), (EAGAIN, .wouldBlock), (EWOULDBLOCK, .wouldBlock), (EALREADY, .already),
        (EBADF, .badDescriptor), (EBUSY, .busy), (EDEADLK, .deadlock), (EDQUOT, .quota), (EFBIG, .fileTooLarge),
        (EILSEQ, .illegalByteSequence), (EINPROGRESS, .inProgress), (EINTR, .interrupted), (EINVAL, .invalid),
        (EIO, .io), (ELOOP, .loop), (EMLINK, .tooManyLinks), (EMSGSIZE, .messageSize), (ENAMETOOLONG, .nameTooLong),
        (ENODEV, .noDevice), (ENOLCK, .noLock), (ENOMEM, .insufficientMemory), (ENOSPC, .insufficientSpace),
        (ENOTEMPTY, .notEmpty), (ENOTRECOVERABLE, .notRecoverable), (ENOTSUP, .unsupported), (EOPNOTSUPP, .unsupported),
        (ENOSYS, .unsupported), (ENOTTY, .noTTY), (ENXIO, .noSuchDevice), (EOVERFLOW, .overflow), (EPIPE, .pipe),
        (EROFS, .readOnly), (ESPIPE, .invalidSeek), (ETXTBSY, .textFileBusy), (EXDEV, .crossDevice),
    ]
}

extension HostError {
    /// What `wasi:filesystem` calls this error.
    public var filesystemCode: FilesystemErrorCode { FilesystemErrorCode(code) }
}
