// Where a server listens, as people write it.

/// A place that connections come to.
public enum ListenAddress: Hashable, Sendable {
    /// An address of IPv4 or IPv6, without brackets, or a name. Port 0 is any that is free.
    case internet(host: String, port: Int)
    /// A socket in the file system.
    case unix(path: String)
    /// What systemd has opened: all sockets, or those of one name (`FileDescriptorName=`).
    case systemd(name: String?)

    /// Reads `HOST:PORT`, `[IPV6]:PORT`, `:PORT`, `PORT`, `unix:PATH` and `systemd[:NAME]`; nil if it is none of these.
    public init?(_ text: some StringProtocol) {
        if text == "systemd" {
            self = .systemd(name: nil)
        } else if text.hasPrefix("systemd:") {
            self = .systemd(name: String(text.dropFirst(8)))
        } else if text.hasPrefix("unix:") {
            let path = text.dropFirst(5)
            guard !path.isEmpty, path.utf8.count < 104, !path.utf8.contains(0) else { return nil }
            self = .unix(path: String(path))
        } else {
            guard let colon = text.lastIndex(of: ":") else {
                guard let port = Self.port(text) else { return nil }
                self = .internet(host: "127.0.0.1", port: port)
                return
            }
            guard let port = Self.port(text[text.index(after: colon)...]) else { return nil }
            var host = text[..<colon]
            if host.hasPrefix("["), host.hasSuffix("]") {
                host = host.dropFirst().dropLast()
            } else if host.contains(":") {
                return nil
            }
            self = .internet(host: host.isEmpty ? "0.0.0.0" : String(host), port: port)
        }
    }

    private static func port(_ text: some StringProtocol) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return UInt16(text).map(Int.init)
    }
}

extension ListenAddress: CustomStringConvertible {
    public var description: String {
        switch self {
        case .internet(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        case .systemd(let name): name.map { "systemd:\($0)" } ?? "systemd"
        }
    }
}
