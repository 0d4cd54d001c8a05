// The rules by which a guest changes fields.

import Testing
import WASIHTTP

struct FieldsTests {
    private func fields(_ list: [(String, String)] = [], limit: Int = 1000) throws -> GuestFields {
        var fields = GuestFields(isMutable: true, limit: limit)
        for (name, value) in list { try fields.append(name, Array(value.utf8)) }
        return fields
    }

    private func text(_ fields: GuestFields) -> [String] {
        fields.fields.list.map { "\($0.name)=\($0.text)" }
    }

    @Test func orderAndCase() throws {
        var fields = try fields([("B", "1"), ("a", "2"), ("b", "3"), ("C", "")])
        #expect(text(fields) == ["B=1", "a=2", "b=3", "C="])
        #expect(fields.values(of: "b") == [Array("1".utf8), Array("3".utf8)])
        #expect(fields.values(of: "c") == [[]])
        #expect(fields.values(of: "d") == [])
        #expect(fields.contains("A") && !fields.contains("a b"))

        try fields.set("b", to: [Array("x".utf8), Array("y".utf8)])
        #expect(text(fields) == ["b=x", "b=y", "a=2", "C="])
        try fields.set("new", to: [[1 + 0x40]])
        #expect(text(fields) == ["b=x", "b=y", "a=2", "C=", "new=A"])
        try fields.set("a", to: [])
        try fields.delete("NEW")
        try fields.delete("not-there")
        #expect(text(fields) == ["b=x", "b=y", "C="])
        try fields.delete("B")
        #expect(text(fields) == ["C="])
        #expect(fields.fields.size == 33)
    }

    @Test func refusals() throws {
        var fields = try fields([("a", "1")])
        #expect(throws: FieldsFailure.invalidSyntax) { try fields.append("a b", []) }
        #expect(throws: FieldsFailure.invalidSyntax) { try fields.append("a", Array("x\r\ny: z".utf8)) }
        #expect(throws: FieldsFailure.invalidSyntax) { try fields.set("a", to: [[0x41], [0]]) }
        #expect(throws: FieldsFailure.invalidSyntax) { try fields.delete("") }
        for name in FieldSyntax.forbidden {
            #expect(throws: FieldsFailure.forbidden) { try fields.append(name, []) }
            #expect(throws: FieldsFailure.forbidden) { try fields.set(name.uppercased(), to: [[]]) }
            #expect(throws: FieldsFailure.forbidden) { try fields.delete(name) }
        }
        fields.makeImmutable()
        #expect(throws: FieldsFailure.immutable) { try fields.append("a", []) }
        #expect(throws: FieldsFailure.immutable) { try fields.set("a", to: []) }
        #expect(throws: FieldsFailure.immutable) { try fields.delete("a") }
        // What is wrong with the name comes first.
        #expect(throws: FieldsFailure.invalidSyntax) { try fields.append("a b", []) }
        #expect(throws: FieldsFailure.forbidden) { try fields.append("host", []) }
        #expect(text(fields) == ["a=1"])
    }

    @Test func lengths() throws {
        var fields = try fields([("Content-Length", "5")])
        #expect(fields.fields.contentLength == 5)
        try fields.append("content-length", Array("5".utf8))
        try fields.append("content-length", Array("05".utf8))
        #expect(text(fields) == ["Content-Length=5"])
        #expect(throws: FieldsFailure.invalidSyntax) { try fields.append("content-length", Array("6".utf8)) }
        #expect(throws: FieldsFailure.invalidSyntax) { try fields.set("content-length", to: [[0x35], [0x36]]) }
        try fields.set("content-length", to: [[0x36], [0x36]])
        #expect(text(fields) == ["content-length=6"])
        #expect(throws: FieldsFailure.invalidSyntax) { try fields.set("content-length", to: [Array("+5".utf8)]) }
        try fields.set("content-length", to: [Array("7".utf8)])
        #expect(fields.fields.contentLength == 7)
    }

    @Test func sizes() throws {
        var fields = try fields(limit: 100)
        try fields.append("a", [UInt8](repeating: 0x41, count: 30))  // 63
        #expect(throws: FieldsFailure.tooLarge(limit: 100)) {
            try fields.append("b", [UInt8](repeating: 0x41, count: 5))
        }
        try fields.append("b", [UInt8](repeating: 0x41, count: 4))
        #expect(throws: FieldsFailure.tooLarge(limit: 100)) {
            try fields.set("b", to: [[UInt8](repeating: 0x41, count: 5)])
        }
        try fields.set("a", to: [[UInt8](repeating: 0x41, count: 30)])
        #expect(fields.fields.size == 100)
        #expect(fields.fields.list.count == 2)
    }
}
