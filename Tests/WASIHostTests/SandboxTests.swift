// Every operation that takes a path, on every kind of path, by both resolvers. The outcomes are those of Wasmtime 49 on
// the same tree on Linux.

import Foundation
import Testing
import WASIHost

private let table = """
    path              open-r-f open-r-n open-d-f open-d-n open-w-f open-x-f stat-f stat-n times-f times-n readlink mkdir symlink link-old link-new rename-old
    ""                NOENT  NOENT  NOENT  NOENT  NOENT  NOENT  NOENT  NOENT  NOENT  NOENT  NOENT  NOENT  NOENT  NOENT  NOENT  NOENT
    /                 PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM
    .                 ok     ok     ok     ok     ISDIR  EXIST  ok     ok     ok     ok     INVAL  EXIST  EXIST  PERM   EXIST  BUSY
    ..                PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM
    ./                ok     ok     ok     ok     ISDIR  EXIST  ok     ok     ok     ok     INVAL  EXIST  EXIST  PERM   EXIST  BUSY
    a/..              ok     ok     ok     ok     ISDIR  EXIST  ok     ok     ok     ok     INVAL  EXIST  EXIST  PERM   EXIST  BUSY
    a/.               ok     ok     ok     ok     ISDIR  EXIST  ok     ok     ok     ok     INVAL  EXIST  EXIST  PERM   EXIST  BUSY
    a/                ok     ok     ok     ok     ISDIR  ISDIR  ok     ok     ok     ok     INVAL  EXIST  EXIST  PERM   EXIST  ok
    file              ok     ok     NOTDIR NOTDIR ok     EXIST  ok     ok     ok     ok     INVAL  EXIST  EXIST  ok     EXIST  ok
    file/             NOTDIR NOTDIR NOTDIR NOTDIR NOTDIR ISDIR  NOTDIR ok     NOTDIR NOTDIR NOTDIR EXIST  NOTDIR NOTDIR NOTDIR NOTDIR
    file/.            NOTDIR NOTDIR NOTDIR NOTDIR NOTDIR NOTDIR NOTDIR ok     NOTDIR NOTDIR NOTDIR NOTDIR NOTDIR NOTDIR NOTDIR NOTDIR
    file/..           NOTDIR NOTDIR NOTDIR NOTDIR NOTDIR NOTDIR NOTDIR NOTDIR NOTDIR NOTDIR NOTDIR NOTDIR NOTDIR NOTDIR NOTDIR NOTDIR
    a/file            ok     ok     NOTDIR NOTDIR ok     EXIST  ok     ok     ok     ok     INVAL  EXIST  EXIST  ok     EXIST  ok
    link-file         ok     LOOP   NOTDIR LOOP   ok     EXIST  ok     ok     ok     ok     ok     EXIST  EXIST  ok     EXIST  ok
    link-file/        NOTDIR NOTDIR NOTDIR NOTDIR NOTDIR ISDIR  NOTDIR ok     NOTDIR NOTDIR NOTDIR EXIST  NOTDIR NOTDIR NOTDIR NOTDIR
    link-dir          ok     LOOP   ok     LOOP   ISDIR  EXIST  ok     ok     ok     ok     ok     EXIST  EXIST  ok     EXIST  ok
    link-dir/         ok     ok     ok     ok     ISDIR  ISDIR  ok     ok     ok     ok     INVAL  EXIST  EXIST  PERM   EXIST  NOTDIR
    link-dir/x        NOENT  NOENT  NOENT  NOENT  NOENT  ok     NOENT  NOENT  NOENT  NOENT  NOENT  ok     ok     NOENT  ok     NOENT
    link-out          PERM   LOOP   PERM   LOOP   PERM   EXIST  PERM   ok     PERM   ok     ok     EXIST  EXIST  ok     EXIST  ok
    link-out/         PERM   PERM   PERM   PERM   PERM   ISDIR  PERM   ok     PERM   PERM   PERM   EXIST  PERM   PERM   PERM   NOTDIR
    link-out/secret   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM
    link-abs          PERM   LOOP   PERM   LOOP   PERM   EXIST  PERM   ok     PERM   ok     PERM   EXIST  EXIST  ok     EXIST  ok
    link-abs/         PERM   PERM   PERM   PERM   PERM   ISDIR  PERM   ok     PERM   PERM   PERM   EXIST  PERM   PERM   PERM   NOTDIR
    link-abs-file     PERM   LOOP   PERM   LOOP   PERM   EXIST  PERM   ok     PERM   ok     PERM   EXIST  EXIST  ok     EXIST  ok
    link-up           PERM   LOOP   PERM   LOOP   PERM   EXIST  PERM   ok     PERM   ok     ok     EXIST  EXIST  ok     EXIST  ok
    dangling          NOENT  LOOP   NOENT  LOOP   NOENT  EXIST  NOENT  ok     NOENT  ok     ok     EXIST  EXIST  ok     EXIST  ok
    dangling/         NOENT  NOENT  NOENT  NOENT  NOENT  ISDIR  NOENT  ok     NOENT  NOENT  NOENT  EXIST  NOENT  NOENT  NOENT  NOTDIR
    loop              LOOP   LOOP   LOOP   LOOP   LOOP   EXIST  LOOP   ok     LOOP   ok     ok     EXIST  EXIST  ok     EXIST  ok
    loop/             LOOP   LOOP   LOOP   LOOP   LOOP   ISDIR  LOOP   ok     LOOP   LOOP   LOOP   EXIST  LOOP   LOOP   LOOP   NOTDIR
    loop/x            LOOP   LOOP   LOOP   LOOP   LOOP   LOOP   LOOP   LOOP   LOOP   LOOP   LOOP   LOOP   LOOP   LOOP   LOOP   LOOP
    missing           NOENT  NOENT  NOENT  NOENT  NOENT  ok     NOENT  NOENT  NOENT  NOENT  NOENT  ok     ok     NOENT  ok     NOENT
    missing/          NOENT  NOENT  NOENT  NOENT  NOENT  ISDIR  NOENT  NOENT  NOENT  NOENT  NOENT  ok     NOENT  NOENT  NOENT  NOENT
    missing/x         NOENT  NOENT  NOENT  NOENT  NOENT  NOENT  NOENT  NOENT  NOENT  NOENT  NOENT  NOENT  NOENT  NOENT  NOENT  NOENT
    a/../..           PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM
    a/../../x         PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM
    /etc/passwd       PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM
    ../outside/secret PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM   PERM
    link-in-dotdot    ok     LOOP   NOTDIR LOOP   ok     EXIST  ok     ok     ok     ok     ok     EXIST  EXIST  ok     EXIST  ok
    a/link-parent-file ok     LOOP   NOTDIR LOOP   ok     EXIST  ok     ok     ok     ok     ok     EXIST  EXIST  ok     EXIST  ok
    """

private struct Row: CustomTestStringConvertible {
    let path: String
    let expected: [(operation: String, outcome: String)]

    var testDescription: String { path.isEmpty ? "(empty)" : path }

    static let all: [Row] = {
        let lines = table.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        return lines.dropFirst().map { fields in
            Row(
                path: fields[0] == "\"\"" ? "" : fields[0],
                expected: Array(zip(lines[0].dropFirst(), fields.dropFirst())))
        }
    }()
}

@Suite struct SandboxTableTests {
    @Test(arguments: Row.all, resolutions)
    fileprivate func outcomes(row: Row, resolution: PathResolution) throws {
        for (operation, expected) in row.expected {
            let scratch = try Scratch()
            let root = try scratch.open(by: resolution)
            let outside = scratch.outsideContents
            let actual = outcome { try perform(operation, on: row.path, in: root) }
            #expect(actual == expected, "\(operation) of '\(row.path)'")
            #expect(scratch.outsideContents == outside)
        }
    }

    private func perform(_ operation: String, on path: String, in root: Descriptor) throws {
        switch operation {
        case "open-r-f": _ = try root.open(path)
        case "open-r-n": _ = try root.open(path, follow: false)
        case "open-d-f": _ = try root.open(path, .directory)
        case "open-d-n": _ = try root.open(path, follow: false, .directory)
        case "open-w-f": _ = try root.open(path, [], [.read, .write])
        case "open-x-f": _ = try root.open(path, [.create, .exclusive], [.read, .write])
        case "stat-f": _ = try root.status(at: path, pathFlags: .symlinkFollow)
        case "stat-n": _ = try root.status(at: path, pathFlags: [])
        case "times-f":
            try root.setTimes(at: path, pathFlags: .symlinkFollow, accessed: .now, modified: .unchanged)
        case "times-n": try root.setTimes(at: path, pathFlags: [], accessed: .now, modified: .unchanged)
        case "readlink": _ = try root.readLink(at: path)
        case "mkdir": try root.createDirectory(at: path)
        case "symlink": try root.createSymbolicLink(at: path, target: "t")
        case "link-old": try root.link(at: path, pathFlags: [], to: root, at: "newlink")
        case "link-new": try root.link(at: "file", pathFlags: [], to: root, at: path)
        case "rename-old": try root.rename(at: path, to: root, at: "renamed")
        default: Issue.record("no operation \(operation)")
        }
    }
}

@Suite struct SandboxChangeTests {
    /// The operations that change the tree in ways that depend on the last name: operation, path, second path, outcome.
    private static let table = """
        unlink a ISDIR; unlink a/ ISDIR; unlink file/ NOTDIR; unlink link-dir ok; unlink link-dir/ ISDIR; unlink . ISDIR
        unlink a/.. ISDIR; unlink missing/ NOENT; unlink dangling ok; unlink dangling/ NOENT; unlink .. PERM
        unlink link-out ok; unlink link-out/ PERM; unlink link-out/secret PERM; unlink loop ok
        rmdir d ok; rmdir d/ INVAL; rmdir d/. INVAL; rmdir d/.. INVAL; rmdir . INVAL; rmdir .. PERM; rmdir link-d NOTDIR
        rmdir link-d/ INVAL; rmdir file/ NOTDIR; rmdir a NOTEMPTY; rmdir link-out NOTDIR; rmdir link-out/. PERM
        rename file/ x NOTDIR; rename file x/ NOTDIR; rename d x/ ok; rename d/ x/ ok; rename d/ x ok
        rename file d ISDIR; rename d file NOTDIR; rename link-d/ x NOTDIR; rename file link-d/ NOTDIR; rename file . BUSY
        rename file ./ BUSY; rename missing ./ BUSY
        rename d ./x/. NOENT; rename a a/x INVAL; rename file missing/x NOENT; rename file ../outside/x PERM
        rename file link-out/x PERM; rename link-out/secret x PERM; rename ../outside/secret x PERM; rename link-out x ok
        trunc file ok; trunc a ISDIR; trunc link-abs-file PERM; trunc link-out/secret PERM
        creat new ok; creat new/ ISDIR; creat dangling ok; creat link-out/new PERM; creatd new INVAL; creat d ISDIR
        creat link-abs-file PERM; creat out-dangling PERM; mkdir new/ ok; mkdir dangling/ EXIST; mkdir dangling EXIST
        mkdir link-out/new PERM; mkdir ../new PERM; mkdir out-dangling EXIST
        symlink new/ t NOENT; symlink new /etc PERM; symlink new ../../x ok; symlink dangling/ t NOENT
        symlink link-d/ t EXIST; symlink link-out/new t PERM; symlink ../new t PERM
        link link-out/secret x PERM; link file link-out/x PERM; link file ../x PERM; link link-abs-file x ok
        """

    @Test(arguments: resolutions)
    func outcomes(resolution: PathResolution) throws {
        for entry in Self.table.split(whereSeparator: { $0 == ";" || $0 == "\n" }) {
            let fields = entry.split(separator: " ").map(String.init)
            let scratch = try Scratch()
            let manager = FileManager.default
            try manager.createDirectory(atPath: scratch.root + "/d", withIntermediateDirectories: false)
            try manager.createSymbolicLink(atPath: scratch.root + "/link-d", withDestinationPath: "d")
            try manager.createSymbolicLink(
                atPath: scratch.root + "/out-dangling", withDestinationPath: "../outside/new")
            let root = try scratch.open(by: resolution)
            let outside = scratch.outsideContents
            let (path, other) = (fields[1], fields[2])
            let actual = outcome {
                switch fields[0] {
                case "unlink": try root.unlinkFile(at: path)
                case "rmdir": try root.removeDirectory(at: path)
                case "rename": try root.rename(at: path, to: root, at: other)
                case "link": try root.link(at: path, pathFlags: [], to: root, at: other)
                case "symlink": try root.createSymbolicLink(at: path, target: other)
                case "mkdir": try root.createDirectory(at: path)
                case "trunc": _ = try root.open(path, .truncate)
                case "creat": _ = try root.open(path, .create, [.read, .write])
                case "creatd": _ = try root.open(path, [.create, .directory])
                default: Issue.record("no operation \(fields[0])")
                }
            }
            #expect(actual == fields.last, "\(entry)")
            #expect(scratch.outsideContents == outside, "\(entry)")
        }
    }

    @Test(arguments: resolutions)
    func strangePaths(resolution: PathResolution) throws {
        let scratch = try Scratch()
        let root = try scratch.open(by: resolution)
        let long = String(repeating: "n", count: 256)
        #expect(outcome { _ = try root.open("fi\0le") } == "INVAL")
        #expect(outcome { _ = try root.open("../outside/secret\0") } == "INVAL")
        #expect(outcome { try root.createSymbolicLink(at: "x", target: "a\0b") } == "INVAL")
        #expect(outcome { try root.createSymbolicLink(at: "x", target: "") } == "NOENT")
        #expect(outcome { _ = try root.open(long) } == "NAMETOOLONG")
        #expect(outcome { _ = try root.open("a/" + long + "/x") } == "NAMETOOLONG")
        #expect(outcome { try root.createDirectory(at: long) } == "NAMETOOLONG")
        #expect(outcome { _ = try root.open(String(repeating: "a/../", count: 1000) + "file") } == "NAMETOOLONG")
        #expect(try root.open(String(repeating: "a/../", count: 500) + "file").text() == "hello\n")
        #expect(try root.open(".//a///..//./file").text() == "hello\n")
        #expect(try root.open("a/./.././link-dir/../a/link-parent-file").text() == "hello\n")
    }

    @Test(arguments: resolutions)
    func chainsOfLinks(resolution: PathResolution) throws {
        let scratch = try Scratch()
        let root = try scratch.open(by: resolution)
        try root.createSymbolicLink(at: "l1", target: "file")
        for number in 2...41 { try root.createSymbolicLink(at: "l\(number)", target: "l\(number - 1)") }
        #expect(try root.open("l40").text() == "hello\n")
        #expect(outcome { _ = try root.open("l41") } == "LOOP")
        #expect(outcome { _ = try root.status(at: "l41", pathFlags: .symlinkFollow) } == "LOOP")
        try root.createSymbolicLink(at: "double", target: "double/double")
        #expect(outcome { _ = try root.open("double") } == "LOOP")
        try root.createSymbolicLink(at: "slash", target: "file/")
        #expect(outcome { _ = try root.open("slash") } == "NOTDIR")
        try root.createSymbolicLink(at: "dot", target: "a/.")
        #expect(try root.open("dot/file").text() == "in a\n")
        #expect(try root.open("dot").isDirectory)
    }

    @Test(arguments: resolutions)
    func aDirectoryOpenedBelowIsASandboxOfItsOwn(resolution: PathResolution) throws {
        let scratch = try Scratch()
        let below = try scratch.open(by: resolution).open("a", .directory)
        #expect(try below.open("file").text() == "in a\n")
        for path in ["../file", "..", "link-parent-file", "../a/file", "./../a"] {
            #expect(outcome { _ = try below.open(path) } == "PERM", "\(path)")
            #expect(outcome { _ = try below.status(at: path, pathFlags: .symlinkFollow) } == "PERM", "\(path)")
        }
        #expect(outcome { try below.rename(at: "file", to: below, at: "../moved") } == "PERM")
    }
}

@Suite struct SandboxRaceTests {
    /// Swaps a directory for a link that leads out, over and over, while the guest uses paths through it.
    @Test(arguments: resolutions)
    func directoryBecomesALink(resolution: PathResolution) throws {
        let scratch = try Scratch()
        scratch.write("secret", to: "outside/f")
        let manager = FileManager.default
        try manager.createDirectory(atPath: scratch.root + "/d", withIntermediateDirectories: false)
        scratch.write("inside", to: "root/d/f")
        let root = try scratch.open(by: resolution)
        let (directory, aside, link) = (scratch.root + "/d", scratch.root + "/aside", scratch.root + "/l")
        try manager.createSymbolicLink(atPath: link, withDestinationPath: "../outside")
        let outside = scratch.outsideContents
        let swapper = Background {
            rename(directory, aside)
            rename(link, directory)
            rename(directory, link)
            rename(aside, directory)
        }
        var seen: Set<String> = []
        for _ in 0..<2000 {
            seen.insert((try? root.open("d/f").text()) ?? "")
            seen.insert((try? root.open("d/../d/f").text()) ?? "")
            if let status = try? root.status(at: "d/f", pathFlags: .symlinkFollow) { #expect(status.size == 6) }
            try? root.createDirectory(at: "d/new")
            try? root.removeDirectory(at: "d/new")
            _ = try? root.open("d/created", .create, .write)
            try? root.unlinkFile(at: "d/created")
            try? root.rename(at: "d/f", to: root, at: "d/g")
            try? root.rename(at: "d/g", to: root, at: "d/f")
        }
        swapper.stop()
        #expect(seen.isSubset(of: ["inside", ""]))
        #expect(scratch.outsideContents == outside)
    }

    /// Moves a directory out of the tree and back, while the guest goes through it and up again.
    @Test(arguments: resolutions)
    func directoryMovesOut(resolution: PathResolution) throws {
        let scratch = try Scratch()
        scratch.write("secret", to: "top")
        scratch.write("secret", to: "outside/top")
        scratch.write("inside", to: "root/top")
        try FileManager.default.createDirectory(
            atPath: scratch.root + "/a/b/c", withIntermediateDirectories: true)
        let root = try scratch.open(by: resolution)
        let (inside, outside) = (scratch.root + "/a/b", scratch.outside + "/b")
        let mover = Background {
            rename(inside, outside)
            rename(outside, inside)
        }
        var seen: Set<String> = []
        for _ in 0..<2000 {
            seen.insert((try? root.open("a/b/c/../../../top").text()) ?? "")
            seen.insert((try? root.open("a/b/c/../../top").text()) ?? "")
            seen.insert((try? root.open("a/b/../../../top").text()) ?? "")
        }
        mover.stop()
        #expect(seen.isSubset(of: ["inside", ""]))
    }
}

/// Does something over and over on a thread of its own.
final class Background: @unchecked Sendable {
    private let lock = NSLock()
    private let ended = DispatchSemaphore(value: 0)
    private var isStopped = false

    init(_ body: @escaping @Sendable () -> Void) {
        Thread.detachNewThread { [self] in
            while !lock.withLock({ isStopped }) { body() }
            ended.signal()
        }
    }

    func stop() {
        lock.withLock { isStopped = true }
        ended.wait()
    }
}
