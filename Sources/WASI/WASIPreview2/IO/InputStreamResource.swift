// `input-stream` of `wasi:io/streams`. Bytes are read into the guest's memory.

package import ComponentRuntime
package import WASIHost

/// `input-stream`: one handle of a stream, which others may be handles of too.
package final class InputStreamResource: ParentResource {
    let stream: any HostInputStream
    private var childCount = 0
    private let parent: (any ParentResource)?

    /// - Parameter parent: the resource that the stream was made of, if it must outlive the stream.
    package init(_ stream: any HostInputStream, of parent: (any ParentResource)? = nil) {
        self.stream = stream
        self.parent = parent
        parent?.changeChildCount(by: 1)
    }

    deinit {
        parent?.changeChildCount(by: -1)
    }

    package var hasChildren: Bool { childCount != 0 }

    package func changeChildCount(by difference: Int) { childCount += difference }
}

extension InputStreamResource {
    static func declareMethods(in interface: inout HostInterface) {
        interface.function("[method]input-stream.read") {
            (context: inout HostContext, stream: Borrowed<InputStreamResource>, length: UInt64) throws
                -> Result<ByteList, StreamFailure> in
            try stream.object.read(length, &context)
        }
        interface.function("[method]input-stream.blocking-read") {
            (context: inout HostContext, stream: Borrowed<InputStreamResource>, length: UInt64) throws
                -> Result<ByteList, StreamFailure> in
            try stream.object.blockingRead(length, &context)
        }
        interface.function("[method]input-stream.skip") {
            (context: inout HostContext, stream: Borrowed<InputStreamResource>, length: UInt64) throws
                -> Result<UInt64, StreamFailure> in
            try Result(stream: { () throws(StreamError) -> UInt64 in
                UInt64(try stream.object.stream.skip(Int(clamping: length)))
            })
        }
        interface.function("[method]input-stream.blocking-skip") {
            (context: inout HostContext, stream: Borrowed<InputStreamResource>, length: UInt64) throws
                -> Result<UInt64, StreamFailure> in
            let waiter = try context.wasi.waiter
            return try Result(stream: { () throws(StreamError) -> UInt64 in
                UInt64(try stream.object.stream.blockingSkip(Int(clamping: length), waiter: waiter))
            })
        }
        interface.function("[method]input-stream.subscribe") {
            (context: inout HostContext, stream: Borrowed<InputStreamResource>) throws -> Owned<PollableResource> in
            Owned(PollableResource(.input(stream.object)))
        }
    }

    private func read(_ length: UInt64, _ context: inout HostContext) throws -> Result<ByteList, StreamFailure> {
        let state = try context.wasi
        // The guest is asked for memory only if there is something to put into it.
        guard length > 0, try state.waiter.isReady(stream.readiness) else { return try readNothing() }
        return try readNow(length, state, &context)
    }

    private func blockingRead(
        _ length: UInt64, _ context: inout HostContext
    ) throws -> Result<ByteList, StreamFailure> {
        if length == 0 { return try readNothing() }
        let state = try context.wasi
        while true {
            try state.waiter.wait(for: stream.readiness)
            let result = try readNow(length, state, &context)
            if case .success(let bytes) = result, bytes.count == 0 { continue }
            return result
        }
    }

    /// Says whether the stream is closed.
    private func readNothing() throws -> Result<ByteList, StreamFailure> {
        try Result(stream: { () throws(StreamError) -> ByteList in
            _ = try unsafe stream.read(into: UnsafeMutableRawBufferPointer(start: nil, count: 0))
            return ByteList([])
        })
    }

    private func readNow(
        _ length: UInt64, _ state: WASIState, _ context: inout HostContext
    ) throws -> Result<ByteList, StreamFailure> {
        let room = min(Int(clamping: length), state.limits.readLength)
        let result = try unsafe context.fill(upTo: room) { (buffer) throws(StreamError) -> Int in
            try unsafe stream.read(into: buffer)
        }
        return try Result(stream: { () throws(StreamError) -> ByteList in try result.get() })
    }
}

extension HostInterface {
    package mutating func declareInputStream() {
        resource("input-stream", of: InputStreamResource.self) { stream, _ in try stream.requireNoChildren() }
    }
}
