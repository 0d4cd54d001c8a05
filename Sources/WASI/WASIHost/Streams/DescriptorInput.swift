// Reading any descriptor of the system as a stream: standard input above all, be it a pipe, a terminal, a file or a
// socket. `O_NONBLOCK` is never set on a descriptor that was inherited: the flag belongs to the open file, which other
// processes have too. So a read is made in a way that does not wait, or the system is asked first whether it would.

import CWASIHost
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// How a descriptor is read or written without waiting.
enum DescriptorKind {
    /// Never waits.
    case file

    /// Has a flag for it in each call.
    case socket

    /// Takes `RWF_NOWAIT`, perhaps.
    case other

    init(_ handle: OwnedFileDescriptor) {
        switch try? handle.status().type {
        case .regularFile, .blockDevice, .directory: self = .file
        case .socket: self = .socket
        default: self = .other
        }
    }
}

/// A stream that reads a descriptor from its own position.
public final class DescriptorInput: HostInputStream {
    private let handle: OwnedFileDescriptor
    private let kind: DescriptorKind
    private let isClosed = Atomic<Bool>(false)

    /// Whether the system refuses to read this descriptor without waiting, so that it must be asked first.
    private let mustAsk = Atomic<Bool>(false)

    public init(_ handle: OwnedFileDescriptor) {
        self.handle = handle
        self.kind = DescriptorKind(handle)
    }

    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
        if isClosed.load(ordering: .relaxed) { throw .closed }
        if buffer.count == 0 { return 0 }
        do throws(HostError) {
            let count = try unsafe readNow(into: buffer)
            if count > 0 { return count }
        } catch {
            if error.isWouldBlock { return 0 }
            isClosed.store(true, ordering: .relaxed)
            throw .lastOperationFailed(error)
        }
        isClosed.store(true, ordering: .relaxed)
        throw .closed
    }

    public var readiness: Pollable {
        if kind == .file || isClosed.load(ordering: .relaxed) { return .ready }
        return .readable(handle)
    }

    public var isTerminal: Bool { handle.isTerminal }

    public var available: (count: UInt64, isLast: Bool) {
        if isClosed.load(ordering: .relaxed) { return (0, true) }
        return handle.available
    }

    /// Throws `EAGAIN` if there is nothing now.
    private func readNow(into buffer: UnsafeMutableRawBufferPointer) throws(HostError) -> Int {
        switch kind {
        case .file: return try unsafe handle.readAtPosition(into: buffer)
        case .socket:
            return try systemCall { unsafe recv(handle.rawValue, buffer.baseAddress, buffer.count, CInt(MSG_DONTWAIT)) }
        case .other: break
        }
        if !mustAsk.load(ordering: .relaxed) {
            do throws(HostError) {
                return try kernelCall { unsafe wasihost_read_now(handle.rawValue, buffer.baseAddress, buffer.count) }
            } catch {
                guard [ENOSYS, EOPNOTSUPP, ENOTSUP, EINVAL, ESPIPE].contains(error.rawCode) else { throw error }
                mustAsk.store(true, ordering: .relaxed)
            }
        }
        try handle.requireReadiness(POLLIN)
        return try unsafe handle.readAtPosition(into: buffer)
    }
}

extension OwnedFileDescriptor {
    /// Throws `EAGAIN` unless the descriptor is ready for `events` now.
    func requireReadiness(_ events: CInt) throws(HostError) {
        var entry = pollfd(fd: rawValue, events: Int16(truncatingIfNeeded: events), revents: 0)
        let count = try kernelCall {
            unsafe withUnsafeMutableBytes(of: &entry) { bytes in unsafe wasihost_poll(bytes.baseAddress, 1, 0) }
        }
        if count == 0 { throw HostError(rawCode: EAGAIN) }
    }
}
