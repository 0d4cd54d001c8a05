// `sock_accept`, `sock_recv`, `sock_send` and `sock_shutdown`. WASI 0.1 cannot make a socket, and none is granted: every
// number is of something else, or of nothing.

import Execution

extension ModuleFunction {
    static let sockets = [
        ModuleFunction("sock_accept") { (call, fd: FileNumber, flags: FileFlags, result: Pointer<UInt32>) in
            try call.refuseAsSocket(fd)
        },
        ModuleFunction("sock_recv") {
            (
                call, fd: FileNumber, vectors: List<Vector>, flags: ReceiveFlags, count: Pointer<UInt32>,
                resultFlags: Pointer<UInt16>
            ) in
            try call.refuseAsSocket(fd)
        },
        ModuleFunction("sock_send") {
            (call, fd: FileNumber, vectors: List<Vector>, flags: UInt32, count: Pointer<UInt32>) in
            try call.refuseAsSocket(fd)
        },
        ModuleFunction("sock_shutdown") { (call, fd: FileNumber, how: ShutdownFlags) in
            try call.refuseAsSocket(fd)
        },
    ]
}

extension GuestCall {
    /// Throws `EBADF` for a number that is not open, and `ENOTSOCK` for any other.
    fileprivate func refuseAsSocket(_ number: FileNumber) throws(Errno) {
        _ = try state.files[number]
        throw .notsock
    }
}
