import Foundation
import Testing
import WASIHost

@Suite struct WaitingTests {
    private let waiter = PollWaiter.uninterruptible

    private func pipeEnds() -> (OwnedFileDescriptor, OwnedFileDescriptor) {
        var ends: [CInt] = [0, 0]
        pipe(&ends)
        return (OwnedFileDescriptor(owning: ends[0]), OwnedFileDescriptor(owning: ends[1]))
    }

    private func soon(_ milliseconds: UInt64) -> Pollable {
        SystemMonotonicClock().pollable(after: milliseconds * 1_000_000)
    }

    @Test func severalAtOnce() throws {
        let (empty, _writer) = pipeEnds()
        let (full, writer) = pipeEnds()
        _ = Foundation.write(writer.rawValue, "x", 1)
        let past = Pollable.instant(.now)
        let list: [Pollable] = [
            .readable(empty), .readable(full), .never, .writable(writer), past, soon(100_000), .ready,
            .raised(ReadinessSignal()), .raised(ReadinessSignal(isRaised: true)), .readable(full), .writable(_writer),
        ]
        #expect(try waiter.wait(for: list) == [1, 3, 4, 6, 8, 9, 10])
        #expect(try waiter.wait(for: [.readable(empty), .never, .ready]) == [2])
        #expect(try waiter.wait(for: [.never, .readable(empty), .writable(_writer)]) == [2])
    }

    @Test func deadlines() throws {
        let (empty, _writer) = pipeEnds()
        let start = MonotonicInstant.now
        #expect(try waiter.wait(for: [soon(100_000), .readable(empty), soon(30), .never]) == [2])
        #expect(MonotonicInstant.now.nanoseconds - start.nanoseconds >= 30_000_000)
        try waiter.wait(for: soon(1))
        withExtendedLifetime(_writer) {}
    }

    @Test func closedEndsAreReady() throws {
        var (reader, writer): (OwnedFileDescriptor, OwnedFileDescriptor?) = pipeEnds()
        writer = nil
        #expect(try waiter.wait(for: [.readable(reader), .never]) == [0])
        let other: OwnedFileDescriptor
        (reader, other) = pipeEnds()
        reader = OwnedFileDescriptor(lent: 0)
        #expect(try waiter.wait(for: [.never, .writable(other)]) == [1])
        withExtendedLifetime(writer) {}
    }

    @Test func oneDescriptorManyTimes() throws {
        let (reader, writer) = pipeEnds()
        let list = [Pollable](repeating: .readable(reader), count: 10_000) + [.writable(writer)]
        #expect(try waiter.wait(for: list) == [10_000])
    }

    @Test func interruption() throws {
        let waiter = try PollWaiter()
        let (reader, writer) = pipeEnds()
        Thread.detachNewThread {
            usleep(20_000)
            waiter.interrupt()
        }
        #expect(throws: WaitInterrupted.self) { try waiter.wait(for: [.readable(reader), .never]) }
        #expect(throws: WaitInterrupted.self) { try waiter.wait(for: [.ready]) }
        waiter.resume()
        #expect(try waiter.wait(for: [.writable(writer)]) == [0])
        _ = Foundation.write(try #require(waiter.interruptionDescriptor), "x", 1)
        #expect(throws: WaitInterrupted.self) { try waiter.wait(for: .never) }
    }

    @Test func signals() throws {
        let signal = ReadinessSignal()
        for _ in 0..<100 {
            Thread.detachNewThread { signal.raise() }
            #expect(try waiter.wait(for: [.never, .raised(signal), soon(100_000)]) == [1])
            signal.lower()
        }
    }
}

@Suite struct ClockTests {
    @Test func clocks() throws {
        let clock = SystemMonotonicClock()
        let first = clock.now
        #expect(clock.now >= first && first < 60_000_000_000)
        #expect(clock.resolution > 0)
        #expect(SystemWallClock().now.seconds > 1_700_000_000)
        #expect(abs(SystemWallClock().now.seconds - Int64(Date().timeIntervalSince1970)) < 10)
        let resolution = SystemWallClock().resolution
        #expect(resolution.seconds == 0 && resolution.nanoseconds > 0)
    }

    @Test func subscriptions() {
        let clock = SystemMonotonicClock()
        func kind(_ pollable: Pollable) -> String {
            switch pollable {
            case .ready: "ready"
            case .never: "never"
            case .instant: "instant"
            default: "other"
            }
        }
        #expect(kind(clock.pollable(after: 0)) == "ready")
        #expect(kind(clock.pollable(after: 1)) == "instant")
        #expect(kind(clock.pollable(after: .max)) == "never")
        #expect(kind(clock.pollable(at: 0)) == "ready")
        #expect(kind(clock.pollable(at: clock.now + 1_000_000_000_000)) == "instant")
        #expect(kind(clock.pollable(at: .max)) == "never" || kind(clock.pollable(at: .max)) == "instant")
    }
}

@Suite struct RandomTests {
    private func bytes(_ source: some RandomSource, _ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        try bytes.withUnsafeMutableBytes { try source.fill($0) }
        return bytes
    }

    @Test func sources() throws {
        for source in [SecureRandomSource(), InsecureRandomSource()] as [any RandomSource] {
            #expect(try bytes(source, 0).isEmpty)
            #expect(try bytes(source, 32) != bytes(source, 32))
            let long = try bytes(source, 1_000_003)
            var counts = [Int](repeating: 0, count: 256)
            for byte in long { counts[Int(byte)] += 1 }
            let isEven = counts.allSatisfy { (3000...5000).contains($0) }
            #expect(isEven)
            #expect(try source.word() != source.word())
        }
        #expect(try bytes(InsecureRandomSource(seed: 1), 100) == bytes(InsecureRandomSource(seed: 1), 100))
        #expect(try bytes(InsecureRandomSource(seed: 1), 100) != bytes(InsecureRandomSource(seed: 2), 100))
        #expect(try bytes(RepeatingRandomSource(pattern: [1, 2, 3]), 5) == [1, 2, 3, 1, 2])
    }
}

@Suite struct ConfigurationTests {
    @Test func nothingIsGivenUnasked() throws {
        let configuration = HostConfiguration()
        #expect(configuration.arguments.isEmpty && configuration.environment.isEmpty && configuration.grants.isEmpty)
        #expect(configuration.initialDirectory == nil)
        #expect(try configuration.openPreopens(budget: configuration.makeDescriptorBudget()).isEmpty)
        #expect(configuration.standardInput is EmptyInput && configuration.standardOutput is DiscardingOutput)
    }

    @Test func whatIsGrantedIsThere() throws {
        let scratch = try Scratch()
        var configuration = HostConfiguration()
        configuration.setEnvironmentVariable("A", to: "1")
        configuration.setEnvironmentVariable("B", to: "2")
        configuration.setEnvironmentVariable("A", to: "3")
        #expect(configuration.environment.map { "\($0.name)=\($0.value)" } == ["A=3", "B=2"])
        setenv("WASI_HOST_TEST", "a=b", 1)
        configuration.inheritEnvironment()
        #expect(configuration.environment.first { $0.name == "WASI_HOST_TEST" }?.value == "a=b")
        try configuration.grant(DirectoryGrant(hostPath: scratch.root, guestPath: "/", rights: .readWrite))
        try configuration.grant(DirectoryGrant(hostPath: scratch.root + "/a", guestPath: "/a", rights: .readOnly))
        let opened = try configuration.openPreopens(budget: configuration.makeDescriptorBudget())
        #expect(opened.map(\.guestPath) == ["/", "/a"])
        #expect(opened.map(\.descriptor.rights) == [.readWrite, .readOnly])
        #expect(outcome { try configuration.grant(DirectoryGrant(hostPath: scratch.root + "/file", guestPath: "/f", rights: .readOnly)) } == "NOTDIR")
        #expect(outcome { try configuration.grant(DirectoryGrant(hostPath: scratch.root + "/missing", guestPath: "/f", rights: .readOnly)) } == "NOENT")
        #expect(configuration.grants.count == 2)
    }

    @Test func everyCodeHasItsName() {
        #expect(FilesystemErrorCode.allCases.count == 37)
        #expect(FilesystemErrorCode.crossDevice.rawValue == 36)
        for (code, name) in [
            (EPERM, FilesystemErrorCode.notPermitted), (EACCES, .access), (EAGAIN, .wouldBlock), (EXDEV, .crossDevice),
            (ENOSYS, .unsupported), (EMFILE, .io), (ECONNRESET, .io), (EROFS, .readOnly),
        ] {
            #expect(FilesystemErrorCode(.init(rawValue: code)) == name)
        }
    }
}
