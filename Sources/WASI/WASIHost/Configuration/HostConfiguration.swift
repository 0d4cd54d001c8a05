// All that a guest gets from the host. A new configuration gives nothing: no arguments, no environment, no directory,
// an input that is at its end and outputs that forget. Each thing is granted by a call that says so.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What one guest, or each of many, gets from the host.
///
///     var configuration = HostConfiguration()
///     configuration.arguments = ["program", "--verbose"]
///     configuration.inheritStandardStreams()
///     try configuration.grant(DirectoryGrant(hostPath: "data", guestPath: "/data", rights: .readOnly))
///
/// Copies share the streams, clocks and directories, which are safe to share between threads.
public struct HostConfiguration: Sendable {
    /// The guest's arguments, the program's name first.
    public var arguments: [String] = []

    /// The guest's environment, in the order that it sees.
    public private(set) var environment: [(name: String, value: String)] = []

    /// The directory that the guest is told to start in, as a path of its own.
    public var initialDirectory: String?

    public var standardInput: any HostInputStream = EmptyInput()
    public var standardOutput: any HostOutputStream = DiscardingOutput()
    public var standardError: any HostOutputStream = DiscardingOutput()

    public var wallClock: any WallClock = SystemWallClock()
    public var monotonicClock: any MonotonicClock = SystemMonotonicClock()

    public var secureRandom: any RandomSource = SecureRandomSource()
    public var insecureRandom: any RandomSource = InsecureRandomSource()

    /// What the guest gets for `insecure-seed`. Another one in each new configuration.
    public var insecureSeed: (UInt64, UInt64) = (.random(in: .min ... .max), .random(in: .min ... .max))

    public var limits = HostLimits()

    /// How the guest waits. By holding its thread, and without a way to interrupt it, unless another is set.
    public var waiter: any Waiter = PollWaiter.uninterruptible

    /// The directories granted, in the order of the grants.
    private var preopens: [Preopen] = []

    private struct Preopen {
        let grant: DirectoryGrant
        let handle: OwnedFileDescriptor
    }

    public init() {}

    /// Gives the guest a variable of the environment, in place of one by that name.
    public mutating func setEnvironmentVariable(_ name: String, to value: String) {
        if let index = environment.firstIndex(where: { $0.name == name }) {
            environment[index].value = value
        } else {
            environment.append((name, value))
        }
    }

    /// Gives the guest all variables of the process's environment.
    public mutating func inheritEnvironment() {
        for entry in CommandEnvironment.current {
            setEnvironmentVariable(entry.name, to: entry.value)
        }
    }

    /// Gives the guest the standard input, output and error of the process. One that the process was started without is
    /// left as it is; a file opened before this call may have taken its number, so make this call first.
    public mutating func inheritStandardStreams() {
        inheritStandardInput()
        inheritStandardOutput()
        inheritStandardError()
    }

    public mutating func inheritStandardInput() {
        if let handle = OwnedFileDescriptor(ifOpen: 0) { standardInput = DescriptorInput(handle) }
    }

    public mutating func inheritStandardOutput() {
        if let handle = OwnedFileDescriptor(ifOpen: 1) { standardOutput = DescriptorOutput(handle) }
    }

    public mutating func inheritStandardError() {
        if let handle = OwnedFileDescriptor(ifOpen: 2) { standardError = DescriptorOutput(handle) }
    }

    /// Opens the directory of `grant` and gives it to the guest. Throws the system's code if it is no directory that
    /// can be opened.
    public mutating func grant(_ grant: DirectoryGrant) throws(HostError) {
        let handle: OwnedFileDescriptor
        do throws(HostError) {
            handle = try OwnedFileDescriptor(opening: grant.hostPath, flags: SystemOpenFlags.listing)
        } catch {
            // A directory that may be passed through and not read is good for the paths beneath it all the same.
            guard error.rawCode == EACCES else { throw error }
            handle = try OwnedFileDescriptor(opening: grant.hostPath, flags: SystemOpenFlags.lookup)
        }
        preopens.append(Preopen(grant: grant, handle: handle))
    }

    /// The directories granted.
    public var grants: [DirectoryGrant] { preopens.map(\.grant) }

    /// A budget for the descriptors of one guest.
    package func makeDescriptorBudget() -> DescriptorBudget {
        DescriptorBudget(limit: limits.openDescriptors)
    }

    /// A new descriptor for each directory granted, and the guest's path for it: what `get-directories` gives.
    /// `resolution` is for tests.
    package func openPreopens(
        budget: DescriptorBudget, resolution: PathResolution = .automatic
    ) throws(HostError) -> [(descriptor: Descriptor, guestPath: String)] {
        var opened: [(descriptor: Descriptor, guestPath: String)] = []
        for preopen in preopens {
            let rights = preopen.grant.rights
            let descriptor = Descriptor(
                handle: preopen.handle, isDirectory: true, rights: rights,
                access: rights == .readWrite ? [.read, .write] : .read, resolution: resolution, budget: budget,
                share: try budget.take())
            opened.append((descriptor, preopen.grant.guestPath))
        }
        return opened
    }
}

extension OwnedFileDescriptor {
    /// Uses `rawValue`, of which the process is the owner, if it is open.
    fileprivate convenience init?(ifOpen rawValue: CInt) {
        if fcntl(rawValue, F_GETFD) < 0 { return nil }
        self.init(lent: rawValue)
    }

    /// Opens a path of the host, which is not resolved beneath anything.
    fileprivate convenience init(opening path: String, flags: CInt) throws(HostError) {
        if path.utf8.contains(0) { throw .invalid }
        var raw: CInt = -1
        repeat {
            unsafe raw = path.withCString { path in unsafe open(path, flags) }
        } while raw < 0 && errno == EINTR
        if raw < 0 { throw .last }
        self.init(owning: raw)
    }
}

/// The environment of the process.
private enum CommandEnvironment {
    static var current: [(name: String, value: String)] {
        var entries: [(name: String, value: String)] = []
        guard var pointer = unsafe Optional(environ) else { return [] }
        while let entry = unsafe pointer.pointee {
            let text = unsafe String(cString: entry)
            if let separator = text.firstIndex(of: "=") {
                entries.append((String(text[..<separator]), String(text[text.index(after: separator)...])))
            }
            unsafe pointer += 1
        }
        return entries
    }
}
