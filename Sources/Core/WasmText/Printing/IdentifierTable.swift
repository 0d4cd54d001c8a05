// Identifiers for the things of one index space, made from their names. Names need not differ from each other, nor be
// anything that an identifier can be; identifiers must. Where the two differ, an annotation keeps the name.

import InternalUtilities
package import WasmBinary

/// How the indices of one space are written.
package struct IdentifierTable: Sendable {
    private var spellings: [UInt32: String] = [:]
    /// The names that their identifiers do not tell.
    private var annotations: [UInt32: String] = [:]

    /// - Parameter count: how many things there are; names of others are left out.
    package init(_ names: NameMap, count: Int) {
        var taken: Set<ExactString> = []
        for association in names.associations where Int(association.index) < count {
            var name = association.name
            if name.isEmpty {
                annotations[association.index] = name
                continue
            }
            if !taken.insert(ExactString(name)).inserted {
                annotations[association.index] = name
                name += "#\(association.index)"
                while !taken.insert(ExactString(name)).inserted { name += "#" }
            }
            spellings[association.index] = TextWriter.identifier(name)
        }
    }

    /// A use: the identifier, or the number.
    package func reference(_ index: UInt32) -> String {
        spellings[index] ?? String(index)
    }

    func hasName(_ index: UInt32) -> Bool {
        spellings[index] != nil || annotations[index] != nil
    }

    /// What stands behind the keyword where the thing is defined: identifier and annotation, each after a blank; empty if
    /// there is no name.
    package func binding(_ index: UInt32) -> String {
        var text = spellings[index].map { " " + $0 } ?? ""
        if let name = annotations[index] { text += " (@name \(TextWriter.quoted(name)))" }
        return text
    }
}
