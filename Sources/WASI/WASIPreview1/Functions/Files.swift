// Reading, writing and positions. Bytes go between the guest's memory and the descriptor, all pieces in one call.

import Execution
import WASIHost

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension ModuleFunction {
    static let files = [
        ModuleFunction("fd_read") { (call, fd: FileNumber, vectors: List<Vector>, result: Pointer<UInt32>) in
            let object = try call.state.files[fd]
            let count = try unsafe call.memory.withPieces(vectors) { pieces in
                switch object {
                case .input(let input): try unsafe input.read(into: pieces, waiter: call.state.waiter)
                case .file(let file):
                    try call.waiting(file, for: .readability) { () throws(HostError) -> Int in
                        try unsafe file.descriptor.read(into: pieces)
                    }
                case .output, .directory: throw Errno.badf
                }
            }
            try call.store(count, to: result)
        },
        ModuleFunction("fd_write") { (call, fd: FileNumber, vectors: List<Vector>, result: Pointer<UInt32>) in
            let object = try call.state.files[fd]
            let count = try unsafe call.memory.withPieces(vectors) { pieces in
                switch object {
                case .output(let stream): try unsafe stream.write(pieces, waiter: call.state.waiter)
                case .file(let file):
                    try call.waiting(file, for: .writability) { () throws(HostError) -> Int in
                        try unsafe file.descriptor.write(pieces)
                    }
                case .input, .directory: throw Errno.badf
                }
            }
            try call.store(count, to: result)
        },
        ModuleFunction("fd_pread") {
            (call, fd: FileNumber, vectors: List<Vector>, offset: UInt64, result: Pointer<UInt32>) in
            let file = try call.state.files.seekable(fd)
            let count = try unsafe call.memory.withPieces(vectors) { try unsafe file.read(into: $0, at: offset) }
            try call.store(count, to: result)
        },
        ModuleFunction("fd_pwrite") {
            (call, fd: FileNumber, vectors: List<Vector>, offset: UInt64, result: Pointer<UInt32>) in
            let file = try call.state.files.seekable(fd)
            let count = try unsafe call.memory.withPieces(vectors) { try unsafe file.write($0, at: offset) }
            try call.store(count, to: result)
        },
        ModuleFunction("fd_seek") {
            (call, fd: FileNumber, distance: Int64, whence: Whence, result: Pointer<UInt64>) in
            try call.memory.store(try call.state.files.seekable(fd).seek(distance, from: whence.origin), to: result)
        },
        ModuleFunction("fd_tell") { (call, fd: FileNumber, result: Pointer<UInt64>) in
            try call.memory.store(try call.state.files.seekable(fd).seek(0, from: .current), to: result)
        },
        ModuleFunction("fd_advise") { (call, fd: FileNumber, offset: UInt64, length: UInt64, advice: Advice) in
            try call.state.files.file(fd).descriptor.advise(advice, offset: offset, length: length)
        },
        ModuleFunction("fd_allocate") { (call, fd: FileNumber, offset: UInt64, length: UInt64) in
            try call.state.files.file(fd).descriptor.allocate(offset: offset, length: length)
        },
        ModuleFunction("fd_sync") { (call, fd: FileNumber) in
            try call.state.files.descriptor(fd).sync()
        },
        ModuleFunction("fd_datasync") { (call, fd: FileNumber) in
            try call.state.files.descriptor(fd).syncData()
        },
    ]
}

extension GuestCall {
    /// Stores a count of bytes. No transfer of the system has more than fit.
    fileprivate func store(_ count: Int, to result: Pointer<UInt32>) throws {
        try memory.store(UInt32(clamping: count), to: result)
    }

    /// Makes a transfer, again after waiting if the file is one that can be waited for and the guest does wait.
    fileprivate func waiting(
        _ file: OpenFile, for condition: FileCondition, _ transfer: () throws(HostError) -> Int
    ) throws -> Int {
        while true {
            do throws(HostError) {
                return try transfer()
            } catch {
                if !error.isWouldBlock || file.isNonblocking { throw error }
            }
            switch condition {
            case .readability: try state.waiter.wait(for: file.descriptor.readability)
            case .writability: try state.waiter.wait(for: file.descriptor.writability)
            }
        }
    }
}

/// What a transfer waits for.
private enum FileCondition {
    case readability
    case writability
}

extension InputObject {
    /// Reads what is there into `pieces`, after waiting until there is something. Zero is the end.
    fileprivate func read(into pieces: UnsafeBufferPointer<iovec>, waiter: any Waiter) throws -> Int {
        var total = 0
        for index in 0..<pieces.count {
            let piece = unsafe UnsafeMutableRawBufferPointer(start: pieces[index].iov_base, count: pieces[index].iov_len)
            if piece.count == 0 { continue }
            do throws(StreamError) {
                // Only for the first byte is there a wait.
                let waits = total == 0 && !isNonblocking
                let count =
                    unsafe waits
                    ? try stream.blockingRead(into: piece, waiter: waiter) : try stream.read(into: piece)
                total += count
                if count == 0, total == 0 { throw StreamError.lastOperationFailed(.wouldBlock) }
                if count < piece.count { return total }
            } catch {
                if total > 0 || error == .closed { return total }
                throw error.asThrown
            }
        }
        return total
    }
}

extension HostOutputStream {
    /// Writes all of `pieces`.
    fileprivate func write(_ pieces: UnsafeBufferPointer<iovec>, waiter: any Waiter) throws -> Int {
        var total = 0
        for index in 0..<pieces.count {
            let piece = unsafe UnsafeRawBufferPointer(start: pieces[index].iov_base, count: pieces[index].iov_len)
            do throws(StreamError) {
                try unsafe writeInPermits(piece, waiter)
                total += piece.count
            } catch {
                // What was written is told; the error comes with the next write.
                if total > 0, error != .interrupted { return total }
                throw error.asThrown
            }
        }
        return total
    }
}

extension StreamError {
    /// What a function throws for it.
    fileprivate var asThrown: any Error {
        switch self {
        case .closed: Errno.pipe
        case .lastOperationFailed(let error): error
        case .misuse: Errno.inval
        case .interrupted: WaitInterrupted()
        }
    }
}
