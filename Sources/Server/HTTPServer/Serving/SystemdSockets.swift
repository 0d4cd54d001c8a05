// Sockets that systemd has opened and handed to this process (sd_listen_fds(3)).

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

enum SystemdSockets {
    /// The descriptors of all sockets, or of those of one name. Throws if there are none.
    static func descriptors(named name: String?) throws(ListenError) -> [CInt] {
        let first: CInt = 3
        guard let pid = variable("LISTEN_PID").flatMap({ pid_t($0) }), pid == getpid(),
            let count = variable("LISTEN_FDS").flatMap({ CInt($0) }), count > 0, count <= 1024
        else { throw ListenError("systemd has handed no sockets to this process") }
        let names = (variable("LISTEN_FDNAMES") ?? "").split(separator: ":", omittingEmptySubsequences: false)
        var found: [CInt] = []
        for index in 0..<count {
            if let name, Int(index) >= names.count || names[Int(index)] != name { continue }
            let descriptor = first + index
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            found.append(descriptor)
        }
        if found.isEmpty { throw ListenError("systemd has handed over no socket named \(name ?? "")") }
        return found
    }

    private static func variable(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}

/// Why a server cannot listen.
public struct ListenError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }

    /// What the system says of one of its error codes.
    static func message(_ code: CInt) -> String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}
