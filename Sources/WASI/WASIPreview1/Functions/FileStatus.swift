// The status of what is open: asking for it, setting size and times.

import Execution
import WASIHost

extension ModuleFunction {
    static let fileStatus = [
        ModuleFunction("fd_filestat_get") { (call, fd: FileNumber, result: Pointer<FileStatusRecord>) in
            let object = try call.state.files[fd]
            let record =
                switch object {
                case .input, .output: FileStatusRecord(try object.type)
                case .file(let file): FileStatusRecord(try file.descriptor.status())
                case .directory(let directory): FileStatusRecord(try directory.descriptor.status())
                }
            try record.store(to: result, call)
        },
        ModuleFunction("fd_filestat_set_size") { (call, fd: FileNumber, size: UInt64) in
            try call.state.files.file(fd).descriptor.setSize(size)
        },
        ModuleFunction("fd_filestat_set_times") {
            (call, fd: FileNumber, accessed: UInt64, modified: UInt64, flags: TimeFlags) in
            let times = try flags.times(accessed: accessed, modified: modified)
            try call.state.files.descriptor(fd).setTimes(accessed: times.accessed, modified: times.modified)
        },
    ]
}
