// Writing any descriptor of the system as a stream: standard output and standard error above all. As with reading, an
// inherited descriptor keeps its flags. A write that does not fit is made in parts, with waits between them.
//
// Nobody reading any more must be an error and not the end of the process, which `SIGPIPE` would make of it.

import CWASIHost
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A stream that writes to a descriptor at its own position.
///
/// The first one made has the process ignore `SIGPIPE`, if nothing else was arranged for that signal.
public final class DescriptorOutput: HostOutputStream {
    private let handle: OwnedFileDescriptor
    private let kind: DescriptorKind
    private let isClosed = Atomic<Bool>(false)

    /// Whether the system refuses to write this descriptor without waiting, so that it must be asked first.
    private let mustAsk = Atomic<Bool>(false)

    public init(_ handle: OwnedFileDescriptor) {
        _ = Self.brokenPipeIsAnError
        self.handle = handle
        self.kind = DescriptorKind(handle)
    }

    /// A pipe that is ready takes this much without waiting: the system's `PIPE_BUF`.
    #if os(Linux) || os(Android)
    private static let askedPieceLength = 4096
    #else
    private static let askedPieceLength = 512
    #endif

    /// Evaluated once: ignores the signal that a closed pipe sends, unless somebody wants it.
    static let brokenPipeIsAnError: Void = {
        var action = sigaction()
        guard unsafe sigaction(SIGPIPE, nil, &action) == 0 else { return }
        #if canImport(Darwin)
        let handler = unsafe action.__sigaction_u.__sa_handler
        #else
        let handler = unsafe action.__sigaction_handler.sa_handler
        #endif
        if handler == nil { signal(SIGPIPE, SIG_IGN) }
    }()

    public func checkWrite() throws(StreamError) -> Int {
        if isClosed.load(ordering: .relaxed) { throw .closed }
        return StreamLimits.writePermit
    }

    public func write(_ bytes: UnsafeRawBufferPointer, waiter: any Waiter) throws(StreamError) {
        if isClosed.load(ordering: .relaxed) { throw .closed }
        if bytes.count > StreamLimits.writePermit {
            throw .misuse("write of \(bytes.count) bytes is more than check-write permits")
        }
        var rest = unsafe bytes
        while rest.count > 0 {
            do throws(HostError) {
                let count = try unsafe writeNow(rest)
                if count == 0 { throw .inputOutput }
                unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
                continue
            } catch {
                if !error.isWouldBlock {
                    isClosed.store(true, ordering: .relaxed)
                    throw error == .brokenPipe ? .closed : .lastOperationFailed(error)
                }
            }
            try waiter.waitForStream(.writable(handle))
        }
    }

    public var readiness: Pollable {
        if kind == .file || isClosed.load(ordering: .relaxed) { return .ready }
        return .writable(handle)
    }

    public var isTerminal: Bool { handle.isTerminal }

    public var isHungUp: Bool { kind != .file && handle.isHungUp }

    /// Throws `EAGAIN` if nothing fits now.
    private func writeNow(_ bytes: UnsafeRawBufferPointer) throws(HostError) -> Int {
        switch kind {
        case .file: return try unsafe handle.writeAtPosition(bytes)
        case .socket:
            #if canImport(Darwin)
            let flags = CInt(MSG_DONTWAIT)
            #else
            let flags = CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL)
            #endif
            return try systemCall { unsafe send(handle.rawValue, bytes.baseAddress, bytes.count, flags) }
        case .other: break
        }
        if !mustAsk.load(ordering: .relaxed) {
            do throws(HostError) {
                return try kernelCall { unsafe wasihost_write_now(handle.rawValue, bytes.baseAddress, bytes.count) }
            } catch {
                guard [ENOSYS, EOPNOTSUPP, ENOTSUP, EINVAL, ESPIPE].contains(error.rawCode) else { throw error }
                mustAsk.store(true, ordering: .relaxed)
            }
        }
        try handle.requireReadiness(POLLOUT)
        let count = min(bytes.count, Self.askedPieceLength)
        return try unsafe handle.writeAtPosition(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
    }
}
