// The bytes of a file or of an array, owned in one place and read through spans.
//
// A file is mapped, not read: a component of 20 MB is never copied as a whole, and pages that nobody looks at are never
// brought in. The mapping is private and read-only. A file that another process truncates while it is mapped faults on
// access, as it does in every program that maps files; callers that cannot bear that pass the bytes in an array.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Immutable bytes with one owner. Extents elsewhere are offsets into it.
@safe public final class ByteSource: Sendable {
    /// Why a file could not be opened as a source.
    public struct OpenError: Error, Hashable, Sendable {
        public enum Reason: Hashable, Sendable {
            case isDirectory
            case isNotRegularFile
            /// A system call failed with this `errno`.
            case system(Int32)
        }

        public var path: String
        public var reason: Reason
    }

    // Invariant: `base` points to `count` readable bytes that nothing changes until `deinit`, which is what makes the
    // unchecked conformance of the pointer's owner to `Sendable` sound.
    private nonisolated(unsafe) let base: UnsafeMutableRawPointer?
    public let count: Int
    private let isMapped: Bool

    public init(_ bytes: [UInt8]) {
        count = bytes.count
        isMapped = false
        if bytes.isEmpty {
            unsafe base = nil
        } else {
            let copy = UnsafeMutableRawPointer.allocate(byteCount: bytes.count, alignment: 16)
            unsafe bytes.withUnsafeBytes { unsafe copy.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
            unsafe base = copy
        }
    }

    /// Maps the regular file at `path`.
    public init(mapping path: String) throws(OpenError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw OpenError(path: path, reason: .system(errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw OpenError(path: path, reason: .system(errno)) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw OpenError(path: path, reason: .isDirectory)
        default: throw OpenError(path: path, reason: .isNotRegularFile)
        }
        count = Int(status.st_size)
        isMapped = true
        if count == 0 {
            unsafe base = nil
        } else {
            guard let mapped = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), unsafe mapped != MAP_FAILED else {
                throw OpenError(path: path, reason: .system(errno))
            }
            unsafe base = mapped
        }
    }

    /// Maps a file that nobody writes to. Nil if the system cannot.
    public init?(mapping descriptor: CInt, count: Int) {
        self.count = count
        isMapped = true
        if count == 0 {
            unsafe base = nil
        } else {
            guard let mapped = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), unsafe mapped != MAP_FAILED else {
                return nil
            }
            unsafe base = mapped
        }
    }

    /// Takes the pages of a mapped file out of this process's map, where each counts as memory in use. They stay in the file,
    /// and come back when they are looked at. Does nothing for an array.
    public func forgetPages() {
        guard isMapped, let base = unsafe base else { return }
        unsafe madvise(base, count, MADV_DONTNEED)
    }

    deinit {
        guard let base = unsafe base else { return }
        if isMapped {
            unsafe munmap(base, count)
        } else {
            unsafe base.deallocate()
        }
    }

    /// All bytes. The span borrows the source.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            let span = unsafe RawSpan(_unsafeStart: base ?? UnsafeMutableRawPointer(bitPattern: 16)!, byteCount: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Copies as much of a range as there is, and as fits, to the start of `target`.
    public func copy(_ range: Range<Int>, to target: UnsafeMutableRawBufferPointer) {
        let range = range.clamped(to: 0..<count)
        let length = min(range.count, target.count)
        guard let base = unsafe base, length > 0 else { return }
        unsafe target.copyMemory(from: UnsafeRawBufferPointer(start: base + range.lowerBound, count: length))
    }
}
