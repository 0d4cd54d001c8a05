// Components made to cost more than they should: each is an error, soon.

import ComponentBinary
import InternalUtilities
import Testing
import WasmBinary
import WasmTypes

struct HostileTests {
    private func error(_ component: ComponentBytes) -> BinaryError? {
        do throws(BinaryError) {
            _ = try Component.decode(source: ByteSource(component.bytes))
            return nil
        } catch {
            return error
        }
    }

    /// A pair of the previous type, over and over: 2ⁿ parts.
    @Test func doublingValueTypes() {
        var component = ComponentBytes()
        var types: [[UInt8]] = [[0x7D]]
        for index in 0..<60 { types.append([0x6F, 2] + ComponentBytes.typeIndex(index) + ComponentBytes.typeIndex(index)) }
        component.types(types)
        #expect(error(component)?.kind == .limit)
    }

    @Test func deepValueTypes() {
        var component = ComponentBytes()
        var types: [[UInt8]] = [[0x7D]]
        for index in 0..<1_000 { types.append([0x6B] + ComponentBytes.typeIndex(index)) }
        component.types(types)
        #expect(error(component)?.kind == .limit)
    }

    /// An instance of two of the previous instance type, over and over.
    @Test func doublingInstanceTypes() {
        var component = ComponentBytes()
        // (instance (export "r" (type (sub resource))))
        var types: [[UInt8]] = [[0x42, 1, 0x04, 0x00] + ComponentBytes.name("r") + [0x03, 0x01]]
        for index in 0..<60 {
            let outer: [UInt8] = [0x02, 0x03, 0x02] + ComponentBytes.number(1) + ComponentBytes.number(index)
            let export = { (name: String) -> [UInt8] in [0x04, 0x00] + ComponentBytes.name(name) + [0x05, 0x00] }
            types.append([0x42, 3] + outer + export("a") + export("b"))
        }
        component.types(types)
        #expect(error(component)?.kind == .limit)
    }

    /// Types within types within types.
    @Test func deepComponentTypes() {
        var type: [UInt8] = [0x41, 0]
        for _ in 0..<5_000 { type = [0x41, 1, 0x01] + type }
        var component = ComponentBytes()
        component.types([type])
        #expect(error(component)?.kind == .limit)
    }

    @Test func deepComponents() {
        var inner = ComponentBytes()
        for _ in 0..<500 {
            var outer = ComponentBytes()
            outer.section(4, inner.bytes)
            inner = outer
        }
        #expect(error(inner)?.kind == .limit)
    }

    /// A large instance type that is exported again and again.
    @Test func repeatedLargeInstances() {
        var component = ComponentBytes()
        let exports = (0..<2_000).map { [0x04, 0x00] + ComponentBytes.name("r\($0)") + [0x03, 0x01] }
        component.types([[0x42] + ComponentBytes.number(exports.count) + exports.flatMap { $0 }])
        component.items(10, (0..<900).map { [0x00] + ComponentBytes.name("i\($0)") + [0x05, 0x00] })
        #expect(error(component)?.kind == .limit)
    }

    @Test func countsBeyondTheBytes() {
        var component = ComponentBytes()
        component.section(7, [0xFF, 0xFF, 0xFF, 0xFF, 0x0F])
        #expect(error(component)?.kind == .limit)
        component = ComponentBytes()
        component.section(7, [0x80, 0x80, 0x04])
        #expect(error(component)?.kind == .malformed)
        component = ComponentBytes()
        component.types([[0x72, 0x90, 0x4E]])
        #expect(error(component)?.kind == .malformed)
    }

    /// Lists of lists of a fixed length, each as long as can be.
    @Test func giantFixedLengthLists() {
        let longest = ComponentBytes.number(0xFFFF_FFFF)
        var component = ComponentBytes()
        component.types([[0x67, 0x7D] + longest])
        #expect(error(component)?.message.contains("exceeds maximum byte size") == true)
        // 2^14 bytes, of which 2^14 lists are too large.
        let list = ComponentBytes.number(1 << 14)
        component = ComponentBytes()
        component.types([[0x67, 0x7D] + list])
        #expect(error(component) == nil)
        component.types([[0x67] + ComponentBytes.typeIndex(0) + list])
        #expect(error(component)?.message.contains("exceeds maximum byte size") == true)
        // Without an element there is no length.
        component = ComponentBytes()
        component.types([[0x67, 0x7D, 0x00]])
        #expect(error(component)?.kind == .invalid)
    }

    /// Parameters that are each small enough, and too large together.
    @Test func giantParameters() {
        var component = ComponentBytes()
        let parameters = (0..<1_000).flatMap { ComponentBytes.name("p\($0)") + ComponentBytes.typeIndex(0) }
        component.types([
            [0x67, 0x7D] + ComponentBytes.number(1 << 27), [0x40] + ComponentBytes.number(1_000) + parameters + [0x01, 0x00],
        ])
        #expect(error(component)?.kind == .limit)
    }

    @Test func manyFlagsAndCases() {
        let labels = { (count: Int) in
            ComponentBytes.number(count) + (0..<count).flatMap { ComponentBytes.name("l\($0)") }
        }
        var component = ComponentBytes()
        component.types([[0x6E] + labels(33)])
        #expect(error(component)?.message == "cannot have more than 32 flags")
        component = ComponentBytes()
        component.types([[0x6E] + labels(1_001)])
        #expect(error(component)?.kind == .limit)
        component = ComponentBytes()
        component.types([[0x6D] + labels(10_001)])
        #expect(error(component)?.kind == .limit)
    }

    /// Types that refer to themselves or to what comes later: an index space never holds them.
    @Test func cyclicTypes() {
        var component = ComponentBytes()
        component.types([[0x70] + ComponentBytes.typeIndex(0)])
        #expect(error(component)?.message.contains("type index out of bounds") == true)
        // (alias outer 0 0 (type)) within itself.
        component = ComponentBytes()
        component.items(6, [[0x03, 0x02, 0x00, 0x00]])
        #expect(error(component)?.message.contains("type index out of bounds") == true)
    }

    @Test func sharedThreadsAreNamed() {
        var component = ComponentBytes()
        component.items(8, [[0x42, 0x00]])
        #expect(
            error(component)
                == BinaryError(.unsupported, "shared threads are not supported yet: thread.available-parallelism", at: 11))
    }
}
