// What a component exports, by name: how a host finds out which world it is of.

import ComponentBinary
import ComponentTypes

extension CompiledComponent {
    /// The names of what the component exports, in order.
    public var exportNames: [String] { binary.type.exports.declarations.map(\.name.text) }

    /// Whether an export serves a name by the version rule.
    public func exports(_ name: String) -> Bool { VersionedNames(exportNames).match(name) != nil }
}
