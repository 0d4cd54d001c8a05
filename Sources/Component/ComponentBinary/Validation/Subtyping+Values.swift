// Equality of value and function types, with the place of the difference.
//
// The specification foresees subtyping here for the future; until it is defined, types must be equal, parameter names
// included.

import ComponentTypes

extension Subtyping {
    func check(_ a: ComponentFunctionType, equals b: ComponentFunctionType) throws(TypeMismatch) {
        if a === b { return }
        guard a.isAsync == b.isAsync else {
            throw TypeMismatch(b.isAsync ? "expected an async func, found a sync one" : "expected a sync func, found an async one")
        }
        guard a.parameters.count == b.parameters.count else {
            throw TypeMismatch("expected \(b.parameters.count) parameters, found \(a.parameters.count)")
        }
        for (actual, expected) in zip(a.parameters, b.parameters) {
            guard actual.name == expected.name else {
                throw TypeMismatch("expected parameter named `\(expected.name)`, found `\(actual.name)`")
            }
            try check(actual.type, equals: expected.type, in: "type mismatch in function parameter `\(actual.name)`")
        }
        switch (a.result, b.result) {
        case (let actual?, let expected?): try check(actual, equals: expected, in: "type mismatch with result type")
        case (nil, nil): break
        case (.some, nil): throw TypeMismatch("expected a result, found none")
        case (nil, .some): throw TypeMismatch("expected no result, found one")
        }
    }

    private func check(
        _ a: ComponentValueType, equals b: ComponentValueType, in context: @autoclosure () -> String
    ) throws(TypeMismatch) {
        do throws(TypeMismatch) { try check(a, equals: b) } catch { throw error.within(context()) }
    }

    func check(_ a: ComponentValueType, equals b: ComponentValueType) throws(TypeMismatch) {
        if let node = a.node, node === b.node { return }
        switch (a, b) {
        case (.record(let a), .record(let b)):
            guard a.fields.count == b.fields.count else {
                throw TypeMismatch("expected \(b.fields.count) fields, found \(a.fields.count)")
            }
            for (actual, expected) in zip(a.fields, b.fields) {
                guard actual.name == expected.name else {
                    throw TypeMismatch("expected field name `\(expected.name)`, found `\(actual.name)`")
                }
                try check(actual.type, equals: expected.type, in: "type mismatch in record field `\(actual.name)`")
            }
        case (.variant(let a), .variant(let b)):
            try check(a, equals: b)
        case (.list(let x), .list(let y)):
            guard x.isMap == y.isMap else { throw TypeMismatch("expected \(b.kindName), found \(a.kindName)") }
            try check(x.element, equals: y.element)
        case (.fixedLengthList(let a), .fixedLengthList(let b)):
            guard a.length == b.length else {
                throw TypeMismatch("expected fixed-length list of \(b.length) elements, found one of \(a.length)")
            }
            try check(a.element, equals: b.element)
        case (.stream(let x), .stream(let y)), (.future(let x), .future(let y)):
            switch (x.element, y.element) {
            case (nil, nil): break
            case (let actual?, let expected?): try check(actual, equals: expected, in: "type mismatch in \(a.kindName)")
            case (nil, .some): throw TypeMismatch("expected \(a.kindName) type, but found none")
            case (.some, nil): throw TypeMismatch("expected \(a.kindName) type to not be present")
            }
        case (.tuple(let a), .tuple(let b)):
            guard a.elements.count == b.elements.count else {
                throw TypeMismatch("expected \(b.elements.count) types, found \(a.elements.count)")
            }
            for (position, (actual, expected)) in zip(a.elements, b.elements).enumerated() {
                try check(actual, equals: expected, in: "type mismatch in tuple field \(position)")
            }
        case (.flags(let a), .flags(let b)):
            guard a.labels == b.labels else { throw TypeMismatch("mismatch in flags elements") }
        case (.enumeration(let a), .enumeration(let b)):
            guard a.labels == b.labels else { throw TypeMismatch("mismatch in enum elements") }
        case (.option(let a), .option(let b)): try check(a.payload, equals: b.payload)
        case (.result(let a), .result(let b)):
            try check(a.success, equals: b.success, "ok")
            try check(a.failure, equals: b.failure, "err")
        case (.own(let a), .own(let b)), (.borrow(let a), .borrow(let b)):
            guard a == b else { throw TypeMismatch("resource types are not the same") }
        default:
            if a.isPrimitive, b.isPrimitive {
                guard a == b else {
                    throw TypeMismatch("expected primitive `\(b.kindName)` found primitive `\(a.kindName)`")
                }
            } else {
                throw TypeMismatch("expected \(b.kindName), found \(a.kindName)")
            }
        }
    }

    private func check(_ a: VariantType, equals b: VariantType) throws(TypeMismatch) {
        guard a.cases.count == b.cases.count else {
            throw TypeMismatch("expected \(b.cases.count) cases, found \(a.cases.count)")
        }
        for (actual, expected) in zip(a.cases, b.cases) {
            guard actual.name == expected.name else {
                throw TypeMismatch("expected case named `\(expected.name)`, found `\(actual.name)`")
            }
            switch (actual.type, expected.type) {
            case (let x?, let y?): try check(x, equals: y, in: "type mismatch in variant case `\(actual.name)`")
            case (nil, nil): break
            case (nil, .some): throw TypeMismatch("expected case `\(actual.name)` to have a type, found none")
            case (.some, nil): throw TypeMismatch("expected case `\(actual.name)` to have no type")
            }
        }
    }

    private func check(_ a: ComponentValueType?, equals b: ComponentValueType?, _ part: String) throws(TypeMismatch) {
        switch (a, b) {
        case (let a?, let b?): try check(a, equals: b, in: "type mismatch in \(part) variant")
        case (nil, nil): break
        case (nil, .some): throw TypeMismatch("expected \(part) type, but found none")
        case (.some, nil): throw TypeMismatch("expected \(part) type to not be present")
        }
    }
}

extension ComponentValueType {
    var isPrimitive: Bool {
        switch self {
        case .bool, .s8, .u8, .s16, .u16, .s32, .u32, .s64, .u64, .f32, .f64, .char, .string, .errorContext: true
        default: false
        }
    }

    /// The type's constructor, as the text format calls it.
    var kindName: String {
        switch self {
        case .bool: "bool"
        case .s8: "s8"
        case .u8: "u8"
        case .s16: "s16"
        case .u16: "u16"
        case .s32: "s32"
        case .u32: "u32"
        case .s64: "s64"
        case .u64: "u64"
        case .f32: "f32"
        case .f64: "f64"
        case .char: "char"
        case .string: "string"
        case .record: "record"
        case .variant: "variant"
        case .list(let type): type.isMap ? "map" : "list"
        case .fixedLengthList: "fixed-length list"
        case .stream: "stream"
        case .future: "future"
        case .errorContext: "error-context"
        case .tuple: "tuple"
        case .flags: "flags"
        case .enumeration: "enum"
        case .option: "option"
        case .result: "result"
        case .own: "own"
        case .borrow: "borrow"
        }
    }
}
