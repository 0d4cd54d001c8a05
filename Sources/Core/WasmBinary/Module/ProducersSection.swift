// The `producers` section (tool conventions, "ProducersSection.md"): which tools made a module.

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
        var producers: [Producer] = []
        var reader = reader(of: section.bytes)
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
