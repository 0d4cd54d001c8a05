// Components in binary, so that the crucial tests need no tool. Each stands beside the text that it was made of, without
// the custom sections.

import Foundation
import InternalUtilities

/// A component and its text.
struct BinaryComponent {
    let text: String
    private let base64: String

    var source: ByteSource { ByteSource([UInt8](Data(base64Encoded: base64, options: .ignoreUnknownCharacters) ?? Data())) }

    /// Calls an imported function; fails when asked to.
    static let adder = BinaryComponent(
        text: """
            (component
              (import "add" (func $add (param "a" u32) (param "b" u32) (result u32)))
              (core func $add' (canon lower (func $add)))
              (core module $M
                (import "" "add" (func $add (param i32 i32) (result i32)))
                (func (export "twice") (param i32) (result i32) (call $add (local.get 0) (local.get 0)))
                (func (export "fail") unreachable))
              (core instance $m (instantiate $M (with "" (instance (export "add" (func $add'))))))
              (func (export "twice") (param "n" u32) (result u32) (canon lift (core func $m "twice")))
              (func (export "fail") (canon lift (core func $m "fail"))))
            """,
        base64: """
            AGFzbQ0AAQAHCwFAAgFheQFieQB5CggBAANhZGQBAAgFAQEAAAABSgBhc20BAAAAAQ8DYAJ/fwF/YAF/AX9gAAACCAEAA2FkZAAA
            AwMCAQIHEAIFdHdpY2UAAQRmYWlsAAIKDgIIACAAIAAQAAsDAAALAg8CAQEDYWRkAAAAAAEAEgAHCAFAAQFueQB5BgsBAAABAQV0
            d2ljZQgGAQAAAQABBwUBQAABAAYKAQAAAQEEZmFpbAgGAQAAAgACCxQCAAV0d2ljZQEBAAAEZmFpbAECAA==
            """)

    /// Passes strings out and back.
    static let strings = BinaryComponent(
        text: """
            (component
              (import "join" (func $join (param "a" string) (param "b" string) (result string)))
              (core module $M
                (memory (export "mem") 1)
                (global $next (mut i32) (i32.const 1024))
                (func (export "realloc") (param i32 i32 i32 i32) (result i32)
                  (global.get $next)
                  (global.set $next (i32.add (global.get $next) (local.get 3)))))
              (core instance $m (instantiate $M))
              (core func $join' (canon lower (func $join) (memory (core memory $m "mem")) (realloc (core func $m "realloc"))))
              (core module $N
                (import "" "join" (func $join (param i32 i32 i32 i32 i32)))
                (func (export "double") (param i32 i32) (result i32)
                  (call $join (local.get 0) (local.get 1) (local.get 0) (local.get 1) (i32.const 16)) (i32.const 16)))
              (core instance $n (instantiate $N (with "" (instance (export "join" (func $join'))))))
              (func (export "double") (param "s" string) (result string) (canon lift (core func $n "double")
                (memory (core memory $m "mem")) (realloc (core func $m "realloc")))))
            """,
        base64: """
            AGFzbQ0AAQAHCwFAAgFhcwFicwBzCgkBAARqb2luAQABRwBhc20BAAAAAQkBYAR/f39/AX8DAgEABQMBAAEGBwF/AUGACAsHEQID
            bWVtAgAHcmVhbGxvYwAACg0BCwAjACMAIANqJAALAgQBAAAABhUCAAIBAANtZW0AAAEAB3JlYWxsb2MICQEBAAACAwAEAAFIAGFz
            bQEAAAABDwJgBX9/f39/AGACf38BfwIJAQAEam9pbgAAAwIBAQcKAQZkb3VibGUAAQoSARAAIAAgASAAIAFBEBAAQRALAhACAQEE
            am9pbgABAAEBABIBBwgBQAEBc3MAcwYgAwAAAQIGZG91YmxlAAIBAANtZW0AAAEAB3JlYWxsb2MICgEAAAICAwEEAwELDAEABmRv
            dWJsZQEBAA==
            """)

    /// Makes, uses and drops handles of a host resource.
    static let handles = BinaryComponent(
        text: """
            (component
              (import "test:host/things@1.0.0" (instance $i
                (export "thing" (type $thing (sub resource)))
                (export "make" (func (result (own $thing))))
                (export "look" (func (param "t" (borrow $thing)) (result u32)))))
              (alias export $i "thing" (type $thing))
              (alias export $i "make" (func $make))
              (alias export $i "look" (func $look))
              (core func $make' (canon lower (func $make)))
              (core func $look' (canon lower (func $look)))
              (core func $drop' (canon resource.drop $thing))
              (core module $M
                (import "" "make" (func $make (result i32)))
                (import "" "look" (func $look (param i32) (result i32)))
                (import "" "drop" (func $drop (param i32)))
                (func (export "run") (result i32) (local i32 i32)
                  (local.set 0 (call $make))
                  (local.set 1 (call $look (local.get 0)))
                  (call $drop (local.get 0))
                  (local.get 1))
                (func (export "use-after-drop") (result i32) (local i32)
                  (local.set 0 (call $make))
                  (call $drop (local.get 0))
                  (call $look (local.get 0))))
              (core instance $m (instantiate $M (with "" (instance
                (export "make" (func $make')) (export "look" (func $look')) (export "drop" (func $drop'))))))
              (func (export "run") (result u32) (canon lift (core func $m "run")))
              (func (export "use-after-drop") (result u32) (canon lift (core func $m "use-after-drop"))))
            """,
        base64: """
            AGFzbQ0AAQAHMgFCBwQABXRoaW5nAwEBaQABQAAAAQQABG1ha2UBAgFoAAFAAQF0AwB5BAAEbG9vawEEChsBABZ0ZXN0Omhvc3Qv
            dGhpbmdzQDEuMC4wBQAGGgMDAAAFdGhpbmcBAAAEbWFrZQEAAARsb29rCAsDAQAAAAEAAQADAQF7AGFzbQEAAAABDgNgAAF/YAF/
            AX9gAX8AAhkDAARtYWtlAAAABGxvb2sAAQAEZHJvcAACAwMCAAAHGAIDcnVuAAMOdXNlLWFmdGVyLWRyb3AABAonAhQBAn8QACEA
            IAAQASEBIAAQAiABCxABAX8QACEAIAAQAiAAEAELAh4CAQMEbWFrZQAABGxvb2sAAQRkcm9wAAIAAAEAEgAHBQFAAAB5BgkBAAAB
            AQNydW4IBgEAAAMAAgcFAUAAAHkGFAEAAAEBDnVzZS1hZnRlci1kcm9wCAYBAAAEAAMLHAIAA3J1bgECAAAOdXNlLWFmdGVyLWRy
            b3ABAwA=
            """)
}
