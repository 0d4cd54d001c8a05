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

    @Test func asyncIsNamed() {
        var component = ComponentBytes()
        component.items(8, [[0x05]])
        #expect(error(component) == BinaryError(.unsupported, "async built-ins are not supported yet: task.cancel", at: 11))
        component = ComponentBytes()
        component.types([[0x66, 0x00]])
        #expect(error(component)?.kind == .unsupported)
        #expect(error(component)?.message.contains("stream") == true)
    }
}
