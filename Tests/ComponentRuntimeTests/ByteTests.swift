// Bytes that host functions read and write where they lie in the guest's memory.

import ComponentRuntime
import ComponentTypes
import Testing

private struct Closed: ComponentRecord, Error {
    var code: UInt32
    static let fields = RecordFields(Closed.init(code:), RecordField("code", \.code))
}

@Suite(.needsWasmTools)
struct ByteTests {
    private func echo(_ function: HostFunction, _ parameters: [ComponentValueType], _ result: ComponentValueType) throws
        -> ComponentInstance
    {
        var linker = ComponentLinker()
        linker.define(function)
        return try instantiate(try echoComponent(parameters, result), linker)
    }

    @Test func argumentsAreReadInPlace() throws {
        let instance = try echo(
            HostFunction("echo") { (_: inout HostContext, bytes: GuestBytes) -> UInt64 in
                bytes.withUnsafeBytes { $0.reduce(0) { $0 + UInt64($1) } }
            }, [.list(try ListType(element: .u8))], .u64)
        #expect(try instance.call("run", [.list([.u8(1), .u8(2), .u8(250)])]) == .u64(253))
        #expect(try instance.call("run", [.list([])]) == .u64(0))
    }

    @Test func resultsAreWrittenByTheHost() throws {
        let list = ComponentValueType.list(try ListType(element: .u8))
        let closed = try #require(try Closed.componentType())
        let instance = try echo(
            HostFunction("echo") { (context: inout HostContext, count: UInt32) throws -> Result<ByteList, Closed> in
                try context.fill(upTo: 10) { (buffer) throws(Closed) in
                    if count > 10 { throw Closed(code: count) }
                    for position in 0..<Int(count) { buffer[position] = UInt8(position + 1) }
                    return Int(count)
                }
            }, [.u32], .result(try ResultType(success: list, failure: closed)))
        for count in [0, 1, 9, 10] {
            let bytes = (0..<count).map { ComponentValue.u8(UInt8($0 + 1)) }
            #expect(try instance.call("run", [.u32(UInt32(count))]) == .success(.list(bytes)))
        }
        #expect(
            try instance.call("run", [.u32(11)]) == .failure(.record([.init(name: "code", value: .u32(11))])))
    }

    @Test func arraysServeToo() throws {
        let list = ComponentValueType.list(try ListType(element: .u8))
        let instance = try echo(
            HostFunction("echo") { (_: inout HostContext, bytes: [UInt8]) in ByteList(bytes.reversed()) }, [list], list)
        #expect(try instance.call("run", [.list([.u8(1), .u8(2)])]) == .list([.u8(2), .u8(1)]))
    }

    @Test func whatOneCallMayMakeTheHostHoldIsLimited() throws {
        var limits = ComponentInstanceLimits()
        limits.bytesPerCall = 1000
        var linker = ComponentLinker()
        linker.define(HostFunction("echo") { (_: inout HostContext, words: [String]) in UInt32(words.count) })
        let instance = try instantiate(
            try echoComponent([.list(try ListType(element: .string))], .u32), linker, limits: limits)
        #expect(try instance.call("run", [.list([.string("short")])]) == .u32(1))
        let long = ComponentValue.list(Array(repeating: .string(""), count: 100))
        #expect(errorText { try instance.call("run", [long]) }?.contains("passes more bytes") == true)
    }
}
