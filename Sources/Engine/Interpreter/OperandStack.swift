// The operand stack during translation: not values, but where each value is.
//
// Every operand has a home, the slot that its height on the stack gives it. A value that an instruction computed lies
// there. A local that was read or a constant is only noted, and is copied to its home when something needs it there: at
// a call, at a branch that carries values, or when the local is about to change.

import InternalUtilities

/// Where an operand is.
struct Operand: BitwiseCopyable {
    enum Location: UInt8, BitwiseCopyable {
        /// In its home slot.
        case home
        /// Still in a local's slot, `payload`.
        case local
        /// Nowhere yet: the constant whose bits are `payload`.
        case constant
        /// Nowhere yet: the i32 sum of a local's slot (the lower 16 bits of `payload`) and a constant (the upper 32).
        case sum
    }

    var location: Location
    /// A vector: takes two slots.
    var isWide: Bool
    var home: UInt16
    var payload: UInt64

    /// The slot to read it from; for a constant, the home that it must be put into first.
    var slot: UInt16 {
        location == .local ? UInt16(truncatingIfNeeded: payload) : home
    }

    /// The local's slot that the value depends on; nil if it depends on none.
    var localSlot: UInt16? {
        location == .local || location == .sum ? UInt16(truncatingIfNeeded: payload) : nil
    }

    /// The constant of a sum.
    var addend: UInt32 { UInt32(truncatingIfNeeded: payload >> 32) }
}

struct OperandStack: ~Copyable {
    private var operands = PlainStack<Operand>(capacity: 64)
    /// The home of the next operand.
    private(set) var nextHome: Int
    /// How many operands depend on locals.
    private(set) var localCount = 0
    /// The highest slot that any operand had, exclusive.
    private(set) var highestSlot: Int

    init(firstHome: Int) {
        nextHome = firstHome
        highestSlot = firstHome
    }

    var count: Int { operands.count }

    subscript(position: Int) -> Operand { operands[position] }

    private mutating func push(_ location: Operand.Location, isWide: Bool, payload: UInt64) -> UInt16 {
        let home = UInt16(truncatingIfNeeded: nextHome)
        operands.push(Operand(location: location, isWide: isWide, home: home, payload: payload))
        nextHome += isWide ? 2 : 1
        if nextHome > highestSlot { highestSlot = nextHome }
        return home
    }

    /// Pushes a value that is, or will be, in its home; returns the home.
    @discardableResult
    mutating func pushHome(isWide: Bool = false) -> UInt16 {
        push(.home, isWide: isWide, payload: 0)
    }

    mutating func pushLocal(_ slot: UInt16, isWide: Bool) {
        localCount += 1
        _ = push(.local, isWide: isWide, payload: UInt64(slot))
    }

    mutating func pushSum(_ slot: UInt16, _ addend: UInt32) {
        localCount += 1
        _ = push(.sum, isWide: false, payload: UInt64(slot) | UInt64(addend) << 32)
    }

    mutating func pushConstant(_ bits: UInt64) {
        _ = push(.constant, isWide: false, payload: bits)
    }

    mutating func pop() throws(TranslationDefect) -> Operand {
        guard let operand = operands.pop() else { throw TranslationDefect() }
        nextHome = Int(operand.home)
        if operand.localSlot != nil { localCount -= 1 }
        return operand
    }

    mutating func pop(_ count: Int) throws(TranslationDefect) {
        for _ in 0..<count { _ = try pop() }
    }

    /// Makes the frame reach over a slot that is used without an operand in it.
    mutating func reserve(_ slot: UInt16) {
        highestSlot = max(highestSlot, Int(slot) + 1)
    }

    /// Notes that the operand was copied to its home.
    mutating func settle(_ position: Int) {
        if operands[position].localSlot != nil { localCount -= 1 }
        var operand = operands[position]
        operand.location = .home
        operands[position] = operand
    }

    mutating func truncate(to count: Int) throws(TranslationDefect) {
        guard count <= operands.count else { throw TranslationDefect() }
        try pop(operands.count - count)
    }
}

/// The translator met what validation excludes: a defect of ours, which ends the guest that called the function.
struct TranslationDefect: Error {}
