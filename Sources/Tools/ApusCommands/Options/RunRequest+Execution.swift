// Carrying out `apus run`: grants, file, guest.

import WASIHost

extension RunRequest {
    func execute(_ context: CommandContext) throws(Diagnostic) -> ExitStatus {
        let host = try hostConfiguration()
        let file = try ProgramFile(path: file)
        let session = GuestSession(timeLimit: timeLimit, endsAtInterrupt: context.ownsProcess)
        switch file.kind {
        case .coreModule:
            var guest = CoreGuest(
                file: file, host: host, limits: storeLimits, function: function, arguments: arguments,
                console: context.console)
            for preload in preloads { guest.preloads.append((preload.name, try ProgramFile(preloading: preload))) }
            return try session.run(guest.run)
        case .component:
            if let preload = preloads.first {
                throw Diagnostic(
                    .badCommandLine,
                    "--preload \(preload.name): \(file.path) is a component, and --preload links core modules",
                    details: ["a component is composed with others, for example by 'wac plug'"])
            }
            let console = context.console
            let http = try http.configuration(reporting: DenialReport { console.writeError("apus: \($0)\n") })
            if let function {
                let invocation = ComponentInvocation(
                    file: file, host: host, http: http, limits: storeLimits, text: function, words: arguments,
                    console: context.console)
                return try session.run(invocation.run)
            }
            return try session.run(ComponentGuest(file: file, host: host, http: http, limits: storeLimits).run)
        }
    }
}

extension ProgramFile {
    /// The file of a module that is to be preloaded.
    fileprivate init(preloading preload: PreloadOption) throws(Diagnostic) {
        try self.init(path: preload.path)
        if kind == .component {
            throw Diagnostic(
                .badCommandLine, "--preload \(preload.name): \(path) is a component, and --preload links core modules")
        }
    }
}
