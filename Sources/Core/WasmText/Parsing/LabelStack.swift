// The labels of the blocks that are open (core specification, section 6.3.5): an identifier means the innermost block that
// has it.

/// Open blocks and their identifiers. Every operation takes constant time, whatever the depth.
struct LabelStack: Sendable {
    private struct Label: Sendable {
        var symbol: UInt32?
        /// The depth of the block that the symbol meant before; 0 for none.
        var shadowed: Int
    }

    private var labels: [Label] = []
    /// The depth, counted from 1, of the innermost block with a symbol; 0 for none.
    private var depths: [UInt32: Int] = [:]

    var count: Int { labels.count }

    mutating func push(_ symbol: UInt32?) {
        var shadowed = 0
        if let symbol { shadowed = depths.updateValue(labels.count + 1, forKey: symbol) ?? 0 }
        labels.append(Label(symbol: symbol, shadowed: shadowed))
    }

    mutating func pop() {
        guard let label = labels.popLast(), let symbol = label.symbol else { return }
        if label.shadowed == 0 { depths[symbol] = nil } else { depths[symbol] = label.shadowed }
    }

    /// How many blocks out the block with this symbol is; nil if there is none.
    func index(of symbol: UInt32) -> UInt32? {
        guard let depth = depths[symbol] else { return nil }
        return UInt32(truncatingIfNeeded: labels.count - depth)
    }
}

/// What is open in a body: a block, a folded instruction, or a part of one.
struct BodyFrame {
    enum Kind {
        // Blocks that end with `end`.
        case block
        /// Between `if` and `else`.
        case then
        case otherwise
        /// Between `try` and its first `catch` or `delegate`.
        case attempt
        case handler
        case handlerOfAll
        // What ends with a parenthesis.
        /// A plain instruction, whose operands are being read.
        case foldedPlain
        case foldedBlock
        /// An `if` before its `then`.
        case foldedIf
        case foldedIfAfterThen
        case foldedIfAfterElse
        /// A `try` before its `do`.
        case foldedTry
        case foldedTryAfterDo
        case foldedTryAfterCatch
        case foldedTryAfterCatchAll
        case foldedTryAfterDelegate
        /// `then`, `else`, `do`, `catch` or `catch_all`.
        case clause
    }

    var kind: Kind
    /// The block's own label.
    var symbol: UInt32?
    /// The name of that label, where it is not in scope yet.
    var name: String?
    /// Where the frame's part of `ModuleParser.pending` begins.
    var pendingStart = 0
    var branchHint: UInt8?
}
