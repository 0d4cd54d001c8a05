// Subtyping of core modules and what they import and export (core specification, section 3.5, without the subtyping of
// references).

import ComponentTypes
import InternalUtilities
import WasmTypes

extension Subtyping {
    /// A module may import less than expected and export more.
    func check(_ a: CoreModuleType, fits b: CoreModuleType) throws(TypeMismatch) {
        if a === b { return }
        try effort.charge(a.imports.count + b.imports.count + b.exports.count)
        var allowed: [CoreImportName: CoreExternType] = [:]
        for item in b.imports { allowed[CoreImportName(item)] = item.type }
        for needed in a.imports {
            guard let supplied = allowed[CoreImportName(needed)] else {
                throw TypeMismatch("missing expected import `\(needed.module)::\(needed.name)`")
            }
            do throws(TypeMismatch) { try Self.check(supplied, fits: needed.type) } catch {
                throw error.within("type mismatch in import `\(needed.module)::\(needed.name)`")
            }
        }
        for expected in b.exports {
            guard let actual = a.export(named: expected.name) else {
                throw TypeMismatch("missing expected export `\(expected.name)`")
            }
            do throws(TypeMismatch) { try Self.check(actual, fits: expected.type) } catch {
                throw error.within("type mismatch in export `\(expected.name)`")
            }
        }
    }

    static func check(_ actual: CoreExternType, fits expected: CoreExternType) throws(TypeMismatch) {
        switch (actual, expected) {
        case (.function(let a), .function(let b)), (.tag(let a), .tag(let b)):
            guard a == b else { throw TypeMismatch("expected: \(b.text)\nfound:    \(a.text)") }
        case (.table(let a), .table(let b)):
            guard a.elementType == b.elementType else {
                throw TypeMismatch("expected table element type \(b.elementType), found \(a.elementType)")
            }
            guard a.addressType == b.addressType else {
                throw TypeMismatch("mismatch in index type used for tables")
            }
            guard a.limits.fit(b.limits) else { throw TypeMismatch("mismatch in table limits") }
        case (.memory(let a), .memory(let b)): try check(a, fits: b)
        case (.global(let a), .global(let b)):
            guard a.isMutable == b.isMutable else { throw TypeMismatch("global types differ in mutability") }
            guard a.valueType == b.valueType else {
                throw TypeMismatch("expected global type \(b.valueType), found \(a.valueType)")
            }
        default: throw TypeMismatch("expected \(expected.sortName), found \(actual.sortName)")
        }
    }

    static func check(_ a: MemoryType, fits b: MemoryType) throws(TypeMismatch) {
        guard a.isShared == b.isShared else { throw TypeMismatch("mismatch in the shared flag for memories") }
        guard a.addressType == b.addressType else {
            throw TypeMismatch("mismatch in index type used for memories")
        }
        guard a.pageSizeLog2 == b.pageSizeLog2 else { throw TypeMismatch("mismatch in page size for memories") }
        guard a.limits.fit(b.limits) else { throw TypeMismatch("mismatch in memory limits") }
    }
}

/// The two names of a core import.
struct CoreImportName: Hashable {
    let module: ExactString
    let name: ExactString

    init(_ item: CoreModuleType.Import) {
        module = ExactString(item.module)
        name = ExactString(item.name)
    }
}

extension Limits {
    func fit(_ expected: Limits) -> Bool {
        guard minimum >= expected.minimum else { return false }
        guard let bound = expected.maximum else { return true }
        return maximum.map { $0 <= bound } ?? false
    }
}

extension CoreExternType {
    var sortName: String {
        switch self {
        case .function: "func"
        case .table: "table"
        case .memory: "memory"
        case .global: "global"
        case .tag: "tag"
        }
    }
}

extension FunctionType {
    /// As the text format writes it.
    var text: String {
        var text = "(func"
        if !parameters.isEmpty { text += " (param \(parameters.map(\.description).joined(separator: " ")))" }
        if !results.isEmpty { text += " (result \(results.map(\.description).joined(separator: " ")))" }
        return text + ")"
    }
}
