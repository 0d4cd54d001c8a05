// What of the host's directories and variables a guest gets: the same options wherever guests are run.

import ArgumentParser
import WASIHost

struct GrantOptions: ParsableArguments {
    @Option(
        name: .customLong("dir"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Grant a directory, as the guest's path GUEST or by its own name; ':ro' at the end for reading only. May be repeated.",
            valueName: "host[::guest][:ro]"),
        completion: .directory, transform: { try DirectoryOption.parse($0) })
    var directories: [DirectoryGrant] = []

    @Option(
        name: .customLong("env"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Give the guest a variable; without a value, the one that this process has. May be repeated.",
            valueName: "name[=value]"),
        transform: { try EnvironmentOption.parse($0) })
    var environment: [EnvironmentOption] = []

    @Flag(name: .customLong("inherit-env"), help: "Give the guest all variables that this process has.")
    var inheritsEnvironment = false

    /// Whether nothing was granted.
    var isEmpty: Bool { directories.isEmpty && environment.isEmpty && !inheritsEnvironment }
}
