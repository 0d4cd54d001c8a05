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
    package var isNumber: Bool {
        switch current.kind {
        case .natural, .integer, .float: true
        default: false
        }
    }

    /// The bits of an integer.
    package mutating func takeInteger(width: Int) throws(TextError) -> UInt64 {
        let token = current
        guard token.kind == .natural || token.kind == .integer else { throw unexpected("an integer") }
        guard let bits = NumberLiteral.bits(text.characters(of: token), width: width) else {
            throw error("constant out of range of i\(width)", at: token)
        }
        position += 1
        return bits
    }

    /// The bits of a floating-point number.
    package mutating func takeFloat(_ format: FloatFormat) throws(TextError) -> UInt64 {
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

    /// Refuses a run of characters that is no token at all, before what is missing without it is complained about.
    func refuseReserved() throws(TextError) {
        if current.kind == .reserved || (current.kind == .keyword && current.payload == 0) { throw unexpected() }
    }

    /// A shape and its lanes, as the vector's lower and upper half.
    mutating func takeVector() throws(TextError) -> (low: UInt64, high: UInt64) {
        let shape = try takeShape()
        try checkLaneCount(shape) { cursor in cursor.isNumber }
        var halves: [UInt64] = [0, 0]
        for lane in 0..<shape.laneCount {
            let offset = lane * shape.width
            halves[offset / 64] |= try takeLane(shape) << UInt64(offset % 64)
        }
        return (halves[0], halves[1])
    }

    mutating func takeShape() throws(TextError) -> VectorShape {
        guard let shape = VectorShape(keyword()) else { throw unexpected("the shape of a vector") }
        position += 1
        return shape
    }

    /// Checks that as many lanes follow as the shape has, before any of them is looked at.
    func checkLaneCount(_ shape: VectorShape, isLane: (TokenCursor) -> Bool) throws(TextError) {
        var ahead = self
        while isLane(ahead) { ahead.position += 1 }
        try ahead.refuseReserved()
        let count = ahead.position - position
        guard count == shape.laneCount else {
            throw error("wrong number of lane literals: \(count), expected \(shape.laneCount)", at: current)
        }
    }
}
