// A tree of files for one test: `root`, which a guest is granted, and `outside` beside it, which it must not see.

import Foundation
import SystemPackage
import Testing
import WASIHost

struct Scratch {
    let base: String
    var root: String { base + "/root" }
    var outside: String { base + "/outside" }

    init() throws {
        base = Self.area + "/" + UUID().uuidString
        for directory in [base, root, root + "/a", outside] {
            try #require(mkdir(directory, 0o777) == 0)
        }
        write("hello\n", to: "root/file")
        write("in a\n", to: "root/a/file")
        write("secret\n", to: "outside/secret")
        for (name, target) in Self.links {
            try #require(symlink(target, root + "/" + name) == 0)
        }
    }

    /// Where the trees of this run are. It goes when the process does.
    private static let area: String = {
        let path = NSTemporaryDirectory() + "/wasi-host-\(UUID().uuidString)"
        mkdir(path, 0o777)
        atexit { try? FileManager.default.removeItem(atPath: Scratch.area) }
        return path
    }()

    static let links = [
        ("link-file", "file"), ("link-dir", "a"), ("link-out", "../outside"), ("link-abs", "/etc"),
        ("link-abs-file", "/etc/passwd"), ("link-up", ".."), ("dangling", "nowhere"), ("loop", "loop"),
        ("link-in-dotdot", "a/../file"), ("a/link-parent-file", "../file"),
    ]

    func write(_ text: String, to path: String) {
        let descriptor = creat(base + "/" + path, 0o666)
        _ = Foundation.write(descriptor, text, text.utf8.count)
        close(descriptor)
    }

    func text(of path: String) -> String? {
        FileManager.default.contents(atPath: base + "/" + path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Names and contents of what is outside.
    var outsideContents: [String: String?] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: outside)) ?? []
        return Dictionary(uniqueKeysWithValues: names.map { ($0, text(of: "outside/" + $0)) })
    }

    func open(
        _ rights: DirectoryGrant.Rights = .readWrite, by resolution: PathResolution = .automatic,
        budget: DescriptorBudget = DescriptorBudget(limit: 100)
    ) throws -> Descriptor {
        var configuration = HostConfiguration()
        try configuration.grant(DirectoryGrant(hostPath: root, guestPath: "/", rights: rights))
        return try configuration.openPreopens(budget: budget, resolution: resolution)[0].descriptor
    }
}

let resolutions: [PathResolution] = [.automatic, .walk]

/// `ok`, or the name of the code that `body` fails with.
func outcome(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "ok"
    } catch let error as HostError {
        return codeNames[error.code.rawValue] ?? "\(error)"
    } catch {
        return "\(error)"
    }
}

let codeNames: [CInt: String] = [
    EPERM: "PERM", ENOENT: "NOENT", EEXIST: "EXIST", ENOTDIR: "NOTDIR", EISDIR: "ISDIR", ELOOP: "LOOP", EINVAL: "INVAL",
    EBUSY: "BUSY", ENOTEMPTY: "NOTEMPTY", EBADF: "BADF", ENAMETOOLONG: "NAMETOOLONG", ENOTSUP: "NOTSUP", EMFILE: "MFILE",
    EILSEQ: "ILSEQ", EOVERFLOW: "OVERFLOW", EXDEV: "XDEV", ESPIPE: "SPIPE",
]

extension Descriptor {
    func open(_ path: String, follow: Bool = true, _ openFlags: OpenFlags = [], _ flags: DescriptorFlags = .read) throws
        -> Descriptor
    {
        try open(at: path, pathFlags: follow ? .symlinkFollow : [], openFlags: openFlags, flags: flags)
    }

    func text(at offset: UInt64 = 0) throws -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = try buffer.withUnsafeMutableBytes { try read(into: $0, at: offset) }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }

    @discardableResult
    func write(_ text: String, at offset: UInt64 = 0) throws -> Int {
        try Array(text.utf8).withUnsafeBytes { try write($0, at: offset) }
    }
}

extension DirectoryListing {
    var all: [DirectoryEntry] {
        get throws {
            var entries: [DirectoryEntry] = []
            while let entry = try next() { entries.append(entry) }
            return entries
        }
    }
}
