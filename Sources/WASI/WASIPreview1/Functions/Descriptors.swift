// The numbers themselves: closing, renumbering, what they are, and under which paths directories were granted.

import Execution
import WASIHost

extension ModuleFunction {
    static let descriptors = [
        ModuleFunction("fd_close") { (call, fd: FileNumber) in
            try call.state.files.close(fd)
        },
        ModuleFunction("fd_renumber") { (call, fd: FileNumber, to: FileNumber) in
            try call.state.files.renumber(fd, to: to)
        },
        ModuleFunction("fd_fdstat_get") { (call, fd: FileNumber, result: Pointer<DescriptorStatus>) in
            try DescriptorStatus(call.state.files[fd]).store(to: result, call)
        },
        ModuleFunction("fd_fdstat_set_flags") { (call, fd: FileNumber, flags: FileFlags) in
            switch try call.state.files[fd] {
            case .input(let input):
                guard flags.subtracting(.nonblock).isEmpty else { throw Errno.inval }
                input.isNonblocking = flags.contains(.nonblock)
            case .output:
                // What is written to a stream is always waited for.
                guard flags.subtracting([.nonblock, .append]).isEmpty else { throw Errno.inval }
            case .file(let file):
                // How a file is synchronized is settled when it is opened.
                let current = FileFlags(try file.descriptor.writingMode)
                guard flags.intersection(.synchronizing).isSubset(of: current) else { throw Errno.inval }
                try file.descriptor.setAppending(flags.contains(.append))
                file.isNonblocking = flags.contains(.nonblock)
            case .directory: throw Errno.badf
            }
        },
        ModuleFunction("fd_fdstat_set_rights") { (call, fd: FileNumber, base: Rights, inheriting: Rights) in
            _ = try call.state.files.descriptor(fd)
            throw Errno.notsup
        },
        ModuleFunction("fd_prestat_get") { (call, fd: FileNumber, result: Pointer<UInt64>) in
            guard case .directory(let directory) = try call.state.files[fd], let path = directory.preopenPath
            else { throw Errno.badf }
            // `prestat`: the tag of `dir`, and how long the path is.
            let record = try call.memory.record(at: result.address, size: 8, alignment: 4)
            record.set(UInt32(0), at: 0)
            record.set(UInt32(clamping: path.utf8.count), at: 4)
        },
        ModuleFunction("fd_prestat_dir_name") { (call, fd: FileNumber, buffer: List<UInt8>) in
            guard case .directory(let directory) = try call.state.files[fd], let path = directory.preopenPath
            else { throw Errno.notdir }
            guard path.utf8.count <= buffer.count else { throw Errno.nametoolong }
            unsafe try call.memory.bytes(of: buffer).copyBytes(from: path.utf8)
        },
    ]
}

/// `fdstat`
private struct DescriptorStatus {
    private let type: FileTypeTag
    private var flags: FileFlags = []
    private let rights: Rights
    private let inheriting: Rights

    init(_ object: OpenObject) throws(HostError) {
        type = try object.type
        switch object {
        case .input(let input):
            rights = .fdRead
            inheriting = rights
            if input.isNonblocking { flags.insert(.nonblock) }
        case .output:
            rights = .fdWrite
            inheriting = rights
        case .file(let file):
            rights = try Rights(of: file.descriptor)
            inheriting = rights
            flags = FileFlags(try file.descriptor.writingMode)
            if file.isNonblocking { flags.insert(.nonblock) }
        case .directory(let directory) where directory.preopenPath != nil:
            rights = .preopened
            inheriting = .inherited
        case .directory(let directory):
            rights = try Rights(of: directory.descriptor)
            inheriting = rights
        }
    }

    func store(to pointer: Pointer<DescriptorStatus>, _ call: GuestCall) throws {
        let record = try call.memory.record(at: pointer.address, size: 24)
        record.clear()
        record.set(type.rawValue, at: 0)
        record.set(flags.rawValue, at: 2)
        record.set(rights.rawValue, at: 8)
        record.set(inheriting.rawValue, at: 16)
    }
}
