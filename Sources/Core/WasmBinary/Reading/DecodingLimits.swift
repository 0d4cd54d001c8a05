// What this implementation takes at most (core specification, appendix "Implementation Limitations"). The numbers are
// those that WebAssembly engines have agreed on for the web, so that a module that loads elsewhere loads here.

/// Limits on the static size of a module.
package enum DecodingLimits {
    package static let moduleSize = 1 << 30
    package static let types = 1_000_000
    package static let recursionGroups = 1_000_000
    package static let recursionGroupSize = 1_000_000
    package static let subtypingDepth = 63
    package static let functions = 1_000_000
    package static let imports = 1_000_000
    package static let exports = 1_000_000
    package static let globals = 1_000_000
    package static let tags = 1_000_000
    package static let tables = 100
    package static let memories = 100
    package static let dataSegments = 100_000
    package static let elementSegments = 100_000
    package static let elementSegmentItems = 10_000_000
    package static let functionParameters = 1_000
    package static let functionResults = 1_000
    package static let functionLocals = 50_000
    /// In bytes.
    package static let functionSize = 7_654_321
    /// In bytes, of a name of an import, an export or a custom section.
    package static let nameSize = 100_000
    package static let branchTableSize = 7_654_321
    package static let catchClauses = 10_000
    /// Blocks in blocks.
    package static let blockDepth = 100_000
    package static let customSections = 100_000
    /// Values on the operand stack of a function.
    package static let operandStackDepth = 1_000_000
}
