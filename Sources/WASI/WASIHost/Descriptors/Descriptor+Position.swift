// Reading and writing a file from a position that moves along, as WASI 0.1 has it. The position is the system's own: a
// descriptor is opened for one guest and never shared. Bytes go to and come from several pieces of memory in one call.

#if canImport(Glibc)
package import Glibc
#elseif canImport(Musl)
package import Musl
#elseif canImport(Darwin)
package import Darwin
#endif

/// Where a position is counted from.
package enum SeekOrigin: Sendable {
    case start
    case current
    case end

    fileprivate var systemValue: CInt {
        switch self {
        case .start: SEEK_SET
        case .current: SEEK_CUR
        case .end: SEEK_END
        }
    }
}

extension Descriptor {
    /// As many pieces as the system takes in one call.
    package static let maximumPieces = 1024

    /// Reads from the position into `pieces`, one after the other, and answers how many bytes. Zero is the end of the
    /// file, unless the pieces are empty. Throws `EAGAIN` where there is nothing yet.
    package func read(into pieces: UnsafeBufferPointer<iovec>) throws(HostError) -> Int {
        try requireFile()
        if pieces.count == 1 {
            return try unsafe handle.readAtPosition(
                into: UnsafeMutableRawBufferPointer(start: pieces[0].iov_base, count: pieces[0].iov_len))
        }
        return try systemCall { unsafe readv(handle.rawValue, pieces.baseAddress, CInt(clamping: pieces.count)) }
    }

    /// Reads at `offset` and leaves the position where it is.
    package func read(into pieces: UnsafeBufferPointer<iovec>, at offset: UInt64) throws(HostError) -> Int {
        try requireFile()
        let offset = try offset.asFileOffset()
        return try systemCall { unsafe preadv(handle.rawValue, pieces.baseAddress, CInt(clamping: pieces.count), offset) }
    }

    /// Writes `pieces`, one after the other, from the position, and answers how many bytes were taken.
    /// Throws `EAGAIN` where there is no room yet.
    package func write(_ pieces: UnsafeBufferPointer<iovec>) throws(HostError) -> Int {
        try requireFile()
        try requireWriteRight()
        // It may be a named pipe, and nobody at the other end must not end the process.
        _ = DescriptorOutput.brokenPipeIsAnError
        if pieces.count == 1 {
            return try unsafe handle.writeAtPosition(
                UnsafeRawBufferPointer(start: pieces[0].iov_base, count: pieces[0].iov_len))
        }
        return try systemCall { unsafe writev(handle.rawValue, pieces.baseAddress, CInt(clamping: pieces.count)) }
    }

    /// Writes at `offset` and leaves the position where it is. A file that is appended to is appended to all the same,
    /// where the system is Linux.
    package func write(_ pieces: UnsafeBufferPointer<iovec>, at offset: UInt64) throws(HostError) -> Int {
        try requireFile()
        try requireWriteRight()
        let offset = try offset.asFileOffset()
        return try systemCall { unsafe pwritev(handle.rawValue, pieces.baseAddress, CInt(clamping: pieces.count), offset) }
    }

    /// Moves the position, and answers where it is then.
    package func seek(_ distance: Int64, from origin: SeekOrigin) throws(HostError) -> UInt64 {
        try requireFile()
        return UInt64(try systemCall { lseek(handle.rawValue, off_t(distance), origin.systemValue) })
    }

    /// Makes the file's bytes from `offset` on, `length` of them, its own on the disk. The file grows to hold them.
    package func allocate(offset: UInt64, length: UInt64) throws(HostError) {
        try requireFile()
        try requireWriteRight()
        let offset = try offset.asFileOffset()
        let length = try length.asFileOffset()
        #if canImport(Darwin)
        _ = (offset, length)
        throw .unsupported
        #else
        let code = posix_fallocate(handle.rawValue, offset, length)
        if code != 0 { throw HostError(rawCode: code) }
        #endif
    }

    /// What to wait for before reading. A file never makes its reader wait.
    package var readability: Pollable {
        get throws(HostError) { try isPaced ? .readable(handle) : .ready }
    }

    /// What to wait for before writing.
    package var writability: Pollable {
        get throws(HostError) { try isPaced ? .writable(handle) : .ready }
    }

    /// How many bytes can be read from the position on, and whether the end follows them.
    package var available: (count: UInt64, isLast: Bool) {
        get throws(HostError) {
            if try isPaced { return handle.available }
            let position = try seek(0, from: .current)
            let size = try status().size
            return (size > position ? size - position : 0, true)
        }
    }

    /// Whether it is known that nobody reads what is written.
    package var isHungUp: Bool {
        get throws(HostError) { try isPaced && handle.isHungUp }
    }

    /// Whether somebody else decides when it can be read or written: a pipe, a terminal, a socket.
    private var isPaced: Bool {
        get throws(HostError) {
            switch try handle.status().type {
            case .regularFile, .directory, .blockDevice, .symbolicLink: false
            case .characterDevice, .fifo, .socket, .unknown: true
            }
        }
    }
}
