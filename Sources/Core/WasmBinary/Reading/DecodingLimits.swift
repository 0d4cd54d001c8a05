// What this implementation takes at most (core specification, appendix "Implementation Limitations"). The numbers are
// those that WebAssembly engines have agreed on for the web, so that a module that loads elsewhere loads here.

/// Limits on the static size of a module.
@usableFromInline
package enum DecodingLimits {
    @inlinable package static var moduleSize: Int { 1 << 30 }
    @inlinable package static var types: Int { 1_000_000 }
    @inlinable package static var recursionGroups: Int { 1_000_000 }
    @inlinable package static var recursionGroupSize: Int { 1_000_000 }
    @inlinable package static var subtypingDepth: Int { 63 }
    @inlinable package static var functions: Int { 1_000_000 }
    @inlinable package static var imports: Int { 1_000_000 }
    @inlinable package static var exports: Int { 1_000_000 }
    @inlinable package static var globals: Int { 1_000_000 }
    @inlinable package static var tags: Int { 1_000_000 }
    @inlinable package static var tables: Int { 100 }
    @inlinable package static var memories: Int { 100 }
    @inlinable package static var dataSegments: Int { 100_000 }
    @inlinable package static var elementSegments: Int { 100_000 }
    @inlinable package static var elementSegmentItems: Int { 10_000_000 }
    @inlinable package static var functionParameters: Int { 1_000 }
    @inlinable package static var functionResults: Int { 1_000 }
    @inlinable package static var structureFields: Int { 10_000 }
    /// Operands of an `array.new_fixed`.
    @inlinable package static var fixedArrayElements: Int { 10_000 }
    @inlinable package static var functionLocals: Int { 50_000 }
    /// In bytes.
    @inlinable package static var functionSize: Int { 7_654_321 }
    /// In bytes, of a name of an import, an export or a custom section.
    @inlinable package static var nameSize: Int { 100_000 }
    @inlinable package static var branchTableSize: Int { 7_654_321 }
    @inlinable package static var catchClauses: Int { 10_000 }
    /// Blocks in blocks.
    @inlinable package static var blockDepth: Int { 100_000 }
    @inlinable package static var customSections: Int { 100_000 }
    /// Values on the operand stack of a function.
    @inlinable package static var operandStackDepth: Int { 1_000_000 }
}
