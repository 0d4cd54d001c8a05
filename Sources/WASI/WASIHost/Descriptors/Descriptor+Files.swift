// Reading and writing a file, straight between the descriptor and the caller's memory.

import CWASIHost

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension Descriptor {
    /// Reads at `offset` into `buffer`, and answers how many bytes. Zero, for a buffer that is not empty, is the end of
    /// the file. The caller bounds the buffer.
    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(HostError) -> Int {
        try requireFile()
        return try unsafe handle.read(into: buffer, at: offset)
    }

    /// Writes `bytes` at `offset`, and answers how many were taken.
    package func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(HostError) -> Int {
        try requireFile()
        try requireWriteRight()
        return try unsafe handle.write(bytes, at: offset)
    }

    /// Writes `bytes` at the end of the file, and answers how many were taken.
    package func append(_ bytes: UnsafeRawBufferPointer) throws(HostError) -> Int {
        try requireFile()
        try requireWriteRight()
        return try unsafe handle.append(bytes)
    }

    /// Makes the file `size` bytes long, with zeros where it grows.
    package func setSize(_ size: UInt64) throws(HostError) {
        try requireFile()
        try requireWriteRight()
        let size = try size.asFileOffset()
        _ = try systemCall { ftruncate(handle.rawValue, size) }
    }

    /// Tells the system how the bytes from `offset` on will be used; a `length` of zero is all of them. Has no effect
    /// where no file can be that long.
    package func advise(_ advice: Advice, offset: UInt64, length: UInt64) throws(HostError) {
        try requireFile()
        guard let offset = try? offset.asFileOffset(), let length = try? length.asFileOffset() else { return }
        #if os(Linux) || os(Android)
        let value =
            switch advice {
            case .normal: POSIX_FADV_NORMAL
            case .sequential: POSIX_FADV_SEQUENTIAL
            case .random: POSIX_FADV_RANDOM
            case .willNeed: POSIX_FADV_WILLNEED
            case .dontNeed: POSIX_FADV_DONTNEED
            case .noReuse: POSIX_FADV_NOREUSE
            }
        let code = posix_fadvise(handle.rawValue, offset, length, value)
        if code != 0 { throw HostError(rawCode: code) }
        #else
        _ = (offset, length, advice)
        #endif
    }

    /// A stream that reads from `offset` on. Throws `EISDIR` for a directory.
    package func readStream(at offset: UInt64) throws(HostError) -> FileInput {
        if isDirectory { throw .isDirectory }
        return FileInput(handle: handle, offset: offset)
    }

    /// A stream that writes from `offset` on.
    package func writeStream(at offset: UInt64) throws(HostError) -> FileOutput {
        try requireFile()
        try requireWriteRight()
        return FileOutput(handle: handle, position: .offset(offset))
    }

    /// A stream that writes at the end of the file, wherever that is by then.
    package func appendStream() throws(HostError) -> FileOutput {
        try requireFile()
        try requireWriteRight()
        return FileOutput(handle: handle, position: .end)
    }
}

extension OwnedFileDescriptor {
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(HostError) -> Int {
        let offset = try offset.asFileOffset()
        return try systemCall { unsafe pread(rawValue, buffer.baseAddress, buffer.count, offset) }
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(HostError) -> Int {
        let offset = try offset.asFileOffset()
        return try systemCall { unsafe pwrite(rawValue, bytes.baseAddress, bytes.count, offset) }
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws(HostError) -> Int {
        if bytes.count == 0 { return 0 }
        do throws(HostError) {
            return try kernelCall { unsafe wasihost_append(rawValue, bytes.baseAddress, bytes.count) }
        } catch {
            guard [ENOSYS, EOPNOTSUPP, ENOTSUP].contains(error.rawCode) else { throw error }
        }
        // Elsewhere the descriptor is put into append mode for one write; other writers through it would not notice,
        // for all that WASI does is positioned.
        let flags = try systemCall { fcntl(rawValue, F_GETFL) }
        _ = try systemCall { fcntl(rawValue, F_SETFL, flags | O_APPEND) }
        defer { _ = fcntl(rawValue, F_SETFL, flags) }
        return try systemCall { unsafe systemWrite(rawValue, bytes) }
    }

    /// Writes from the descriptor's own position.
    func writeAtPosition(_ bytes: UnsafeRawBufferPointer) throws(HostError) -> Int {
        try systemCall { unsafe systemWrite(rawValue, bytes) }
    }

    /// Reads from the descriptor's own position.
    func readAtPosition(into buffer: UnsafeMutableRawBufferPointer) throws(HostError) -> Int {
        #if canImport(Glibc)
        try systemCall { unsafe Glibc.read(rawValue, buffer.baseAddress, buffer.count) }
        #elseif canImport(Musl)
        try systemCall { unsafe Musl.read(rawValue, buffer.baseAddress, buffer.count) }
        #else
        try systemCall { unsafe Darwin.read(rawValue, buffer.baseAddress, buffer.count) }
        #endif
    }
}
