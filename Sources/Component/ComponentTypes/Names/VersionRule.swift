// Which of several versions of an interface serves a name.
//
// An exact name serves itself. Otherwise the highest version on the same track (`@major`, or `@0.minor`) serves; a
// pre-release and `0.0.x` are served by themselves only. Imports look for what the host offers, and a host looks for
// what a component exports, by this same rule.

/// Names that are offered, ready to be looked up.
public struct VersionedNames: Sendable {
    private struct TrackKey: Hashable {
        var unversioned: String
        var track: SemanticVersion.Track
    }

    /// The names in the order in which they were given.
    public let names: [String]
    private var exact: [String: Int] = [:]
    private var highest: [TrackKey: (position: Int, version: SemanticVersion)] = [:]
    private var interfaces: [String: [(position: Int, version: SemanticVersion?)]] = [:]

    /// Names that are not interface names are found by equality alone. Of equal names the first one counts.
    public init(_ names: some Sequence<String>) {
        self.names = Array(names)
        for (position, name) in self.names.enumerated() where exact[name] == nil {
            exact[name] = position
            guard let interface = try? InterfaceName(parsing: name) else { continue }
            interfaces[interface.unversioned, default: []].append((position, interface.version))
            guard let version = interface.version, let track = version.track else { continue }
            let key = TrackKey(unversioned: interface.unversioned, track: track)
            if let other = highest[key], other.version >= version { continue }
            highest[key] = (position, version)
        }
    }

    /// The position in `names` of the one that serves `name`; nil if none does.
    public func match(_ name: String) -> Int? {
        if let position = exact[name] { return position }
        guard let interface = try? InterfaceName(parsing: name), let track = interface.version?.track else { return nil }
        return highest[TrackKey(unversioned: interface.unversioned, track: track)]?.position
    }

    /// The position of the same interface in the version closest to the wanted one, though it does not serve; for the
    /// text of an error. nil if the interface is not offered in any version.
    public func nearest(_ name: String) -> Int? {
        guard let interface = try? InterfaceName(parsing: name),
            let candidates = interfaces[interface.unversioned]
        else { return nil }
        guard let wanted = interface.version else {
            return candidates.max { ($0.version ?? SemanticVersion(0)) < ($1.version ?? SemanticVersion(0)) }?.position
        }
        func distance(_ version: SemanticVersion?) -> (UInt64, UInt64, UInt64) {
            guard let version else { return (.max, .max, .max) }
            func difference(_ a: UInt64, _ b: UInt64) -> UInt64 { a > b ? a - b : b - a }
            return (
                difference(version.major, wanted.major), difference(version.minor ?? 0, wanted.minor ?? 0),
                difference(version.patch ?? 0, wanted.patch ?? 0)
            )
        }
        return candidates.min { distance($0.version) < distance($1.version) }?.position
    }
}
