// Arguments and expected results.

import WasmBinary
import WasmTypes

extension ScriptParser {
    mutating func takeArgument() throws(TextError) -> ScriptValue {
        if let value = try takeComponentValueIf() { return .component(value) }
        try cursor.takeLeftParenthesis()
        let token = cursor.take()
        let value: ScriptValue
        switch cursor.text.mnemonic(of: token)?.opcode {
        case .i32Const: value = .number(try cursor.takeInteger(width: 32))
        case .i64Const: value = .number(try cursor.takeInteger(width: 64))
        case .f32Const: value = .number(try cursor.takeFloat(.f32))
        case .f64Const: value = .number(try cursor.takeFloat(.f64))
        case .v128Const:
            let (low, high) = try cursor.takeVector()
            value = .vector(low: low, high: high)
        case .refNull:
            takeAbstractHeapTypeIf()
            value = .null
        default:
            switch cursor.text.keyword(of: token) {
            case .externReference, .hostReference: value = .externReference(try cursor.takeNatural32())
            default: throw cursor.text.unexpected(token, expected: "a constant")
            }
        }
        try cursor.takeRightParenthesis()
        return value
    }

    private mutating func takeAbstractHeapTypeIf() {
        if cursor.keyword()?.heapType != nil { cursor.position += 1 }
    }

    mutating func takeExpected() throws(TextError) -> ExpectedValue {
        guard cursor.takeGroupIf(.either) else { return try takePlainExpected() }
        var alternatives = [try takePlainExpected()]
        while cursor.current.kind == .leftParenthesis { alternatives.append(try takePlainExpected()) }
        try cursor.takeRightParenthesis()
        return .either(alternatives)
    }

    private mutating func takePlainExpected() throws(TextError) -> ExpectedValue {
        if let value = try takeComponentValueIf() { return .component(value) }
        try cursor.takeLeftParenthesis()
        let token = cursor.take()
        let value: ExpectedValue
        switch cursor.text.mnemonic(of: token)?.opcode {
        case .i32Const: value = .number(.bits(try cursor.takeInteger(width: 32)), bits: 32)
        case .i64Const: value = .number(.bits(try cursor.takeInteger(width: 64)), bits: 64)
        case .f32Const: value = .number(try takeFloatPattern(.f32), bits: 32)
        case .f64Const: value = .number(try takeFloatPattern(.f64), bits: 64)
        case .v128Const: value = try takeVectorPattern()
        case .refNull:
            takeAbstractHeapTypeIf()
            value = .null
        case .refFunc: value = .reference(.anything)
        case .refI31: value = .reference(.i31)
        case .refEq: value = .reference(.eq)
        default:
            switch cursor.text.keyword(of: token) {
            case .externReference, .hostReference:
                value = cursor.current.kind == .natural ? .externReference(try cursor.takeNatural32()) : .reference(.anything)
            case .structureReference: value = .reference(.structure)
            case .arrayReference: value = .reference(.array)
            case .anyReference: value = .reference(.any)
            case .ref, .exceptionReference: value = .reference(.anything)
            default: throw cursor.text.unexpected(token, expected: "a result")
            }
        }
        try cursor.takeRightParenthesis()
        return value
    }

    private mutating func takeFloatPattern(_ format: FloatFormat) throws(TextError) -> NumberPattern {
        if cursor.takeIf(.canonicalNaN) { return .canonicalNaN }
        if cursor.takeIf(.arithmeticNaN) { return .arithmeticNaN }
        return .bits(try cursor.takeFloat(format))
    }

    private mutating func takeVectorPattern() throws(TextError) -> ExpectedValue {
        let shape = try cursor.takeShape()
        try cursor.checkLaneCount(shape) { cursor in
            cursor.isNumber || cursor.isKeyword(.canonicalNaN) || cursor.isKeyword(.arithmeticNaN)
        }
        var lanes: [NumberPattern] = []
        for _ in 0..<shape.laneCount {
            if shape.isFloat {
                lanes.append(try takeFloatPattern(shape.width == 32 ? .f32 : .f64))
            } else {
                lanes.append(.bits(try cursor.takeInteger(width: shape.width)))
            }
        }
        return .vector(lanes, bits: shape.width)
    }
}
