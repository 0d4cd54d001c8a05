// Equality of types, their text, and values.

import ComponentTypes
import Testing

struct TypeTests {
    @Test func equality() throws {
        func record(_ name: String) throws -> ComponentValueType {
            .record(try RecordType(fields: [.init(name: name, type: .list(try ListType(element: .string)))]))
        }
        #expect(try record("a") == record("a"))
        #expect(try record("a") != record("b"))
        let a = ResourceTypeID.fresh()
        let b = ResourceTypeID.fresh()
        #expect(ComponentValueType.own(a) == .own(a))
        #expect(ComponentValueType.own(a) != .own(b))
        #expect(ComponentValueType.own(a) != .borrow(a))
        #expect(a.renamed() == a)
        let pair = try TupleType(elements: [.u8, .string])
        #expect(try ComponentValueType.list(ListType(key: .u8, value: .string)) != .list(ListType(element: .tuple(pair))))
    }

    @Test func text() throws {
        let stream = ResourceTypeID.fresh()
        let code = ComponentValueType.enumeration(try EnumType(labels: ["access", "again"]))
        let function = try ComponentFunctionType(
            parameters: [
                .init(name: "self", type: .borrow(stream)), .init(name: "b", type: .list(try ListType(element: .u8))),
                .init(name: "c", type: .option(try OptionType(payload: .tuple(try TupleType(elements: [.f32, .char]))))),
            ],
            result: .result(try ResultType(success: .own(stream), failure: code)))
        let declarations = [
            ComponentExternDeclaration(name: try ExternalName(parsing: "stream"), type: .type(.resource(stream))),
            ComponentExternDeclaration(name: try ExternalName(parsing: "error-code"), type: .type(.value(code))),
        ]
        #expect(
            TypeDescription(declarations).text(of: function)
                == "func(self: borrow<stream>, b: list<u8>, c: option<tuple<f32, char>>) -> result<stream, error-code>")
        #expect(try ComponentFunctionType(parameters: [], result: nil).description == "func()")
        #expect(
            try ResultType(success: nil, failure: .string).asValueType.description == "result<_, string>")
        #expect(code.description == "enum { access, again }")
    }

    @Test func textIsBounded() throws {
        var type = ComponentValueType.u8
        for _ in 0..<15 { type = .tuple(try TupleType(elements: [type, type])) }
        #expect(type.description.count < 5_000)
    }

    @Test func values() {
        #expect(ComponentValue.f64(.nan) == .f64(.nan))
        #expect(ComponentValue.f32(0) != .f32(-0.0))
        #expect(ComponentValue.string("\u{E9}") != .string("e\u{301}"))
        #expect(ComponentValue.variant("a", .u8(1)) == .variant("a", .u8(1)))
        #expect(ComponentValue.list([.u8(1)]) != .tuple([.u8(1)]))
    }
}

extension ResultType {
    fileprivate var asValueType: ComponentValueType { .result(self) }
}
