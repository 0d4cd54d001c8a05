// A path as a guest gives it: relative, separated by `/`, to be resolved beneath a directory. Taking it apart is all
// that is done with its text; where it leads is decided by descriptors (see `PathResolution.swift`).

/// The bytes of a path and what its shape says.
struct GuestPath {
    /// The bytes and the NUL that ends them.
    private let terminated: [CChar]

    /// Takes the bytes of a path from outside.
    /// Throws `EINVAL` for a path with a NUL, `ENAMETOOLONG` for one longer than any system takes, and `ENOENT` for the
    /// empty path.
    init(_ path: String) throws(HostError) {
        let utf8 = path.utf8
        if utf8.isEmpty { throw .noSuchEntry }
        if utf8.count >= Self.maximumLength { throw .nameTooLong }
        var bytes: [CChar] = []
        bytes.reserveCapacity(utf8.count + 1)
        for byte in utf8 {
            if byte == 0 { throw .invalid }
            bytes.append(CChar(bitPattern: byte))
        }
        bytes.append(0)
        self.terminated = bytes
    }

    /// The target of a symbolic link: bytes that need not be text.
    init(linkTarget bytes: [CChar]) throws(HostError) {
        if bytes.isEmpty { throw .noSuchEntry }
        if bytes.count >= Self.maximumLength { throw .nameTooLong }
        if bytes.contains(0) { throw .invalid }
        self.terminated = bytes + [0]
    }

    private init(part: ArraySlice<CChar>) {
        self.terminated = Array(part) + [0]
    }

    /// Paths of this many bytes or more are refused, as Linux does with the NUL counted.
    static let maximumLength = 4096

    private static let slash = CChar(bitPattern: UInt8(ascii: "/"))

    private var bytes: ArraySlice<CChar> { terminated.dropLast() }

    var isAbsolute: Bool { terminated.first == Self.slash }
    var hasTrailingSlash: Bool { bytes.last == Self.slash }

    /// Lends the bytes with the NUL behind them.
    func withCString<Result>(
        _ body: (UnsafePointer<CChar>) throws(HostError) -> Result
    ) throws(HostError) -> Result {
        try unsafe terminated.withUnsafeBufferPointer { (buffer) throws(HostError) -> Result in
            guard let base = buffer.baseAddress else { throw .noSuchEntry }
            return try unsafe body(base)
        }
    }

    /// The names between the slashes, `.` and `..` among them.
    var components: [PathComponent] {
        bytes.split(separator: Self.slash).map { PathComponent($0) }
    }

    /// The last name, and the path of the directory it is in: nil when that is where the path starts.
    /// A path that ends in a slash, `.` or `..` names a directory by itself: the whole of it, and `.` in there.
    func splitParent() -> (parent: GuestPath?, name: PathComponent) {
        if hasTrailingSlash { return (self, .current) }
        let start = bytes.lastIndex(of: Self.slash).map { $0 + 1 } ?? bytes.startIndex
        let name = PathComponent(bytes[start...])
        switch name.kind {
        case .current: return (start == bytes.startIndex ? nil : self, .current)
        case .parent: return (self, .current)
        case .normal: return (start == bytes.startIndex ? nil : GuestPath(part: bytes[..<start]), name)
        }
    }

    /// The name that is all there is of the path, whatever slashes and `/.` stand behind it; nil if there are more, or
    /// if it is not a name to be looked up.
    var onlyName: PathComponent? {
        if isAbsolute { return nil }
        let components = components
        guard let first = components.first, first.kind == .normal,
            components.dropFirst().allSatisfy({ $0.kind == .current })
        else { return nil }
        return first
    }

    /// The name that the path is, if it is no more than one: no slash, and neither `.` nor `..`.
    var plainName: PathComponent? {
        if terminated.contains(Self.slash) { return nil }
        let name = PathComponent(bytes)
        return name.kind == .normal ? name : nil
    }

    /// The path without the slashes at its end; one slash stays of a path that is nothing else.
    func withoutTrailingSlashes() -> GuestPath {
        guard hasTrailingSlash else { return self }
        var rest = bytes
        while rest.count > 1, rest.last == Self.slash { rest = rest.dropLast() }
        return GuestPath(part: rest)
    }
}

/// One name of a path, never empty.
struct PathComponent {
    enum Kind {
        case current, parent, normal
    }

    let kind: Kind

    /// The bytes and the NUL that ends them.
    private let terminated: [CChar]

    init(_ bytes: ArraySlice<CChar>) {
        let dot = CChar(bitPattern: UInt8(ascii: "."))
        self.kind = bytes.elementsEqual([dot]) ? .current : bytes.elementsEqual([dot, dot]) ? .parent : .normal
        self.terminated = Array(bytes) + [0]
    }

    /// `.`
    static let current = PathComponent([CChar(bitPattern: UInt8(ascii: "."))])

    /// Lends the bytes with the NUL behind them.
    func withCString<Result>(
        _ body: (UnsafePointer<CChar>) throws(HostError) -> Result
    ) throws(HostError) -> Result {
        try unsafe terminated.withUnsafeBufferPointer { (buffer) throws(HostError) -> Result in
            guard let base = buffer.baseAddress else { throw .noSuchEntry }
            return try unsafe body(base)
        }
    }
}
