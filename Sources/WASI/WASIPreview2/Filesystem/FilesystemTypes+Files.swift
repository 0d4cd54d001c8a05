// `wasi:filesystem/types`: reading and writing files, and streams of them. Bytes go between the file and the guest's
// memory.

import ComponentRuntime
import WASIHost

extension FilesystemTypes {
    static func declareFiles(in interface: inout HostInterface) {
        interface.function("[method]descriptor.read") {
            (context: inout HostContext, file: Borrowed<Descriptor>, length: UInt64, offset: UInt64) throws
                -> Result<Tuple<ByteList, Bool>, ErrorCode> in
            try read(file.object, length, offset, &context)
        }
        interface.function("[method]descriptor.write") {
            (context: inout HostContext, file: Borrowed<Descriptor>, contents: GuestBytes, offset: UInt64) throws
                -> Result<UInt64, ErrorCode> in
            Result(filesystem: { () throws(HostError) -> UInt64 in
                try unsafe contents.withUnsafeBytes { (bytes) throws(HostError) -> UInt64 in
                    UInt64(try unsafe file.object.write(bytes, at: offset))
                }
            })
        }
        interface.function("[method]descriptor.set-size") {
            (context: inout HostContext, file: Borrowed<Descriptor>, size: UInt64) throws
                -> Result<Nothing, ErrorCode> in
            Result(filesystem: { () throws(HostError) -> Void in try file.object.setSize(size) })
        }
        interface.function("[method]descriptor.advise") {
            (
                context: inout HostContext, file: Borrowed<Descriptor>, offset: UInt64, length: UInt64,
                advice: AdviceValue
            ) throws -> Result<Nothing, ErrorCode> in
            Result(filesystem: { () throws(HostError) -> Void in
                try file.object.advise(advice.advice, offset: offset, length: length)
            })
        }
        interface.function("[method]descriptor.sync") {
            (context: inout HostContext, object: Borrowed<Descriptor>) throws -> Result<Nothing, ErrorCode> in
            Result(filesystem: { () throws(HostError) -> Void in try object.object.sync() })
        }
        interface.function("[method]descriptor.sync-data") {
            (context: inout HostContext, object: Borrowed<Descriptor>) throws -> Result<Nothing, ErrorCode> in
            Result(filesystem: { () throws(HostError) -> Void in try object.object.syncData() })
        }
    }

    private static func read(
        _ file: Descriptor, _ length: UInt64, _ offset: UInt64, _ context: inout HostContext
    ) throws -> Result<Tuple<ByteList, Bool>, ErrorCode> {
        let room = min(Int(clamping: length), try context.wasi.limits.readLength)
        if room == 0 {
            return Result(filesystem: { () throws(HostError) -> Tuple<ByteList, Bool> in
                _ = try unsafe file.read(into: UnsafeMutableRawBufferPointer(start: nil, count: 0), at: offset)
                return Tuple(ByteList([]), true)
            })
        }
        let result = try unsafe context.fill(upTo: room) { (buffer) throws(HostError) -> Int in
            try unsafe file.read(into: buffer, at: offset)
        }
        return result.map { Tuple($0, $0.count == 0) }.mapError(ErrorCode.init)
    }

    static func declareStreams(in interface: inout HostInterface) {
        interface.function("[method]descriptor.read-via-stream") {
            (context: inout HostContext, file: Borrowed<Descriptor>, offset: UInt64) throws
                -> Result<Owned<InputStreamResource>, ErrorCode> in
            Result(filesystem: { () throws(HostError) -> Owned<InputStreamResource> in
                Owned(InputStreamResource(try file.object.readStream(at: offset)))
            })
        }
        interface.function("[method]descriptor.write-via-stream") {
            (context: inout HostContext, file: Borrowed<Descriptor>, offset: UInt64) throws
                -> Result<Owned<OutputStreamResource>, ErrorCode> in
            Result(filesystem: { () throws(HostError) -> Owned<OutputStreamResource> in
                Owned(OutputStreamResource(try file.object.writeStream(at: offset)))
            })
        }
        interface.function("[method]descriptor.append-via-stream") {
            (context: inout HostContext, file: Borrowed<Descriptor>) throws
                -> Result<Owned<OutputStreamResource>, ErrorCode> in
            Result(filesystem: { () throws(HostError) -> Owned<OutputStreamResource> in
                Owned(OutputStreamResource(try file.object.appendStream()))
            })
        }
    }
}
