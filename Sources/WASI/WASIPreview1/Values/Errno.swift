// `errno`: the numbers of WASI 0.1, in the order of its definition, and the mapping of the system's codes to them.

import WASIHost

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What a function answers. Thrown, it is the answer of the function that throws it.
enum Errno: UInt16, Error {
    case success
    case tooBig
    case acces
    case addrinuse
    case addrnotavail
    case afnosupport
    case again
    case already
    case badf
    case badmsg
    case busy
    case canceled
    case child
    case connaborted
    case connrefused
    case connreset
    case deadlk
    case destaddrreq
    case dom
    case dquot
    case exist
    case fault
    case fbig
    case hostunreach
    case idrm
    case ilseq
    case inprogress
    case intr
    case inval
    case io
    case isconn
    case isdir
    case loop
    case mfile
    case mlink
    case msgsize
    case multihop
    case nametoolong
    case netdown
    case netreset
    case netunreach
    case nfile
    case nobufs
    case nodev
    case noent
    case noexec
    case nolck
    case nolink
    case nomem
    case nomsg
    case noprotoopt
    case nospc
    case nosys
    case notconn
    case notdir
    case notempty
    case notrecoverable
    case notsock
    case notsup
    case notty
    case nxio
    case overflow
    case ownerdead
    case perm
    case pipe
    case proto
    case protonosupport
    case prototype
    case range
    case rofs
    case spipe
    case srch
    case stale
    case timedout
    case txtbsy
    case xdev
    case notcapable
}

extension Errno {
    /// The number that stands for the system's code; `io` for one that WASI has no number for.
    init(_ error: HostError) {
        let code = error.rawCode
        self = Self.bySystemCode.first { $0.code == code }?.errno ?? .io
    }

    /// Those that programs see often come first.
    private static let bySystemCode: [(code: CInt, errno: Errno)] = [
        (ENOENT, .noent), (EEXIST, .exist), (ENOTDIR, .notdir), (EISDIR, .isdir), (EPERM, .perm), (EACCES, .acces),
        (EAGAIN, .again), (EBADF, .badf), (EINVAL, .inval), (ENOTEMPTY, .notempty), (ELOOP, .loop),
        (ENAMETOOLONG, .nametoolong), (ESPIPE, .spipe), (EPIPE, .pipe), (EWOULDBLOCK, .again), (E2BIG, .tooBig),
        (EADDRINUSE, .addrinuse), (EADDRNOTAVAIL, .addrnotavail), (EAFNOSUPPORT, .afnosupport), (EALREADY, .already),
        (EBADMSG, .badmsg), (EBUSY, .busy), (ECANCELED, .canceled), (ECHILD, .child), (ECONNABORTED, .connaborted),
        (ECONNREFUSED, .connrefused), (ECONNRESET, .connreset), (EDEADLK, .deadlk), (EDESTADDRREQ, .destaddrreq),
        (EDOM, .dom), (EDQUOT, .dquot), (EFAULT, .fault), (EFBIG, .fbig), (EHOSTUNREACH, .hostunreach),
        (EIDRM, .idrm), (EILSEQ, .ilseq), (EINPROGRESS, .inprogress), (EINTR, .intr), (EIO, .io), (EISCONN, .isconn),
        (EMFILE, .mfile), (EMLINK, .mlink), (EMSGSIZE, .msgsize), (EMULTIHOP, .multihop), (ENETDOWN, .netdown),
        (ENETRESET, .netreset), (ENETUNREACH, .netunreach), (ENFILE, .nfile), (ENOBUFS, .nobufs), (ENODEV, .nodev),
        (ENOEXEC, .noexec), (ENOLCK, .nolck), (ENOLINK, .nolink), (ENOMEM, .nomem), (ENOMSG, .nomsg),
        (ENOPROTOOPT, .noprotoopt), (ENOSPC, .nospc), (ENOSYS, .nosys), (ENOTCONN, .notconn),
        (ENOTRECOVERABLE, .notrecoverable), (ENOTSOCK, .notsock), (ENOTSUP, .notsup), (ENOTTY, .notty),
        (ENXIO, .nxio), (EOVERFLOW, .overflow), (EOWNERDEAD, .ownerdead), (EPROTO, .proto),
        (EPROTONOSUPPORT, .protonosupport), (EPROTOTYPE, .prototype), (ERANGE, .range), (EROFS, .rofs),
        (ESRCH, .srch), (ESTALE, .stale), (ETIMEDOUT, .timedout), (ETXTBSY, .txtbsy), (EXDEV, .xdev),
        (EOPNOTSUPP, .notsup),
    ]
}
