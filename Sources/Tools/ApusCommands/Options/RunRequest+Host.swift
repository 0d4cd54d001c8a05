// What the options of `run` grant the guest.

import SystemPackage
import WASIHost

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension RunRequest {
    /// The standard streams of the process, and what the options name.
    func hostConfiguration() throws(Diagnostic) -> HostConfiguration {
        var configuration = HostConfiguration()
        configuration.inheritStandardStreams()
        let name = programName ?? file.split(separator: "/").last.map(String.init) ?? file
        configuration.arguments = [name] + arguments
        configuration.initialDirectory = initialDirectory
        if inheritsEnvironment { configuration.inheritEnvironment() }
        for variable in environment {
            // One that the process does not have is one that the guest does not get.
            guard let value = variable.value ?? Self.processVariable(variable.name) else { continue }
            configuration.setEnvironmentVariable(variable.name, to: value)
        }
        for directory in directories {
            do {
                try configuration.grant(directory)
            } catch {
                throw Diagnostic(granting: directory, error)
            }
        }
        return configuration
    }

    private static func processVariable(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}

extension Diagnostic {
    fileprivate init(granting directory: DirectoryGrant, _ error: HostError) {
        let path = directory.hostPath
        var details: [String] = []
        // The habit of container tools: HOST:GUEST.
        if directory.guestPath == path, let colon = path.firstIndex(of: ":"), colon > path.startIndex {
            let guest = path[path.index(after: colon)...]
            if guest.hasPrefix("/") || guest.hasPrefix(".") {
                details.append("did you mean --dir \(path[..<colon])::\(guest)?")
            }
        }
        switch error.code.rawValue {
        case ENOENT: self.init(.badCommandLine, "--dir \(path): no such directory", details: details)
        case ENOTDIR: self.init(.badCommandLine, "--dir \(path): not a directory", details: details)
        default: self.init(.badCommandLine, "--dir \(path): \(error)", details: details)
        }
    }
}
