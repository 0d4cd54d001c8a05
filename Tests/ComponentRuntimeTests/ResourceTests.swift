// Handles: owned and lent, of the host's resources and of guests'.

import ComponentRuntime
import ComponentTypes
import Execution
import Testing

private final class Thing {
    let number: UInt32

    init(_ number: UInt32) {
        self.number = number
    }
}

private final class Other {}

private final class Record: @unchecked Sendable {
    var dropped: [UInt32] = []
}

/// A host with things: made, looked at, taken back, dropped.
private func things(_ record: Record) -> ComponentLinker {
    var interface = HostInterface("test:host/things", version: "1.2.0")
    interface.resource("thing", of: Thing.self) { thing, _ in
        struct Refusal: Error {}
        if thing.number == 99 { throw Refusal() }
        record.dropped.append(thing.number)
    }
    interface.resource("other", of: Other.self)
    interface.function("[constructor]thing") { (_: inout HostContext, number: UInt32) in Owned(Thing(number)) }
    interface.function("[method]thing.number") { (_: inout HostContext, self: Borrowed<Thing>) in self.object.number }
    interface.function("take") { (_: inout HostContext, thing: Owned<Thing>) in thing.object.number }
    interface.function("both") { (_: inout HostContext, lent: Borrowed<Thing>, taken: Owned<Thing>) in
        lent.object.number + taken.object.number
    }
    interface.function("make-other") { (_: inout HostContext) in Owned(Other()) }
    var linker = ComponentLinker()
    linker.define(interface)
    return linker
}

private func guest(_ body: String) -> String {
    """
    (component
      (import "test:host/things@1.0.0" (instance $i
        (export "thing" (type $thing (sub resource)))
        (export "other" (type $other (sub resource)))
        (export "[constructor]thing" (func (param "number" u32) (result (own $thing))))
        (export "[method]thing.number" (func (param "self" (borrow $thing)) (result u32)))
        (export "take" (func (param "thing" (own $thing)) (result u32)))
        (export "both" (func (param "lent" (borrow $thing)) (param "taken" (own $thing)) (result u32)))
        (export "make-other" (func (result (own $other))))))
      (alias export $i "thing" (type $thing))
      (alias export $i "[constructor]thing" (func $new))
      (alias export $i "[method]thing.number" (func $number))
      (alias export $i "take" (func $take))
      (alias export $i "both" (func $both))
      (alias export $i "make-other" (func $make-other))
      (core func $new' (canon lower (func $new)))
      (core func $number' (canon lower (func $number)))
      (core func $take' (canon lower (func $take)))
      (core func $both' (canon lower (func $both)))
      (core func $make-other' (canon lower (func $make-other)))
      (core func $drop' (canon resource.drop $thing))
      (core module $M
        (import "" "new" (func $new (param i32) (result i32)))
        (import "" "number" (func $number (param i32) (result i32)))
        (import "" "take" (func $take (param i32) (result i32)))
        (import "" "both" (func $both (param i32 i32) (result i32)))
        (import "" "make-other" (func $make-other (result i32)))
        (import "" "drop" (func $drop (param i32)))
        (func (export "run") (param i32) (result i32) (local $h i32) (local $g i32) \(body)))
      (core instance $m (instantiate $M (with "" (instance
        (export "new" (func $new')) (export "number" (func $number')) (export "take" (func $take'))
        (export "both" (func $both')) (export "make-other" (func $make-other')) (export "drop" (func $drop'))))))
      (func (export "run") (param "n" u32) (result u32) (canon lift (core func $m "run"))))
    """
}

@Suite(.needsWasmTools)
struct HostResourceTests {
    @Test func handlesCountFromOneAndAreReused() throws {
        let instance = try instantiate(
            guest(
                """
                (local.set $h (call $new (local.get 0)))
                (call $drop (local.get $h))
                (i32.add (i32.mul (local.get $h) (i32.const 100)) (call $new (local.get 0)))
                """), things(Record()))
        #expect(try instance.call("run", [.u32(5)]) == .u32(101))
    }

    @Test func objectsAreSeenTakenAndDropped() throws {
        let record = Record()
        let instance = try instantiate(
            guest(
                """
                (local.set $h (call $new (local.get 0)))
                (local.set $g (call $new (i32.const 1000)))
                (local.set $g (i32.add (call $number (local.get $h)) (call $take (local.get $g))))
                (call $drop (local.get $h))
                (local.get $g)
                """), things(record))
        #expect(try instance.call("run", [.u32(5)]) == .u32(1005))
        #expect(record.dropped == [5])
    }

    @Test(arguments: [
        ("(call $number (i32.const 1))", "unknown handle index 1"),
        ("(call $number (i32.const 0))", "unknown handle index 0"),
        ("(call $take (i32.const -1))", "unknown handle index 4294967295"),
        (
            "(local.set $h (call $new (i32.const 1))) (drop (call $take (local.get $h))) (call $number (local.get $h))",
            "unknown handle index 1"
        ),
        (
            "(call $number (call $make-other))",
            "handle index 1 used with the wrong type, expected host resource `thing` but found host resource `other`"
        ),
        (
            "(local.set $h (call $new (i32.const 1))) (call $both (local.get $h) (local.get $h))",
            "cannot remove owned resource while borrowed"
        ),
        ("(call $drop (call $new (i32.const 99))) (i32.const 0)", "Refusal()"),
    ])
    func misuseTraps(_ body: String, _ message: String) throws {
        let instance = try instantiate(guest(body), things(Record()))
        #expect(errorText { try instance.call("run", [.u32(1)]) } == message)
    }

    @Test func handlesAreLimited() throws {
        var limits = ComponentInstanceLimits()
        limits.handles = 10
        let instance = try instantiate(
            guest("(loop $l (drop (call $new (i32.const 1))) (br $l)) (i32.const 0)"), things(Record()), limits: limits)
        #expect(errorText { try instance.call("run", [.u32(1)]) }?.contains("more than 10") == true)
    }

    @Test func objectsDieWithTheStore() throws {
        weak var thing: Thing?
        var interface = HostInterface("test:host/things", version: "1.0.0")
        interface.resource("thing", of: Thing.self)
        final class Holder: @unchecked Sendable { weak var thing: Thing? }
        let holder = Holder()
        interface.function("make") { (_: inout HostContext) -> Owned<Thing> in
            let thing = Thing(1)
            holder.thing = thing
            return Owned(thing)
        }
        var linker = ComponentLinker()
        linker.define(interface)
        var instance: ComponentInstance? = try instantiate(
            """
            (component
              (import "test:host/things@1.0.0" (instance $i
                (export "thing" (type $thing (sub resource)))
                (export "make" (func (result (own $thing))))))
              (alias export $i "make" (func $make))
              (core func $make' (canon lower (func $make)))
              (core module $M (import "" "make" (func $make (result i32))) (func (export "run") (drop (call $make))))
              (core instance $m (instantiate $M (with "" (instance (export "make" (func $make'))))))
              (func (export "run") (canon lift (core func $m "run"))))
            """, linker)
        try instance?.call("run")
        thing = holder.thing
        #expect(thing != nil)
        instance = nil
        #expect(thing == nil)
    }
}

@Suite(.needsWasmTools)
struct GuestResourceTests {
    private static let text = """
        (component
          (component $C
            (core module $D
              (global $dropped (export "dropped") (mut i32) (i32.const 0))
              (func (export "dtor") (param i32) (global.set $dropped (i32.add (global.get $dropped) (local.get 0)))))
            (core instance $d (instantiate $D))
            (type $r' (resource (rep i32) (dtor (core func $d "dtor"))))
            (export $r "r" (type $r'))
            (core func $new (canon resource.new $r'))
            (core func $drop (canon resource.drop $r'))
            (core module $M
              (import "" "new" (func $new (param i32) (result i32)))
              (import "" "drop" (func $drop (param i32)))
              (import "d" "dropped" (global $dropped (mut i32)))
              (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
              (func (export "look") (param i32) (result i32) (local.get 0))
              (func (export "eat") (param i32) (call $drop (local.get 0)))
              (func (export "dropped") (result i32) (global.get $dropped)))
            (core instance $m (instantiate $M
              (with "" (instance (export "new" (func $new)) (export "drop" (func $drop))))
              (with "d" (instance $d))))
            (func (export "make") (param "n" u32) (result (own $r)) (canon lift (core func $m "make")))
            (func (export "look") (param "r" (borrow $r)) (result u32) (canon lift (core func $m "look")))
            (func (export "eat") (param "r" (own $r)) (canon lift (core func $m "eat")))
            (func (export "dropped") (result u32) (canon lift (core func $m "dropped"))))
          (instance $c (instantiate $C))
          (export "c" (instance $c)))
        """

    @Test func theHostOwnsLendsAndGivesBack() throws {
        let instance = try instantiate(Self.text)
        guard case .own(let resource)? = try instance.call("make", in: "c", [.u32(40)]) else {
            Issue.record("no resource")
            return
        }
        #expect(try instance.call("look", in: "c", [.borrow(resource)]) == .u32(40))
        #expect(try instance.call("dropped", in: "c") == .u32(0))
        try instance.call("eat", in: "c", [.own(resource)])
        #expect(try instance.call("dropped", in: "c") == .u32(40))
        #expect(errorText { try instance.call("look", in: "c", [.borrow(resource)]) } != nil)
    }

    @Test func theHostDrops() throws {
        let instance = try instantiate(Self.text)
        guard case .own(let resource)? = try instance.call("make", in: "c", [.u32(3)]) else {
            Issue.record("no resource")
            return
        }
        let handle = try #require(resource as? ComponentResourceHandle)
        try handle.drop()
        #expect(try instance.call("dropped", in: "c") == .u32(3))
        #expect(errorText { try handle.drop() } != nil)
    }

    @Test func resourcesOfTwoInstancesDiffer() throws {
        let one = try instantiate(Self.text)
        let two = try ComponentLinker().instantiate(one.component, in: one.store)
        guard case .own(let resource)? = try one.call("make", in: "c", [.u32(3)]) else {
            Issue.record("no resource")
            return
        }
        #expect(
            errorText { try two.call("look", in: "c", [.borrow(resource)]) }?
                .contains("not of the parameter's type") == true)
    }

    @Test func aBorrowedHandleMustBeDroppedBeforeTheCallEnds() throws {
        // The caller's resource is not the callee's own, so the callee gets a handle.
        let text = { (drops: Bool) in
            """
            (component
              (component $R
                (type $r' (resource (rep i32)))
                (export $r "r" (type $r'))
                (core func $new (canon resource.new $r'))
                (core module $M (import "" "new" (func $new (param i32) (result i32)))
                  (func (export "make") (result i32) (call $new (i32.const 1))))
                (core instance $m (instantiate $M (with "" (instance (export "new" (func $new))))))
                (func (export "make") (result (own $r)) (canon lift (core func $m "make"))))
              (component $User
                (import "r" (type $r (sub resource)))
                (core func $drop (canon resource.drop $r))
                (core module $M (import "" "drop" (func $drop (param i32)))
                  (func (export "use") (param i32) \(drops ? "(call $drop (local.get 0))" : "")))
                (core instance $m (instantiate $M (with "" (instance (export "drop" (func $drop))))))
                (func (export "use") (param "r" (borrow $r)) (canon lift (core func $m "use"))))
              (instance $r (instantiate $R))
              (alias export $r "r" (type $rt))
              (alias export $r "make" (func $make))
              (instance $user (instantiate $User (with "r" (type $rt))))
              (alias export $user "use" (func $use))
              (core func $make' (canon lower (func $make)))
              (core func $use' (canon lower (func $use)))
              (core module $M
                (import "" "make" (func $make (result i32)))
                (import "" "use" (func $use (param i32)))
                (func (export "run") (call $use (call $make))))
              (core instance $m (instantiate $M (with "" (instance (export "make" (func $make')) (export "use" (func $use'))))))
              (func (export "run") (canon lift (core func $m "run"))))
            """
        }
        try instantiate(text(true)).call("run")
        #expect(
            errorText { try instantiate(text(false)).call("run") }
                == "borrow handles still remain at the end of the call")
    }
}
