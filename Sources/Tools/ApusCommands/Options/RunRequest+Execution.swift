// Carrying out `apus run`: grants, file, guest.

import WASIHost

extension RunRequest {
    func execute(_ context: CommandContext) throws(Diagnostic) -> ExitStatus {
        let host = try hostConfiguration()
        let file = try ProgramFile(path: file)
        let session = GuestSession(timeLimit: timeLimit, endsAtInterrupt: context.ownsProcess)
        switch file.kind {
        case .coreModule:
            let guest = CoreGuest(
                file: file, limits: storeLimits, function: function, arguments: arguments, console: context.console)
            return try session.run(guest.run)
        case .component:
            if let function {
                let invocation = ComponentInvocation(
                    file: file, host: host, limits: storeLimits, text: function, words: arguments,
                    console: context.console)
                return try session.run(invocation.run)
            }
            return try session.run(ComponentGuest(file: file, host: host, limits: storeLimits).run)
        }
    }
}
