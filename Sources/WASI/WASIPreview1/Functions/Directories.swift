// `fd_readdir`, and making and removing directories.

import Execution
import WASIHost

extension ModuleFunction {
    static let directories = [
        ModuleFunction("fd_readdir") {
            (call, fd: FileNumber, buffer: List<UInt8>, cookie: UInt64, result: Pointer<UInt32>) in
            let directory = try call.state.files.directory(fd)
            let bytes = unsafe try call.memory.bytes(of: buffer)
            let count = unsafe try directory.read(into: bytes, from: cookie)
            try call.memory.store(UInt32(clamping: count), to: result)
        },
        ModuleFunction("path_create_directory") { (call, fd: FileNumber, path: Text) in
            try call.directory(fd).createDirectory(at: call.memory.text(path))
        },
        ModuleFunction("path_remove_directory") { (call, fd: FileNumber, path: Text) in
            try call.directory(fd).removeDirectory(at: call.memory.text(path))
        },
    ]
}

extension GuestCall {
    /// The directory that a path starts at.
    func directory(_ number: FileNumber) throws(Errno) -> Descriptor {
        try state.files.directory(number).descriptor
    }
}
