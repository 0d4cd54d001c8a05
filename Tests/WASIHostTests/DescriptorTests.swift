import Foundation
import Testing
import WASIHost

@Suite struct DescriptorTests {
    @Test func readingAndWriting() throws {
        let scratch = try Scratch()
        let root = try scratch.open()
        let file = try root.open("new", .create, [.read, .write])
        #expect(try file.write("hello") == 5)
        #expect(try file.write("J", at: 0) == 1)
        #expect(try file.write("end", at: 8) == 3)
        #expect(try file.text() == "Jello\0\0\0end")
        #expect(try file.text(at: 8) == "end")
        #expect(try file.text(at: 11) == "")
        #expect(try file.text(at: 1 << 40) == "")
        #expect(try Array("!".utf8).withUnsafeBytes { try file.append($0) } == 1)
        #expect(try file.text(at: 8) == "end!")
        try file.setSize(2)
        #expect(try file.text() == "Je")
        try file.setSize(4)
        #expect(try file.text() == "Je\0\0")
        #expect(try file.status().size == 4)
        #expect(scratch.text(of: "root/new") == "Je\0\0")
        #expect(try root.open("new", .truncate).status().size == 0)
    }

    @Test func whatTheAccessForbids() throws {
        let root = try Scratch().open()
        let (read, write) = (try root.open("file"), try root.open("file", [], .write))
        #expect(outcome { try read.write("x") } == "BADF")
        #expect(outcome { try read.setSize(1) } == "INVAL")
        #expect(outcome { _ = try write.text() } == "BADF")
        #expect(outcome { _ = try read.text(at: .max) } == "INVAL")
        #expect(outcome { try write.write("x", at: 1 << 63) } == "INVAL")
        #expect(outcome { try write.setSize(.max) } == "INVAL")
    }

    @Test func filesAndDirectoriesAreToldApart() throws {
        let root = try Scratch().open()
        let file = try root.open("file", [], [.read, .write])
        for (name, body) in [
            ("open", { _ = try file.open("x") }), ("stat-at", { _ = try file.status(at: "x", pathFlags: []) }),
            ("list", { _ = try file.listing() }), ("mkdir", { try file.createDirectory(at: "x") }),
            ("rename", { try root.rename(at: "file", to: file, at: "x") }),
        ] as [(String, () throws -> Void)] {
            #expect(outcome(body) == "NOTDIR", "\(name)")
        }
        for (name, body) in [
            ("read", { _ = try root.text() }), ("write", { try root.write("x") }), ("size", { try root.setSize(0) }),
            ("advise", { try root.advise(.normal, offset: 0, length: 0) }),
            ("write stream", { _ = try root.writeStream(at: 0) }), ("append stream", { _ = try root.appendStream() }),
        ] as [(String, () throws -> Void)] {
            #expect(outcome(body) == "BADF", "\(name)")
        }
        #expect(outcome { _ = try root.readStream(at: 0) } == "ISDIR")
        #expect(try root.type() == .directory)
        #expect(try file.type() == .regularFile)
    }

    @Test(arguments: resolutions)
    func readOnlyGrantsForbidEveryChange(resolution: PathResolution) throws {
        let scratch = try Scratch()
        let root = try scratch.open(.readOnly, by: resolution)
        let below = try root.open("a", .directory)
        let file = try root.open("file")
        let writable = try scratch.open(.readWrite)
        let before = try root.status(at: "file", pathFlags: [])
        for (name, body) in [
            ("open w", { _ = try root.open("file", [], .write) }), ("creat", { _ = try root.open("new", .create) }),
            ("creat existing", { _ = try root.open("file", .create) }),
            ("trunc", { _ = try root.open("file", .truncate) }),
            ("open w below", { _ = try below.open("file", [], .write) }),
            ("mkdir", { try root.createDirectory(at: "x") }), ("rmdir", { try root.removeDirectory(at: "a") }),
            ("unlink", { try root.unlinkFile(at: "file") }), ("unlink below", { try below.unlinkFile(at: "file") }),
            ("symlink", { try root.createSymbolicLink(at: "x", target: "y") }),
            ("rename", { try root.rename(at: "file", to: root, at: "x") }),
            ("rename out", { try root.rename(at: "file", to: writable, at: "x") }),
            ("rename in", { try writable.rename(at: "file", to: root, at: "x") }),
            ("link", { try root.link(at: "file", pathFlags: [], to: root, at: "x") }),
            ("link out", { try root.link(at: "file", pathFlags: [], to: writable, at: "x") }),
            ("times-at", { try root.setTimes(at: "file", pathFlags: [], accessed: .now, modified: .now) }),
            ("times", { try file.setTimes(accessed: .now, modified: .now) }),
            ("times of root", { try root.setTimes(accessed: .now, modified: .now) }),
            ("size", { try file.setSize(0) }), ("write", { try file.write("x") }),
            ("append", { _ = try Array("x".utf8).withUnsafeBytes { try file.append($0) } }),
            ("write stream", { _ = try file.writeStream(at: 0) }), ("append stream", { _ = try file.appendStream() }),
        ] as [(String, () throws -> Void)] {
            #expect(outcome(body) == "PERM", "\(name)")
        }
        #expect(try file.text() == "hello\n")
        let after = try root.status(at: "file", pathFlags: [])
        #expect(after.modified == before.modified && after.statusChanged == before.statusChanged)
        #expect(try below.open("file").text() == "in a\n")
        #expect(try root.listing().all.count == 11)
    }

    @Test func flagsThatDoNotGoTogether() throws {
        let root = try Scratch().open()
        for flags in [DescriptorFlags.fileIntegritySync, .dataIntegritySync, .requestedWriteSync] {
            #expect(outcome { _ = try root.open("file", [], [.read, flags]) } == "NOTSUP")
        }
        for flags in [OpenFlags.create, .exclusive, .truncate] {
            #expect(outcome { _ = try root.open("a", [.directory, flags]) } == "INVAL")
        }
        #expect(outcome { _ = try root.open("a", [], [.read, .write]) } == "ISDIR")
        #expect(outcome { _ = try root.open("file", [.create, .exclusive]) } == "EXIST")
        #expect(try root.open("file", .exclusive).text() == "hello\n")
        #expect(outcome { try root.link(at: "file", pathFlags: .symlinkFollow, to: root, at: "x") } == "INVAL")
    }

    @Test func flagsAreReported() throws {
        let scratch = try Scratch()
        let root = try scratch.open()
        #expect(try root.flags() == [.read, .mutateDirectory])
        #expect(try scratch.open(.readOnly).flags() == .read)
        #expect(try root.open("a", .directory, [.read, .mutateDirectory]).flags() == .read)
        #expect(try root.open("file").flags() == .read)
        #expect(try root.open("file", [], []).flags() == .read)
        #expect(try root.open("file", [], .write).flags() == .write)
        #expect(try root.open("file", .truncate, .read).flags() == [.read, .write])
        #expect(try root.open("new", .create, []).flags() == [.read, .write])
    }

    @Test func aBudgetBoundsTheDescriptors() throws {
        let scratch = try Scratch()
        let budget = DescriptorBudget(limit: 3)
        let root = try scratch.open(budget: budget)
        var held: [Descriptor] = [try root.open("file"), try root.open("file")]
        #expect(outcome { _ = try root.open("file") } == "MFILE")
        #expect(outcome { _ = try root.listing() } == "MFILE")
        held.removeLast()
        #expect(outcome { _ = try root.open("missing") } == "NOENT")
        let listing = try root.listing()
        #expect(budget.count == 3)
        withExtendedLifetime((listing, held)) {}
        #expect(outcome { _ = try root.status(at: "file", pathFlags: []) } == "ok")
    }

    @Test func specialFilesDoNotHoldUpTheHost() throws {
        let scratch = try Scratch()
        mkfifo(scratch.root + "/fifo", 0o666)
        let root = try scratch.open()
        let fifo = try root.open("fifo")
        #expect(try fifo.type() == .fifo)
        #expect(outcome { _ = try fifo.text() } == "SPIPE")
        #expect(try root.status(at: "fifo", pathFlags: .symlinkFollow).type == .fifo)
    }
}

@Suite struct StatusTests {
    @Test(arguments: resolutions)
    func statuses(resolution: PathResolution) throws {
        let root = try Scratch().open(by: resolution)
        let file = try root.status(at: "file", pathFlags: [])
        #expect(file.type == .regularFile && file.size == 6 && file.linkCount == 1)
        #expect(try root.status(at: "link-file", pathFlags: .symlinkFollow) == root.open("file").status())
        let link = try root.status(at: "link-file", pathFlags: [])
        #expect(link.type == .symbolicLink && link.size == 4)
        #expect(try root.status(at: "a", pathFlags: []).type == .directory)
        #expect(try root.status(at: ".", pathFlags: []) == root.status())
        try root.link(at: "file", pathFlags: [], to: root, at: "twin")
        #expect(try root.status(at: "twin", pathFlags: []).linkCount == 2)
        #expect(abs(file.modified.seconds - SystemWallClock().now.seconds) < 100)
    }

    @Test(arguments: resolutions)
    func times(resolution: PathResolution) throws {
        let root = try Scratch().open(by: resolution)
        let (early, late) = (try Timestamp(seconds: UInt64(1000), nanoseconds: 5), try Timestamp(seconds: UInt64(2000), nanoseconds: 7))
        func check(_ path: String, _ flags: PathFlags, _ accessed: Timestamp?, _ modified: Timestamp?) throws {
            let status = try root.status(at: path, pathFlags: flags)
            if let accessed { #expect(status.accessed == accessed, "\(path)") }
            if let modified { #expect(status.modified == modified, "\(path)") }
        }
        try root.setTimes(at: "file", pathFlags: .symlinkFollow, accessed: .at(early), modified: .at(late))
        try check("file", [], early, late)
        try root.setTimes(at: "link-file", pathFlags: [], accessed: .unchanged, modified: .at(early))
        try check("link-file", [], nil, early)
        try check("file", [], early, late)
        try root.setTimes(at: "link-file", pathFlags: .symlinkFollow, accessed: .at(late), modified: .unchanged)
        try check("file", [], late, late)
        try root.setTimes(at: "a/", pathFlags: [], accessed: .at(early), modified: .at(early))
        try check("a", [], early, early)
        try root.setTimes(at: "link-dir/", pathFlags: [], accessed: .at(late), modified: .at(late))
        try check("a", [], late, late)
        try root.setTimes(at: ".", pathFlags: .symlinkFollow, accessed: .at(early), modified: .at(early))
        #expect(try root.status().modified == early)
        let file = try root.open("file")
        try file.setTimes(accessed: .unchanged, modified: .now)
        #expect(try file.status().accessed == late)
        #expect(abs(try file.status().modified.seconds - SystemWallClock().now.seconds) < 100)
        try root.setTimes(accessed: .at(late), modified: .at(late))
        #expect(try root.status().modified == late)
    }

    @Test func timestampsCarryAndOverflow() throws {
        #expect(try Timestamp(seconds: UInt64(1), nanoseconds: 2_500_000_000).seconds == 3)
        #expect(try Timestamp(seconds: UInt64(1), nanoseconds: 2_500_000_000).nanoseconds == 500_000_000)
        #expect(outcome { _ = try Timestamp(seconds: UInt64.max, nanoseconds: 0) } == "OVERFLOW")
        #expect(outcome { _ = try Timestamp(seconds: Int64.max, nanoseconds: 1_000_000_000) } == "OVERFLOW")
    }

    @Test(arguments: resolutions)
    func identity(resolution: PathResolution) throws {
        let root = try Scratch().open(by: resolution)
        let file = try root.open("file", [], [.read, .write])
        let hash = try file.metadataHash()
        #expect(try root.metadataHash(at: "link-file", pathFlags: .symlinkFollow) == hash)
        #expect(try root.metadataHash(at: "link-file", pathFlags: []) != hash)
        #expect(try root.metadataHash(at: "a/file", pathFlags: []) != hash)
        #expect(try root.metadataHash(at: "a/..", pathFlags: []) == root.metadataHash())
        try file.write("changed")
        #expect(try file.metadataHash() == hash)
        try root.rename(at: "file", to: root, at: "moved")
        #expect(try root.open("moved").metadataHash() == hash)
        #expect(try file.isSameObject(as: root.open("moved")))
        #expect(try !file.isSameObject(as: root.open("a/file")))
        #expect(hash.lower != hash.upper)
    }

    @Test func syncing() throws {
        let root = try Scratch().open()
        for descriptor in [root, try root.open("file"), try root.open("file", [], .write), try root.open("a")] {
            try descriptor.sync()
            try descriptor.syncData()
        }
        let file = try root.open("file")
        for advice in (0...5).compactMap(Advice.init) {
            try file.advise(advice, offset: 0, length: 0)
            try file.advise(advice, offset: 1 << 40, length: 10)
        }
        try file.advise(.normal, offset: .max, length: 0)
        try file.advise(.normal, offset: 0, length: .max)
    }

    @Test func links() throws {
        let root = try Scratch().open()
        #expect(try root.readLink(at: "link-out") == "../outside")
        #expect(outcome { _ = try root.readLink(at: "link-abs") } == "PERM")
        try root.createSymbolicLink(at: "umlaut", target: "ä/ö")
        #expect(try root.readLink(at: "umlaut") == "ä/ö")
        #expect(try root.status(at: "umlaut", pathFlags: []).size == 5)
    }
}

@Suite struct ListingTests {
    @Test func entries() throws {
        let scratch = try Scratch()
        let root = try scratch.open()
        let entries = try root.listing().all
        #expect(Set(entries.map(\.name)) == Set(Scratch.links.map(\.0).filter { !$0.contains("/") } + ["a", "file"]))
        #expect(entries.count == 11)
        for entry in entries {
            let status = try root.status(at: entry.name, pathFlags: [])
            #expect(entry.type == status.type && entry.identity == status.identity, "\(entry.name)")
        }
        #expect(Set(try root.open("a").listing().all.map(\.name)) == ["file", "link-parent-file"])
        #expect(Set(try root.open("a").listing(includesDots: true).all.map(\.name)) == [".", "..", "file", "link-parent-file"])
        // Two listings of one descriptor do not share a position.
        let (first, second) = (try root.listing(), try root.listing())
        #expect(try first.next() == second.next())
    }

    @Test func listingsResume() throws {
        let scratch = try Scratch()
        for number in 0..<2000 { scratch.write("", to: "root/a/n\(number)") }
        let listing = try scratch.open().open("a").listing()
        let all = try listing.all
        #expect(Set(all.map(\.name)).count == 2002)
        listing.resume(at: all[1234].cookie)
        #expect(try listing.all == Array(all[1235...]))
        listing.resume(at: 0)
        #expect(try listing.all == all)
    }

    @Test func namesThatAreNotText() throws {
        let scratch = try Scratch()
        let name = Array((scratch.root + "/a/bad").utf8).map { CChar(bitPattern: $0) } + [CChar(bitPattern: 0xff), 0]
        close(name.withUnsafeBufferPointer { open($0.baseAddress!, O_CREAT | O_WRONLY, 0o666) })
        let listing = try scratch.open().open("a").listing()
        var outcomes: [String] = []
        for _ in 0..<3 { outcomes.append(outcome { _ = try listing.next() }) }
        #expect(outcomes.sorted() == ["ILSEQ", "ok", "ok"])
        #expect(try listing.next() == nil)
    }
}
