// What is said when a guest asks for a host that it was not granted: once for each, with the option that would grant it.

import Synchronization
import WASIHTTP

/// Reports denied requests, each host once.
final class DenialReport: Sendable {
    private let seen = Mutex(Set<String>())
    private let report: @Sendable (String) -> Void

    /// A guest that tries one name after another is not worth a line for each.
    private static let most = 50

    /// - Parameter report: takes a line of text. It runs on the guest's thread or fiber.
    init(_ report: @escaping @Sendable (String) -> Void) {
        self.report = report
    }

    /// Of a host that is not granted.
    func denied(_ host: String, _ port: UInt16) {
        let name = host.contains(":") ? "[\(host)]" : host
        say(about: "\(host):\(port)", "the guest may not make requests to \(name):\(port); --allow-http \(name) would allow it")
    }

    /// Of a host that is granted, and leads to an address that is not.
    func prohibited(_ host: String, _ address: NetworkAddress) {
        say(
            about: "\(host) \(address)",
            "the guest may not make requests to \(host), which leads to the local address \(address); --allow-http \(host) would allow it"
        )
    }

    private func say(about key: String, _ text: String) {
        let count: Int? = seen.withLock { seen in
            guard seen.count <= Self.most, seen.insert(key).inserted else { return nil }
            return seen.count
        }
        guard let count else { return }
        report(count > Self.most ? "more hosts were denied to the guest, and are not listed" : text)
    }
}
