// What `apus run` is asked to do.
//
// It is read in two ways that agree. The argument parser reads every command line, and explains those that it cannot
// follow; but it reflects on types to do so, which takes longer than everything else that starting a small program
// takes. A command line without anything to explain is therefore read plainly, from beginning to end.

import Execution
import WASIHost

/// The options and arguments of `run`.
struct RunRequest: Hashable, Sendable {
    var directories: [DirectoryGrant] = []
    var environment: [EnvironmentOption] = []
    var inheritsEnvironment = false
    var programName: String?
    var initialDirectory: String?
    /// The exported function of a core module that is called.
    var function: String?
    /// Core modules that the program is linked with, in this order.
    var preloads: [PreloadOption] = []
    /// In bytes, of each memory.
    var memoryLimit: UInt64?
    /// In bytes.
    var stackLimit: UInt64?
    var timeLimit: Duration?
    var http = HTTPGrant()
    var file = ""
    var arguments: [String] = []

    init() {}

    /// Reads arguments in which a `--` stands before the file; nil if there is something to explain.
    init?(plain arguments: [String]) {
        var rest = arguments[...]
        while let argument = rest.popFirst(), argument != "--" {
            if argument == "--inherit-env" {
                inheritsEnvironment = true
            } else if argument == "--allow-http-all" {
                http.allowsAll = true
            } else if let separator = argument.firstIndex(of: "=") {
                let value = argument[argument.index(after: separator)...]
                guard !value.isEmpty, set(argument[..<separator], to: String(value)) else { return nil }
            } else {
                guard let value = rest.popFirst(), value != "--", set(argument[...], to: value) else { return nil }
            }
        }
        guard let file = rest.popFirst() else { return nil }
        self.file = file
        self.arguments = Array(rest)
    }

    /// Answers false if there is no such option or it cannot have this value.
    private mutating func set(_ option: Substring, to value: String) -> Bool {
        do throws(OptionError) {
            switch option {
            case "--dir": directories.append(try DirectoryOption.parse(value))
            case "--env": environment.append(try EnvironmentOption.parse(value))
            case "--argv0": programName = value
            case "--cwd": initialDirectory = value
            case "--invoke": function = value
            case "--preload": preloads.append(try PreloadOption.parse(value))
            case "--max-memory": memoryLimit = try ByteSize.parse(value)
            case "--max-stack": stackLimit = try ByteSize.parse(value)
            case "--timeout": timeLimit = try TimeLimit.parse(value)
            case "--allow-http": http.destinations.append(try HTTPGrant.destination(value))
            case "--http-prior-knowledge": http.priorKnowledge.append(try HTTPGrant.destination(value))
            case "--ca": http.authorities.append(value)
            case "--client-cert": http.certificate = value
            case "--client-key": http.key = value
            default: return false
            }
            return true
        } catch {
            return false
        }
    }

    var storeLimits: StoreLimits {
        var limits = StoreLimits()
        if let memoryLimit { limits.memoryBytes = memoryLimit }
        if let stackLimit { limits.stackBytes = Int(clamping: stackLimit) }
        return limits
    }
}
