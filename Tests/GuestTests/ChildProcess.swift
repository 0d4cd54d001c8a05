// Runs a command with pipes to and from it, fed and emptied at once so that no amount of data stops it, and ends it when
// its time is over.
import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

struct ChildProcess {
    struct Result {
        var output = Data()
        var errors = Data()
        /// The exit code, or 128 plus the signal that ended it.
        var code: Int32 = 0
        var timedOut = false
        /// The most memory that it was seen to hold, in bytes; 0 where that cannot be told.
        var peakMemory = 0
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    var executable: URL
    var arguments: [String]
    var environment: [String: String]
    var folder: URL
    var input = Input()
    var timeLimit: Double
    var interruptAfter: Double?
    var closeOutputAfter: Int?

    func run() throws -> Result {
        signal(SIGPIPE, SIG_IGN)
        let (inputEnd, inputPipe) = try Self.makePipe()
        let (outputPipe, outputEnd) = try Self.makePipe()
        let (errorPipe, errorEnd) = try Self.makePipe()
        let child = try spawn(input: inputEnd, output: outputEnd, errors: errorEnd)
        for end in [inputEnd, outputEnd, errorEnd] { close(end) }

        let ended = Mutex(false)
        let waited = Mutex(0.0)
        let output = Emptied(outputPipe, closingAfter: closeOutputAfter)
        let errors = Emptied(errorPipe, closingAfter: nil)
        Thread.detachNewThread { [input] in
            Self.feed(input, to: inputPipe, waited: { waited.withLock { $0 } }) { ended.withLock { $0 } }
        }

        var result = Result()
        let start = ContinuousClock.now
        var lastPassed = 0.0
        var interruptAt = interruptAfter
        var status: Int32 = 0
        while waitpid(child, &status, WNOHANG) == 0 {
            result.peakMemory = max(result.peakMemory, Self.peakMemory(of: child))
            let passed = Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000
            if interruptAt != nil || input.delay > 0 {
                // What it did while this process had no turn, nobody knows.
                let step = min(passed - lastPassed, 0.02)
                let activity = ProcessActivity(of: child)
                if activity?.isWaiting ?? true { waited.withLock { $0 += step } }
                if let at = interruptAt, max(waited.withLock { $0 }, activity?.computed ?? 0) >= at {
                    kill(child, SIGINT)
                    interruptAt = nil
                }
            }
            lastPassed = passed
            if passed > timeLimit, !result.timedOut {
                result.timedOut = true
                kill(child, SIGKILL)
            }
            usleep(1000)
        }
        ended.withLock { $0 = true }
        result.code = status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
        result.output = output.wait()
        result.errors = errors.wait()
        return result
    }

    /// Starts the command in its folder, with the signals as a shell would leave them.
    private func spawn(input: Int32, output: Int32, errors: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, errors, 2)
        // Connections of other tests would stay open for as long as the command runs. More may be opened meanwhile.
        let open = (try? FileManager.default.contentsOfDirectory(atPath: "/dev/fd"))?.compactMap { Int32($0) }.max() ?? 2
        for descriptor in 3...max(3, open) + 50 { posix_spawn_file_actions_addclose(&actions, descriptor) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var defaults = sigset_t()
        sigemptyset(&defaults)
        sigaddset(&defaults, SIGPIPE)
        sigaddset(&defaults, SIGINT)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        var blocked = sigset_t()
        sigemptyset(&blocked)
        posix_spawnattr_setsigmask(&attributes, &blocked)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        // A shell goes to the folder and then becomes the command.
        let shell = "/bin/sh"
        var words = ([shell, "-c", "cd \"$0\" && exec \"$@\"", folder.path, executable.path] + arguments).map { strdup($0) } + [nil]
        var variables = environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for string in words + variables { free(string) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, shell, &actions, &attributes, &words, &variables)
        guard code == 0 else { throw Failure(description: "cannot run \(shell): \(String(cString: strerror(code)))") }
        return child
    }

    /// What the system says of a process that runs. It says so after its end as well, but then counts the memory that it
    /// shared with this process before it became the command.
    private static func peakMemory(of child: pid_t) -> Int {
        guard let status = try? String(contentsOfFile: "/proc/\(child)/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
        else { return 0 }
        return line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) }.map { $0 << 10 } ?? 0
    }

    /// A pipe that no other child inherits.
    private static func makePipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failure(description: "no pipe: \(String(cString: strerror(errno)))") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    private static func feed(_ input: Input, to pipe: Int32, waited: () -> Double, ended: () -> Bool) {
        defer { close(pipe) }
        while waited() < input.delay, !ended() { usleep(2000) }
        input.bytes.withUnsafeBytes { bytes in
            var written = 0
            while written < bytes.count {
                let count = write(pipe, bytes.baseAddress! + written, min(bytes.count - written, 1 << 16))
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return }
                written += count
            }
        }
        while input.heldOpen, !ended() { usleep(2000) }
    }
}

/// A pipe that a thread of its own empties.
private final class Emptied: Sendable {
    private let bytes = Mutex(Data())
    private let done = DispatchSemaphore(value: 0)

    init(_ pipe: Int32, closingAfter limit: Int?) {
        Thread.detachNewThread {
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = read(pipe, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { break }
                let total = self.bytes.withLock { bytes in
                    bytes.append(contentsOf: buffer[..<count])
                    return bytes.count
                }
                if let limit, total >= limit { break }
            }
            close(pipe)
            self.done.signal()
        }
    }

    /// All that came, once the other end is closed.
    func wait() -> Data {
        done.wait()
        return bytes.withLock { $0 }
    }
}

/// What a process does: a clock says little about that on a busy machine.
private struct ProcessActivity {
    /// Seconds of processor time.
    var computed = 0.0
    /// Whether all of its threads sleep.
    var isWaiting = true

    /// Nil where the system does not tell.
    init?(of process: pid_t) {
        guard let fields = Self.fields("/proc/\(process)/stat"), fields.count > 12, let user = Double(fields[11]),
            let system = Double(fields[12])
        else { return nil }
        computed = (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
        for thread in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? [] {
            if let state = Self.fields("/proc/\(process)/task/\(thread)/stat")?.first, state != "S" { isWaiting = false }
        }
    }

    /// Those behind the name, which may hold anything.
    private static func fields(_ path: String) -> [Substring]? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8), let end = text.lastIndex(of: ")") else { return nil }
        return text[end...].dropFirst().split(separator: " ")
    }
}
