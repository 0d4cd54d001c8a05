// Which application answers a request: by the host that it is for, then by the beginning of its path.

import Synchronization

/// The requests that an application is to answer.
public struct Route: Hashable, Sendable {
    /// In lower case, without a port; `*.example.com` stands for all names beneath it. Nil for any.
    public var host: String?

    /// Whole segments of the path, beginning with `/`. The path is passed to the guest as it came.
    public var prefix: String

    public init(host: String? = nil, prefix: String = "/") {
        self.host = host?.lowercased()
        self.prefix = prefix.hasPrefix("/") ? prefix : "/" + prefix
    }

    func matches(host: String?, path: Substring) -> Bool {
        if let wanted = self.host {
            guard let host else { return false }
            if wanted.hasPrefix("*.") {
                guard host.hasSuffix(wanted.dropFirst()), host.utf8.count >= wanted.utf8.count else { return false }
            } else if wanted != host {
                return false
            }
        }
        if prefix == "/" { return true }
        let stem = prefix.hasSuffix("/") ? prefix.dropLast() : prefix[...]
        guard path.hasPrefix(stem) else { return false }
        let rest = path.dropFirst(stem.count)
        return rest.isEmpty || rest.first == "/"
    }

    /// More is more particular: a host before none, an exact one before a wildcard, a longer prefix before a shorter one.
    fileprivate var rank: (Int, Int) {
        (host.map { $0.hasPrefix("*.") ? 1 : 2 } ?? 0, prefix.utf8.count)
    }
}

/// Finds applications by routes. Any thread may use it; applications are replaced while requests come.
public final class Router: Sendable {
    private let routes: Mutex<[(route: Route, application: Application)]>

    public init(_ routes: [(route: Route, application: Application)]) {
        self.routes = Mutex(Self.ordered(routes))
    }

    /// Puts new routes in the place of all that there were.
    public func replace(_ routes: [(route: Route, application: Application)]) {
        let ordered = Self.ordered(routes)
        self.routes.withLock { $0 = ordered }
    }

    /// Puts an application in the place of another, on all its routes.
    public func replace(_ old: Application, with new: Application) {
        routes.withLock { routes in
            for index in routes.indices where routes[index].application === old { routes[index].application = new }
        }
    }

    func application(for head: RequestHead) -> Application? {
        let routes = routes.withLock { $0 }
        // One application for everything is the common case.
        if let only = routes.first, routes.count == 1, only.route.host == nil, only.route.prefix == "/" {
            return only.application
        }
        let host = head.host
        let path = head.path
        return routes.first { $0.route.matches(host: host, path: path) }?.application
    }

    private static func ordered(
        _ routes: [(route: Route, application: Application)]
    ) -> [(route: Route, application: Application)] {
        routes.sorted { $0.route.rank > $1.route.rank }
    }
}
