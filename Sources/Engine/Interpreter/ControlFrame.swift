// What the translator keeps of a block that it is inside of.

import Execution
import WasmBinary
import WasmTypes

struct ControlFrame: BitwiseCopyable {
    enum Kind: UInt8, BitwiseCopyable {
        case function
        case block
        case loop
        case ifThen
        case ifElse
        case tryTable
        /// The body of a `try` of the legacy exceptions.
        case legacyTry
        /// A `catch` or `catch_all` of a `try`.
        case legacyCatch
    }

    var kind: Kind
    /// The block type's index; `noType` where it has none.
    var typeIndex: UInt32
    /// Whether the one result of a block without a type index is a vector.
    var hasWideResult: Bool
    var parameterCount: Int
    var resultCount: Int
    /// The operand stack's height below the block's parameters.
    var height: Int
    /// The home of the block's first parameter or result.
    var firstHome: Int
    /// Branches to the block's end; unused for a loop.
    var end = PendingBranches()
    /// The branch over the first arm of an `if`.
    var otherwise = PendingBranches()
    /// Where a loop's body begins, or that of a `try` or `try_table`.
    var start = 0
    /// The clauses of a `try_table`, in the translator's list of them.
    var firstClause = 0
    var clauseCount = 0
    /// Where the body of a `try` ends.
    var bodyEnd = 0
    /// The place of a `catch`'s handler in the translator's list of them.
    var handler = 0

    static let noType = UInt32.max

    /// How many values a branch to this block's label carries.
    var labelCount: Int { kind == .loop ? parameterCount : resultCount }

    init(kind: Kind, type: BlockType, parameterCount: Int, resultCount: Int, height: Int, firstHome: Int) {
        self.kind = kind
        typeIndex = Self.noType
        hasWideResult = false
        switch type {
        case .empty: break
        case .value(let type): hasWideResult = type.isVector
        case .type(let index): typeIndex = index.rawValue
        }
        self.parameterCount = parameterCount
        self.resultCount = resultCount
        self.height = height
        self.firstHome = firstHome
    }
}
