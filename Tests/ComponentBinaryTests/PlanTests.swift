// The plan that a component becomes. The components are written as text, which `wasm-tools` turns into bytes.

import ComponentBinary
import ComponentTypes
import InternalUtilities
import Testing
import WasmBinary
import WasmTypes

@Suite(.enabled(if: Suite.wasmTools != nil, "wasm-tools is absent"))
struct PlanTests {
    @Test func resourcesHaveSlots() throws {
        let component = try Suite.component(
            """
            (component
              (import "a:b/c" (instance $i
                (export "r" (type $r (sub resource)))
                (export "s" (type (eq $r)))
                (export "f" (func (result (own $r))))))
              (type $local (resource (rep i32)))
              (component $child
                (type $t (resource (rep i32)))
                (export "t" (type $t)))
              (instance $one (instantiate $child))
              (instance $two (instantiate $child))
              (core func (canon resource.new $local))
              (alias export $two "t" (type $t))
              (core func (canon resource.drop $t))
              (export $hidden "h" (type $local) (type (sub resource)))
              (export "x" (type $local)))
            """)
        var text: [String] = []
        for step in component.steps {
            switch step {
            case .importItem(let position, let resources): text.append("import \(position) \(resources.map(\.text))")
            case .defineResource(let slot, _): text.append("define \(slot)")
            case .defineComponent(let position): text.append("component \(position)")
            case .instantiateComponent(let index, _, let resources):
                text.append("instantiate \(index) \(resources.map(\.text))")
            case .resourceNew(let slot): text.append("new \(slot)")
            case .resourceDrop(let slot): text.append("drop \(slot)")
            case .aliasExport(let instance, let name, let sort): text.append("alias \(instance) \(name) \(sort)")
            case .exportItem(let position, let resources): text.append("export \(position) \(resources.map(\.text))")
            default: text.append("\(step)")
            }
        }
        #expect(
            text == [
                #"import 0 ["0 s"]"#, "define 1", "component 0", #"instantiate 0 ["2 t"]"#, #"instantiate 0 ["3 t"]"#,
                "new 1", "alias 2 t type", "drop 3", #"export 0 ["4 "]"#, "export 1 []",
            ])
        #expect(component.exports.map(\.item) == [.resource(ResourceSlot(1)), .resource(ResourceSlot(1))])
        #expect(component.resources.count == 5)
        #expect(component.type.importedResources.map(\.path) == [["a:b/c", "s"]])
        #expect(component.type.exportedResources.map(\.path) == [["x"], ["h"]])
        #expect(component.slot(of: component.resources[4]) == ResourceSlot(4))
    }

    @Test func modulesAndComponentsAreCaptured() throws {
        let component = try Suite.component(
            """
            (component
              (core module $a)
              (core module $m)
              (component $c)
              (component
                (component
                  (alias outer 2 1 (core module $m))
                  (alias outer 2 0 (component $c))
                  (alias outer 2 1 (core module $again))
                  (core instance (instantiate $m))
                  (instance (instantiate $c)))))
            """)
        let middle = component.components[1]
        let inner = middle.components[0]
        #expect(component.capturedModules.isEmpty)
        #expect(middle.capturedModules == [.outer(CoreModuleIndex(1))])
        #expect(middle.capturedComponents == [.outer(ComponentIndex(0))])
        #expect(inner.capturedModules == [.captured(position: 0)])
        #expect(inner.capturedComponents == [.captured(position: 0)])
        #expect(inner.steps.count == 5)
        guard case .captureModule(position: 0) = inner.steps[0], case .captureComponent(position: 0) = inner.steps[1],
            case .captureModule(position: 0) = inner.steps[2]
        else {
            Issue.record("unexpected steps: \(inner.steps)")
            return
        }
    }

    @Test func functionsAreLiftedAndLowered() throws {
        let component = try Suite.component(
            """
            (component
              (import "log" (func $log (param "text" string)))
              (core module $libc
                (memory (export "mem") 1)
                (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable)
                (func (export "post") (param i32)))
              (core instance $libc (instantiate $libc))
              (core func $lowered (canon lower (func $log) string-encoding=utf16 (memory (core memory $libc "mem"))))
              (core module $m
                (import "host" "log" (func (param i32 i32)))
                (func (export "run") (param i32) (result i32) unreachable))
              (core instance $m (instantiate $m (with "host" (instance (export "log" (func $lowered))))))
              (func (export "run") (param "n" u32) (result string)
                (canon lift (core func $m "run") (memory (core memory $libc "mem"))
                  (realloc (core func $libc "realloc")) (post-return (core func $libc "post")))))
            """)
        let lowered = component.steps.compactMap { step -> CanonicalOptions? in
            if case .lower(_, _, let options) = step { options } else { nil }
        }
        #expect(lowered.count == 1)
        #expect(lowered[0].stringEncoding == .utf16)
        #expect(lowered[0].memory == MemoryIndex(0))
        #expect(lowered[0].realloc == nil)
        let lifted = component.steps.compactMap { step -> (String, CanonicalOptions)? in
            if case .lift(_, let type, let options) = step { (type.description, options) } else { nil }
        }
        #expect(lifted.count == 1)
        #expect(lifted[0].0 == "func(n: u32) -> string")
        #expect(lifted[0].1.postReturn != nil)
        #expect(component.type.exportListing == [ExternListing(name: "run", member: nil, type: "func(n: u32) -> string")])
        #expect(component.type.importListing == [ExternListing(name: "log", member: nil, type: "func(text: string)")])
        #expect(component.readNames().name(of: .coreModule, 0) == "libc")
    }

    /// The Kelvin sign is canonically equivalent to the letter K, and not the same name.
    @Test func namesAreComparedByTheirBytes() throws {
        #expect(throws: BinaryError.self) {
            try Suite.component(
                """
                (component
                  (import "i" (instance $i (export "K" (func))))
                  (alias export $i "\u{212A}" (func)))
                """)
        }
        _ = try Suite.component(
            """
            (component
              (core module $m (func (export "K")) (func (export "\u{212A}")))
              (core instance $i (instantiate $m))
              (core instance (export "K" (func $i "K")) (export "\u{212A}" (func $i "\u{212A}"))))
            """)
    }

    @Test func layersAreToldApart() {
        #expect(Component.layer(of: ByteSource([0, 0x61, 0x73, 0x6D, 0x0D, 0, 1, 0])) == .component)
        #expect(Component.layer(of: ByteSource([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0])) == .module)
        #expect(Component.layer(of: ByteSource([0, 0x61, 0x73, 0x6D, 1, 0])) == nil)
        #expect(Component.layer(of: ByteSource(Array("#!/bin/sh\n".utf8))) == nil)
    }
}

extension ResourceBinding {
    fileprivate var text: String { "\(slot) \(path.joined(separator: "/"))" }
}
