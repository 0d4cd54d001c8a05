// The `producers` section (tool conventions, "ProducersSection.md"): which tools made a module.

package import InternalUtilities

extension BinaryModule {
    /// A tool or language that had a part in making a module.
    package struct Producer: Hashable, Sendable {
        /// "language", "processed-by" or "sdk".
        package var field: String
        package var name: String
        package var version: String
    }

    /// What the producers section says; what of it cannot be read is left out.
    package func producers() -> [Producer] {
        guard let section = customSections.first(where: { $0.name == "producers" }) else { return [] }
        return Self.producers(in: section.bytes, of: source)
    }

    /// What a producers section says, of whatever it is a section.
    package static func producers(in section: ByteExtent, of source: ByteSource) -> [Producer] {
        var producers: [Producer] = []
        var reader = ByteReader(source.bytes, extent: section)
        do {
            for _ in 0..<Int(try reader.readVarUInt32()) {
                let field = try reader.readName()
                for _ in 0..<Int(try reader.readVarUInt32()) {
                    let name = try reader.readName()
                    producers.append(Producer(field: field, name: name, version: try reader.readName()))
                }
            }
        } catch {}
        return producers
    }
}
