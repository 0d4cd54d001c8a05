import Testing
import WasmBinary
import WasmText
import WasmTypes
import WasmValidation

@Suite("The parser of modules")
struct ModuleParserTests {
    @Test("names the place of an error and shows its line")
    func errors() throws {
        let text = "(module\n  (func $f\n    i32.add nop foo))"
        let error = try #require(throws: TextError.self) { try encode(text) }
        #expect(error.message == "unknown operator foo")
        #expect(error.line == 3)
        #expect(error.column == 17)
        #expect(
            error.description == """
                unknown operator foo (line 3, column 17)
                  |
                3 |     i32.add nop foo))
                  |                 ^
                """)
    }

    @Test("clips long lines")
    func longLines() throws {
        let text = "(module " + String(repeating: "(func) ", count: 100_000) + "foo)"
        let error = try #require(throws: TextError.self) { try encode(text) }
        #expect(error.excerpt.text.count <= 100)
        #expect(error.line == 1)
    }

    @Test("refuses", arguments: [
        ("(module (func $a) (func $a))", "duplicate func"),
        ("(func (param $x i32) (local $x i32))", "duplicate local"),
        ("(func (call $x))", "unknown function $x"),
        ("(func (local.get $x))", "unknown local"),
        ("(func (block $a) (br $a))", "unknown label"),
        ("(func block $a end $b)", "mismatching label"),
        ("(func (i32.load align=3 (i32.const 0)) drop)", "alignment must be a power of two"),
        ("(type $t (func)) (func (type $t) (param i32))", "inline function type"),
        ("(func) (import \"a\" \"b\" (func))", "import after function"),
        ("(start 0) (start 0)", "multiple start sections"),
        ("(func (i32.add i32.const 1))", "unexpected token"),
        ("(func (if (i32.const 1)))", "unexpected token"),
        ("(func else)", "unexpected token"),
        ("(func block)", "unexpected token"),
        ("(func", "unexpected token"),
        ("(func))", "unexpected token"),
        ("(memory 1 (pagesize 3))", "invalid custom page size"),
        ("(func (br 4294967296))", "i32 constant out of range"),
        ("(type $t (struct (field $a i32) (field $a i32)))", "duplicate field"),
        ("(export \"\\ff\" (func 0))", "malformed UTF-8 encoding"),
        ("(func (v128.const i32x4 1 2 3) drop)", "wrong number of lane literals"),
        ("(func (drop (i8x16.extract_lane_u 256 (v128.const i64x2 0 0))))", "i8 constant out of range"),
        ("(@custom \"a\" (beside type))", "@custom annotation: malformed placement"),
        ("(func (block (@custom \"a\")))", "misplaced @custom annotation"),
        ("(func) (module)", "unexpected token"),
        ("(table 1 funcref) (elem 0 funcref)", "unexpected token funcref, expected the offset"),
        ("(table 1 funcref) (elem (table 0) func)", "unexpected token func, expected the offset"),
        ("(table 1 funcref) (elem $x 0 (ref func))", "unexpected token (, expected the offset"),
    ])
    func refusals(_ text: String, _ message: String) {
        let found = refusal(text)
        #expect(found.hasPrefix(message), "\(found)")
    }

    @Test("encodes equal things in equal bytes", arguments: [
        // Folded and flat.
        ("(func (result i32) (i32.add (i32.const 1) (i32.mul (i32.const 2) (i32.const 3))))",
         "(func (result i32) i32.const 1 i32.const 2 i32.const 3 i32.mul i32.add)"),
        ("(func (if (result i32) (i32.const 1) (then (i32.const 2)) (else (i32.const 3))) drop)",
         "(func i32.const 1 if (result i32) i32.const 2 else i32.const 3 end drop)"),
        ("(func (block $a (loop $b (br_if $a (i32.const 0)) (br $b))))",
         "(func block loop i32.const 0 br_if 1 br 0 end end)"),
        ("(tag) (func (try (do (nop)) (catch 0 (rethrow 0)) (catch_all)) (block (try (do) (delegate 0))))",
         "(tag) (func try nop catch 0 rethrow 0 catch_all end block try delegate 0 end)"),
        ("(tag $e) (func (block $h (try_table $t (catch $e $h) (catch_all 0) (br $t))))",
         "(tag) (func block try_table (catch 0 0) (catch_all 0) br 0 end end)"),
        // Abbreviations.
        ("(func $f (export \"a\") (export \"b\"))", "(func) (export \"a\" (func 0)) (export \"b\" (func 0))"),
        ("(memory (data \"abc\" \"d\"))", "(memory 1 1) (data (i32.const 0) \"abcd\")"),
        ("(table funcref (elem 0 0)) (func)", "(table 2 2 funcref) (elem (i32.const 0) func 0 0) (func)"),
        ("(func (import \"a\" \"b\") (param i32))", "(import \"a\" \"b\" (func (param i32)))"),
        ("(func (param i32) (param i64) (result f32) (result f64) unreachable)",
         "(type (func (param i32 i64) (result f32 f64))) (func (type 0) unreachable)"),
        ("(func (type 0)) (type (func))", "(type (func)) (func)"),
        ("(memory 1) (data (offset (i32.const 0)) \"a\")", "(memory 1) (data (memory 0) (i32.const 0) \"a\")"),
        ("(table 1 funcref) (func $f) (elem (table 0) (i32.const 0) func $f)",
         "(table 1 funcref) (elem 0 (offset i32.const 0) 0) (func)"),
        ("(func (local i32 i32) (local $x i32) (local.get $x) drop)", "(func (local i32) (local i32 i32) local.get 2 drop)"),
        ("(func (memory.copy (i32.const 0) (i32.const 0) (i32.const 0))) (memory 1)",
         "(memory 1) (func i32.const 0 i32.const 0 i32.const 0 memory.copy 0 0)"),
        ("(func (param $x i32) (param $y i32) (local.get $y) drop)", "(func (param i32 i32) local.get 1 drop)"),
        ("(type $t (sub final (func)))", "(type (func))"),
        ("(func (@x) (nop (@y \"z\")))", "(func (;a;) nop);;b"),
        ("(type $s (struct (field $a i32) (field (mut i8) $b)))".replacing(" $b", with: ""),
         "(type (struct (field i32 (mut i8))))"),
    ])
    func equivalence(_ left: String, _ right: String) throws {
        let left = try TextModule.encode(Array(left.utf8), names: .drop)
        let right = try TextModule.encode(Array(right.utf8), names: .drop)
        #expect(left == right)
    }

    @Test("implicit types follow the explicit ones in the order of their use")
    func implicitTypes() throws {
        let text = """
            (func (param i32) (block (param) (result i32 i32) (i32.const 0) (i32.const 0)) drop drop)
            (func (param i64))
            (type (func (param f32)))
            (func (param f32))
            """
        let module = try decode(try encode(text))
        #expect(module.types.compactMap(\.function?.parameters) == [[.f32], [.i32], [], [.i64]])
        #expect(module.functions.map(\.rawValue) == [1, 3, 0])
    }

    @Test("keeps all names")
    func names() throws {
        let text = """
            (module $m
              (type $t (func (param i32)))
              (import "a" "b" (func $i (param $p i32)))
              (func $f (@name "eff") (param $x i32) (local $y i64)
                (if $if (block $cond (result i32) (i32.const 0)) (then (loop $l))))
              (table $tab 1 funcref) (memory $mem 1) (global $g i32 (i32.const 0)) (tag $tag)
              (elem $e func) (data $d ""))
            """
        let names = NameMaps(of: try decode(try encode(text)))
        #expect(names.module == "m")
        #expect(names.types[0] == "t")
        #expect(names.functions[0] == "i")
        #expect(names.functions[1] == "eff")
        #expect(names.locals[0][0] == "p")
        #expect(names.locals[1].associations.map(\.name) == ["x", "y"])
        #expect(names.labels[1].associations.map(\.name) == ["cond", "if", "l"])
        #expect(names.tables[0] == "tab")
        #expect(names.memories[0] == "mem")
        #expect(names.globals[0] == "g")
        #expect(names.tags[0] == "tag")
        #expect(names.elements[0] == "e")
        #expect(names.data[0] == "d")
    }

    @Test("puts custom sections where they are asked to be")
    func customSections() throws {
        let text = """
            (module (@custom "a" (before first) "1") (memory 1) (@custom "b" (after func) "2") (func) (@custom "c" "3" "4"))
            """
        let module = try decode(try encode(text))
        #expect(module.customSections.map(\.name) == ["a", "b", "c"])
        #expect(module.customSections.map(\.bytes.count) == [1, 1, 2])
        #expect(module.customSections[0].bytes.upperBound < module.customSections[1].bytes.lowerBound)
    }

    @Test("writes branch hints")
    func branchHints() throws {
        let text = """
            (func (param i32)
              (@metadata.code.branch_hint "\\01") (if (local.get 0) (then))
              (local.get 0) (@metadata.code.branch_hint "\\00") if end)
            """
        let module = try decode(try encode(text))
        let section = try #require(module.customSections.first { $0.name == "metadata.code.branch_hint" })
        let bytes = section.bytes.map { module.source.bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
        #expect(bytes == [1, 0, 2, 3, 1, 1, 8, 1, 0])
    }
}
