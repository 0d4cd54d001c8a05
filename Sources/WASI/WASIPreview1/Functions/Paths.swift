// What is done with paths, each beneath an open directory.

import Execution
import WASIHost

extension ModuleFunction {
    static let paths = [
        ModuleFunction("path_open") {
            (
                call, fd: FileNumber, lookup: PathFlags, path: Text, openFlags: OpenFlags, rights: Rights,
                inheriting: Rights, flags: FileFlags, result: Pointer<UInt32>
            ) in
            let directory: Descriptor
            switch try call.state.files[fd] {
            case .directory(let open): directory = open.descriptor
            case .file: throw Errno.notdir
            case .input, .output: throw Errno.badf
            }
            let opened = try directory.open(
                at: call.memory.text(path), pathFlags: lookup, openFlags: openFlags, flags: rights.access,
                writing: flags.writingMode)
            let object: OpenObject =
                opened.isDirectory
                ? .directory(OpenDirectory(opened))
                : .file(OpenFile(opened, isNonblocking: flags.contains(.nonblock)))
            try call.memory.store(call.state.files.insert(object).rawValue, to: result)
        },
        ModuleFunction("path_filestat_get") {
            (call, fd: FileNumber, lookup: PathFlags, path: Text, result: Pointer<FileStatusRecord>) in
            let status = try call.directory(fd).status(at: call.memory.text(path), pathFlags: lookup)
            try FileStatusRecord(status).store(to: result, call)
        },
        ModuleFunction("path_filestat_set_times") {
            (
                call, fd: FileNumber, lookup: PathFlags, path: Text, accessed: UInt64, modified: UInt64,
                flags: TimeFlags
            ) in
            let times = try flags.times(accessed: accessed, modified: modified)
            try call.directory(fd).setTimes(
                at: call.memory.text(path), pathFlags: lookup, accessed: times.accessed, modified: times.modified)
        },
        ModuleFunction("path_link") {
            (call, fd: FileNumber, lookup: PathFlags, path: Text, newFD: FileNumber, newPath: Text) in
            try call.directory(fd).link(
                at: call.memory.text(path), pathFlags: lookup, to: call.directory(newFD),
                at: call.memory.text(newPath))
        },
        ModuleFunction("path_rename") {
            (call, fd: FileNumber, path: Text, newFD: FileNumber, newPath: Text) in
            try call.directory(fd).rename(
                at: call.memory.text(path), to: call.directory(newFD), at: call.memory.text(newPath))
        },
        ModuleFunction("path_symlink") { (call, target: Text, fd: FileNumber, path: Text) in
            try call.directory(fd).createSymbolicLink(at: call.memory.text(path), target: call.memory.text(target))
        },
        ModuleFunction("path_readlink") {
            (call, fd: FileNumber, path: Text, buffer: List<UInt8>, result: Pointer<UInt32>) in
            let target = try call.directory(fd).readLink(at: call.memory.text(path)).utf8
            let bytes = unsafe try call.memory.bytes(of: buffer)
            // A target that does not fit is cut off, as POSIX has it.
            let count = min(bytes.count, target.count)
            unsafe bytes.copyBytes(from: target.prefix(count))
            try call.memory.store(UInt32(clamping: count), to: result)
        },
        ModuleFunction("path_unlink_file") { (call, fd: FileNumber, path: Text) in
            try call.directory(fd).unlinkFile(at: call.memory.text(path))
        },
    ]
}
