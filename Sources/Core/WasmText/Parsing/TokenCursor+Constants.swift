// Constants, as instructions and scripts have them (core specification, section 6.5.9).

/// The lanes that a vector is written by.
package struct VectorShape: Hashable, Sendable {
    /// Of a lane, in bits.
    var width: Int
    var isFloat: Bool

    var laneCount: Int { 128 / width }

    init?(_ keyword: Keyword?) {
        switch keyword {
        case .i8x16: (width, isFloat) = (8, false)
        case .i16x8: (width, isFloat) = (16, false)
        case .i32x4: (width, isFloat) = (32, false)
        case .i64x2: (width, isFloat) = (64, false)
        case .f32x4: (width, isFloat) = (32, true)
        case .f64x2: (width, isFloat) = (64, true)
        default: return nil
        }
    }
}

extension TokenCursor {
    /// Whether the current token is a number of any kind.
    var isNumber: Bool {
        switch current.kind {
        case .natural, .integer, .float: true
        default: false
        }
    }

    /// The bits of an integer.
    mutating func takeInteger(width: Int) throws(TextError) -> UInt64 {
        let token = current
        guard token.kind == .natural || token.kind == .integer else { throw unexpected("an integer") }
        guard let bits = NumberLiteral.bits(text.characters(of: token), width: width) else {
            throw error("constant out of range of i\(width)", at: token)
        }
        position += 1
        return bits
    }

    /// The bits of a floating-point number.
    mutating func takeFloat(_ format: FloatFormat) throws(TextError) -> UInt64 {
        let token = current
        guard isNumber else { throw unexpected("a number") }
        guard let bits = FloatLiteral.bits(text.characters(of: token), format: format) else {
            throw error("constant out of range of \(format == .f32 ? "f32" : "f64")", at: token)
        }
        position += 1
        return bits
    }

    mutating func takeLane(_ shape: VectorShape) throws(TextError) -> UInt64 {
        shape.isFloat ? try takeFloat(shape.width == 32 ? .f32 : .f64) : try takeInteger(width: shape.width)
    }

    /// A shape and its lanes, as the vector's lower and upper half.
    mutating func takeVector() throws(TextError) -> (low: UInt64, high: UInt64) {
        guard let shape = VectorShape(keyword()) else { throw unexpected("the shape of a vector") }
        position += 1
        let first = current
        var halves: [UInt64] = [0, 0]
        var count = 0
        while isNumber {
            let lane = try takeLane(shape)
            let offset = count * shape.width
            if offset < 128 { halves[offset / 64] |= lane << UInt64(offset % 64) }
            count += 1
        }
        guard count == shape.laneCount else {
            throw error("wrong number of lane literals: \(count), expected \(shape.laneCount)", at: first)
        }
        return (halves[0], halves[1])
    }
}
