import Foundation
import Synchronization
import Testing
import WASIHost

private let waiter = PollWaiter.uninterruptible

extension HostInputStream {
    fileprivate func text(_ count: Int = 100) throws -> String {
        var buffer = [UInt8](repeating: 0, count: count)
        let length = try buffer.withUnsafeMutableBytes { try read(into: $0) }
        return String(decoding: buffer[..<length], as: UTF8.self)
    }

    fileprivate func blockingText(_ count: Int = 100, waiter: any Waiter = waiter) throws -> String {
        var buffer = [UInt8](repeating: 0, count: count)
        let length = try buffer.withUnsafeMutableBytes { try blockingRead(into: $0, waiter: waiter) }
        return String(decoding: buffer[..<length], as: UTF8.self)
    }
}

extension HostOutputStream {
    fileprivate func write(_ text: String) throws {
        try Array(text.utf8).withUnsafeBytes { try write($0, waiter: waiter) }
    }
}

/// Does something, on a thread of its own, as soon as somebody waits.
private final class TellingWaiter: Waiter {
    private let consequence: Mutex<(@Sendable () -> Void)?>

    init(_ consequence: @escaping @Sendable () -> Void) {
        self.consequence = Mutex(consequence)
    }

    func wait(for pollables: [Pollable]) throws(WaitInterrupted) -> [Int] {
        let consequence = consequence.withLock { consequence in
            defer { consequence = nil }
            return consequence
        }
        if let consequence { Thread.detachNewThread(consequence) }
        return try waiter.wait(for: pollables)
    }
}

private func failure(_ body: () throws -> Void) -> StreamError? {
    do {
        try body()
        return nil
    } catch {
        return error as? StreamError
    }
}

private final class TestPipe {
    let (readEnd, writeEnd): (CInt, CInt)

    init() {
        var ends: [CInt] = [0, 0]
        pipe(&ends)
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    func write(_ text: String) {
        _ = Array(text.utf8).withUnsafeBytes { Foundation.write(writeEnd, $0.baseAddress, $0.count) }
    }
}

@Suite struct FileStreamTests {
    @Test func reading() throws {
        let file = try Scratch().open().open("file")
        let stream = try file.readStream(at: 1)
        #expect(try stream.text(0) == "")
        #expect(try stream.text(2) == "el")
        #expect(try stream.skip(1) == 1)
        #expect(try stream.blockingText() == "o\n")
        #expect(failure { _ = try stream.text() } == .closed)
        #expect(failure { _ = try stream.text(0) } == .closed)
        #expect(failure { _ = try stream.skip(1) } == .closed)
        #expect(failure { _ = try file.readStream(at: 100).blockingText() } == .closed)
        let broken = try file.readStream(at: .max)
        #expect(failure { _ = try broken.text() } == .lastOperationFailed(.invalid))
        #expect(failure { _ = try broken.text() } == .closed)
    }

    @Test func writing() throws {
        let scratch = try Scratch()
        let file = try scratch.open().open("file", [], [.read, .write])
        let (stream, other) = (try file.writeStream(at: 1), try file.appendStream())
        #expect(try stream.checkWrite() == 1 << 20)
        try stream.write("ipp")
        try other.write("more")
        try stream.write("y!")
        try other.write("!\n")
        try stream.flush()
        #expect(try file.text() == "hippy!more!\n")
        try stream.writeZeroes(3, waiter: waiter)
        #expect(try file.text() == "hippy!\0\0\0e!\n")
        let readOnly = try scratch.open().open("file").writeStream(at: 0)
        #expect(failure { try readOnly.write("x") } == .lastOperationFailed(.badDescriptor))
        #expect(failure { _ = try readOnly.checkWrite() } == .closed)
        #expect(failure { try readOnly.write("x") } == .closed)
        #expect(failure { try readOnly.flush() } == .closed)
    }

    @Test func limitsOfWrites() throws {
        let file = try Scratch().open().open("new", .create, [.read, .write])
        let stream = try file.writeStream(at: 0)
        func isMisuse(_ error: StreamError?) -> Bool {
            if case .misuse = error { true } else { false }
        }
        let big = [UInt8](repeating: 1, count: 4097)
        #expect(isMisuse(failure { try big.withUnsafeBytes { try stream.blockingWriteAndFlush($0, waiter: waiter) } }))
        #expect(isMisuse(failure { try stream.blockingWriteZeroesAndFlush(4097, waiter: waiter) }))
        #expect(isMisuse(failure { try stream.writeZeroes(.max, waiter: waiter) }))
        let huge = [UInt8](repeating: 1, count: (1 << 20) + 1)
        #expect(isMisuse(failure { try huge.withUnsafeBytes { try stream.write($0, waiter: waiter) } }))
        try big.dropLast().withUnsafeBytes { try stream.blockingWriteAndFlush($0, waiter: waiter) }
        try stream.blockingWriteZeroesAndFlush(4096, waiter: waiter)
        #expect(try file.status().size == 8192)
    }

    @Test func splicing() throws {
        let root = try Scratch().open()
        let source = try root.open("file").readStream(at: 0)
        let target = try root.open("new", .create, [.read, .write])
        let sink = try target.writeStream(at: 0)
        #expect(try sink.splice(from: source, count: 0, waiter: waiter) == 0)
        #expect(try sink.splice(from: source, count: 2, waiter: waiter) == 2)
        #expect(try sink.blockingSplice(from: source, count: .max, waiter: waiter) == 4)
        #expect(failure { _ = try sink.blockingSplice(from: source, count: 1, waiter: waiter) } == .closed)
        #expect(try target.text() == "hello\n")
    }
}

@Suite struct DescriptorStreamTests {
    @Test func readingAPipe() throws {
        let pipe = TestPipe()
        let stream = DescriptorInput(OwnedFileDescriptor(owning: pipe.readEnd))
        #expect(try stream.text() == "")
        #expect(try !waiter.isReady(stream.readiness))
        pipe.write("hello")
        #expect(try waiter.isReady(stream.readiness))
        #expect(try stream.text(2) == "he")
        #expect(try stream.blockingText() == "llo")
        #expect(try stream.text() == "")
        pipe.write("x")
        close(pipe.writeEnd)
        #expect(try stream.blockingSkip(10, waiter: waiter) == 1)
        #expect(try waiter.isReady(stream.readiness))
        #expect(failure { _ = try stream.blockingText() } == .closed)
        #expect(failure { _ = try stream.text() } == .closed)
        #expect(fcntl(pipe.readEnd, F_GETFL) & O_NONBLOCK == 0)
    }

    @Test func aBlockingReadWaitsForTheWriter() throws {
        let pipe = TestPipe()
        let stream = DescriptorInput(OwnedFileDescriptor(owning: pipe.readEnd))
        let writeEnd = pipe.writeEnd
        let late = TellingWaiter {
            _ = Foundation.write(writeEnd, "late", 4)
            close(writeEnd)
        }
        #expect(try stream.blockingText(waiter: late) == "late")
        #expect(failure { _ = try stream.blockingText() } == .closed)
    }

    @Test func writingToNobodyClosesTheStream() throws {
        let pipe = TestPipe()
        let stream = DescriptorOutput(OwnedFileDescriptor(owning: pipe.writeEnd))
        #expect(try stream.checkWrite() == 1 << 20)
        try stream.write("hello")
        close(pipe.readEnd)
        #expect(failure { try stream.write("hello") } == .closed)
        #expect(failure { _ = try stream.checkWrite() } == .closed)
        #expect(failure { try stream.flush() } == .closed)
        #expect(try waiter.isReady(stream.readiness))
    }

    @Test func aClosedPipeDoesNotEndTheProcess() async {
        await #expect(processExitsWith: .exitCode(7)) {
            signal(SIGPIPE, SIG_DFL)
            var ends: [CInt] = [0, 0]
            pipe(&ends)
            close(ends[0])
            let stream = DescriptorOutput(OwnedFileDescriptor(owning: ends[1]))
            do {
                try stream.writeZeroes(1, waiter: PollWaiter.uninterruptible)
            } catch {
                exit(error as? StreamError == StreamError.closed ? 7 : 8)
            }
        }
    }

    @Test func writingMoreThanAPipeHolds() throws {
        let pipe = TestPipe()
        let stream = DescriptorOutput(OwnedFileDescriptor(owning: pipe.writeEnd))
        let input = DescriptorInput(OwnedFileDescriptor(owning: pipe.readEnd))
        let sent = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        let done = DispatchSemaphore(value: 0)
        nonisolated(unsafe) var received: [UInt8] = []
        Thread.detachNewThread {
            var buffer = [UInt8](repeating: 0, count: 10_000)
            while received.count < 1 << 20,
                let count = try? buffer.withUnsafeMutableBytes({ try input.blockingRead(into: $0, waiter: waiter) })
            {
                received += buffer[..<count]
            }
            done.signal()
        }
        try sent.withUnsafeBytes { try stream.write($0, waiter: waiter) }
        done.wait()
        #expect(received == sent)
    }

    @Test func aFullPipeIsNotReady() throws {
        let pipe = TestPipe()
        defer { close(pipe.readEnd) }
        let stream = DescriptorOutput(OwnedFileDescriptor(owning: pipe.writeEnd))
        #expect(try waiter.isReady(stream.readiness))
        try stream.writeZeroes(65536, waiter: waiter)
        #expect(try !waiter.isReady(stream.readiness))
        let interruptible = try PollWaiter()
        interruptible.interrupt()
        #expect(failure { try stream.writeZeroes(1, waiter: interruptible) } == .interrupted)
    }

    @Test func sockets() throws {
        var ends: [CInt] = [0, 0]
        #if canImport(Darwin)
        let type = SOCK_STREAM
        #else
        let type = CInt(SOCK_STREAM.rawValue)
        #endif
        #expect(socketpair(AF_UNIX, type, 0, &ends) == 0)
        let (input, output) = (
            DescriptorInput(OwnedFileDescriptor(owning: ends[0])), DescriptorOutput(OwnedFileDescriptor(lent: ends[1]))
        )
        #expect(try input.text() == "")
        try output.write("hello")
        #expect(try input.blockingText() == "hello")
        close(ends[1])
        #expect(failure { _ = try input.blockingText() } == .closed)
        var others: [CInt] = [0, 0]
        #expect(socketpair(AF_UNIX, type, 0, &others) == 0)
        let broken = DescriptorOutput(OwnedFileDescriptor(owning: others[0]))
        close(others[1])
        #expect(failure { try broken.write("x") } == .closed)
    }

    @Test func filesAndDevices() throws {
        let scratch = try Scratch()
        let raw = open(scratch.root + "/file", O_RDWR)
        let input = DescriptorInput(OwnedFileDescriptor(owning: raw))
        let output = DescriptorOutput(OwnedFileDescriptor(lent: raw))
        #expect(try input.text(3) == "hel")
        try output.write("P!")
        #expect(try input.text() == "\n")
        #expect(failure { _ = try input.text() } == .closed)
        #expect(scratch.text(of: "root/file") == "helP!\n")
        #expect(!input.isTerminal)
        let null = open("/dev/null", O_RDWR)
        #expect(failure { _ = try DescriptorInput(OwnedFileDescriptor(owning: null)).blockingText() } == .closed)
        let sink = DescriptorOutput(OwnedFileDescriptor(owning: open("/dev/null", O_RDWR)))
        try sink.write("gone")
        #expect(try waiter.isReady(sink.readiness))
        let directory = DescriptorInput(OwnedFileDescriptor(owning: open(scratch.root, O_RDONLY)))
        #expect(failure { _ = try directory.text() } == .lastOperationFailed(.isDirectory))
        #expect(failure { _ = try directory.text() } == .closed)
    }

    #if os(Linux)
    @Test func terminals() throws {
        let main = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var (unlock, number): (CInt, CInt) = (0, 0)
        let (setLock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
        try #require(ioctl(main, setLock, &unlock) == 0 && ioctl(main, getNumber, &number) == 0)
        let terminal = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        let input = DescriptorInput(OwnedFileDescriptor(owning: terminal))
        let output = DescriptorOutput(OwnedFileDescriptor(lent: terminal))
        #expect(input.isTerminal && output.isTerminal)
        #expect(try input.text() == "")
        #expect(try !waiter.isReady(input.readiness))
        _ = Foundation.write(main, "line\n", 5)
        #expect(try input.blockingText() == "line\n")
        #expect(try input.text() == "")
        try output.write("out")
        _ = Foundation.write(main, "\u{4}", 1)
        #expect(failure { _ = try input.blockingText() } == .closed)
        close(main)
    }
    #endif
}

@Suite struct MemoryStreamTests {
    @Test func buffers() throws {
        let input = BufferInput(Array("hello".utf8))
        #expect(try input.text(2) == "he")
        #expect(try input.blockingText() == "llo")
        #expect(failure { _ = try input.blockingText() } == .closed)
        let output = BufferOutput(capacity: 8)
        #expect(try output.checkWrite() == 8)
        try output.write("hello")
        #expect(try output.checkWrite() == 3)
        #expect(failure { try output.write("much") } == .misuse("write of 4 bytes is more than the 3 permitted"))
        try output.write("...")
        #expect(failure { _ = try output.checkWrite() } == .closed)
        #expect(output.text == "hello...")
        #expect(output.takeContents().count == 8)
        #expect(try output.checkWrite() == 8)
    }

    @Test func inputsThatGrow() throws {
        let input = BufferInput([], isFinished: false)
        #expect(try input.text() == "")
        #expect(try !waiter.isReady(input.readiness))
        #expect(try input.blockingText(3, waiter: TellingWaiter { input.append("late".utf8) }) == "lat")
        #expect(try waiter.isReady(input.readiness))
        #expect(try input.text() == "e")
        #expect(try input.text() == "")
        #expect(failure { _ = try input.blockingText(waiter: TellingWaiter { input.finish() }) } == .closed)
    }

    @Test func nothing() throws {
        #expect(failure { _ = try EmptyInput().text() } == .closed)
        let sink = DiscardingOutput()
        try sink.write("gone")
        try sink.blockingFlush(waiter: waiter)
        nonisolated(unsafe) var seen = 0
        let callback = CallbackOutput {
            seen += $0.count
            if seen > 5 { throw CancellationError() }
        }
        try callback.write("12345")
        #expect(failure { try callback.write("6") } == .closed)
        #expect(failure { _ = try callback.checkWrite() } == .closed)
        #expect(seen == 6)
    }
}
