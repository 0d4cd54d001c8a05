// `output-stream` of `wasi:io/streams`. Bytes are written from the guest's memory.

package import ComponentRuntime
package import WASIHost

/// `output-stream`: one handle of a stream, which others may be handles of too.
package final class OutputStreamResource: ParentResource {
    let stream: any HostOutputStream
    private var childCount = 0
    private let parent: (any ParentResource)?

    /// - Parameter parent: the resource that the stream was made of, if it must outlive the stream.
    package init(_ stream: any HostOutputStream, of parent: (any ParentResource)? = nil) {
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

extension OutputStreamResource {
    static func declareWriting(in interface: inout HostInterface) {
        interface.function("[method]output-stream.check-write") {
            (context: inout HostContext, stream: Borrowed<OutputStreamResource>) throws
                -> Result<UInt64, StreamFailure> in
            try Result(stream: { () throws(StreamError) -> UInt64 in UInt64(try stream.object.stream.checkWrite()) })
        }
        interface.function("[method]output-stream.write") {
            (context: inout HostContext, stream: Borrowed<OutputStreamResource>, contents: GuestBytes) throws
                -> Result<Nothing, StreamFailure> in
            let waiter = try context.wasi.waiter
            return try Result(stream: { () throws(StreamError) -> Void in
                try unsafe contents.withUnsafeBytes { (bytes) throws(StreamError) -> Void in
                    try unsafe stream.object.stream.write(bytes, waiter: waiter)
                }
            })
        }
        interface.function("[method]output-stream.blocking-write-and-flush") {
            (context: inout HostContext, stream: Borrowed<OutputStreamResource>, contents: GuestBytes) throws
                -> Result<Nothing, StreamFailure> in
            let waiter = try context.wasi.waiter
            return try Result(stream: { () throws(StreamError) -> Void in
                try unsafe contents.withUnsafeBytes { (bytes) throws(StreamError) -> Void in
                    try unsafe stream.object.stream.blockingWriteAndFlush(bytes, waiter: waiter)
                }
            })
        }
        interface.function("[method]output-stream.write-zeroes") {
            (context: inout HostContext, stream: Borrowed<OutputStreamResource>, length: UInt64) throws
                -> Result<Nothing, StreamFailure> in
            let waiter = try context.wasi.waiter
            return try Result(stream: { () throws(StreamError) -> Void in
                try stream.object.stream.writeZeroes(length, waiter: waiter)
            })
        }
        interface.function("[method]output-stream.blocking-write-zeroes-and-flush") {
            (context: inout HostContext, stream: Borrowed<OutputStreamResource>, length: UInt64) throws
                -> Result<Nothing, StreamFailure> in
            let waiter = try context.wasi.waiter
            return try Result(stream: { () throws(StreamError) -> Void in
                try stream.object.stream.blockingWriteZeroesAndFlush(length, waiter: waiter)
            })
        }
    }

    static func declareFlushing(in interface: inout HostInterface) {
        interface.function("[method]output-stream.flush") {
            (context: inout HostContext, stream: Borrowed<OutputStreamResource>) throws
                -> Result<Nothing, StreamFailure> in
            try Result(stream: { () throws(StreamError) -> Void in try stream.object.stream.flush() })
        }
        interface.function("[method]output-stream.blocking-flush") {
            (context: inout HostContext, stream: Borrowed<OutputStreamResource>) throws
                -> Result<Nothing, StreamFailure> in
            let waiter = try context.wasi.waiter
            return try Result(stream: { () throws(StreamError) -> Void in
                try stream.object.stream.blockingFlush(waiter: waiter)
            })
        }
        interface.function("[method]output-stream.subscribe") {
            (context: inout HostContext, stream: Borrowed<OutputStreamResource>) throws -> Owned<PollableResource> in
            Owned(PollableResource(.output(stream.object)))
        }
    }

    static func declareSplicing(in interface: inout HostInterface) {
        interface.function("[method]output-stream.splice") {
            (
                context: inout HostContext, stream: Borrowed<OutputStreamResource>,
                source: Borrowed<InputStreamResource>, length: UInt64
            ) throws -> Result<UInt64, StreamFailure> in
            let waiter = try context.wasi.waiter
            return try Result(stream: { () throws(StreamError) -> UInt64 in
                try stream.object.stream.splice(from: source.object.stream, count: length, waiter: waiter)
            })
        }
        interface.function("[method]output-stream.blocking-splice") {
            (
                context: inout HostContext, stream: Borrowed<OutputStreamResource>,
                source: Borrowed<InputStreamResource>, length: UInt64
            ) throws -> Result<UInt64, StreamFailure> in
            let waiter = try context.wasi.waiter
            return try Result(stream: { () throws(StreamError) -> UInt64 in
                try stream.object.stream.blockingSplice(from: source.object.stream, count: length, waiter: waiter)
            })
        }
    }
}

extension HostInterface {
    package mutating func declareOutputStream() {
        resource("output-stream", of: OutputStreamResource.self) { stream, _ in try stream.requireNoChildren() }
    }
}
