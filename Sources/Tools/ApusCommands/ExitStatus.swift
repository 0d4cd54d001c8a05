// What the process says to who started it. A guest's own code is passed on as it is; the others are the command's.

/// The exit status of a command.
public struct ExitStatus: RawRepresentable, Hashable, Sendable {
    /// 0 to 255, as the system hands it on.
    public let rawValue: Int32

    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    public static let success = ExitStatus(rawValue: 0)
    /// The guest said that it failed, and no more.
    public static let failure = ExitStatus(rawValue: 1)
    /// The command line cannot be followed.
    public static let badCommandLine = ExitStatus(rawValue: 2)
    /// The file cannot be read, is not valid or cannot be linked.
    public static let badFile = ExitStatus(rawValue: 3)
    /// The time limit was reached; the number is that of `timeout(1)`.
    public static let timedOut = ExitStatus(rawValue: 124)
    /// Ctrl-C: what a shell reports for a process that SIGINT ended.
    public static let interrupted = ExitStatus(rawValue: 130)
    /// The guest trapped: what a shell reports for a process that SIGABRT ended, as Wasmtime has it.
    public static let trapped = ExitStatus(rawValue: 134)
}
