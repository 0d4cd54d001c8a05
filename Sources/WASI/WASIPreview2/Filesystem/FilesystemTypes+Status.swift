// `wasi:filesystem/types`: what a guest may ask about an object, and its times.

import ComponentRuntime
import WASIHost

extension FilesystemTypes {
    static func declareStatus(in interface: inout HostInterface) {
        interface.function("[method]descriptor.get-flags") {
            (context: inout HostContext, object: Borrowed<Descriptor>) throws -> Result<DescriptorFlags, ErrorCode> in
            Result(filesystem: { () throws(HostError) -> DescriptorFlags in try object.object.flags() })
        }
        interface.function("[method]descriptor.get-type") {
            (context: inout HostContext, object: Borrowed<Descriptor>) throws -> Result<DescriptorType, ErrorCode> in
            Result(filesystem: { () throws(HostError) -> DescriptorType in DescriptorType(try object.object.type()) })
        }
        interface.function("[method]descriptor.stat") {
            (context: inout HostContext, object: Borrowed<Descriptor>) throws -> Result<DescriptorStat, ErrorCode> in
            Result(filesystem: { () throws(HostError) -> DescriptorStat in
                DescriptorStat(try object.object.status())
            })
        }
        interface.function("[method]descriptor.stat-at") {
            (context: inout HostContext, directory: Borrowed<Descriptor>, flags: PathFlags, path: String) throws
                -> Result<DescriptorStat, ErrorCode> in
            Result(filesystem: { () throws(HostError) -> DescriptorStat in
                DescriptorStat(try directory.object.status(at: path, pathFlags: flags))
            })
        }
        interface.function("[method]descriptor.is-same-object") {
            (context: inout HostContext, object: Borrowed<Descriptor>, other: Borrowed<Descriptor>) throws -> Bool in
            // The interface has no error here; the system cannot fail to tell an open object.
            try object.object.isSameObject(as: other.object)
        }
        interface.function("[method]descriptor.metadata-hash") {
            (context: inout HostContext, object: Borrowed<Descriptor>) throws
                -> Result<MetadataHashValue, ErrorCode> in
            Result(filesystem: { () throws(HostError) -> MetadataHashValue in
                MetadataHashValue(try object.object.metadataHash())
            })
        }
        interface.function("[method]descriptor.metadata-hash-at") {
            (context: inout HostContext, directory: Borrowed<Descriptor>, flags: PathFlags, path: String) throws
                -> Result<MetadataHashValue, ErrorCode> in
            Result(filesystem: { () throws(HostError) -> MetadataHashValue in
                MetadataHashValue(try directory.object.metadataHash(at: path, pathFlags: flags))
            })
        }
        interface.function("[method]descriptor.set-times") {
            (
                context: inout HostContext, object: Borrowed<Descriptor>, accessed: NewTimestampValue,
                modified: NewTimestampValue
            ) throws -> Result<Nothing, ErrorCode> in
            Result(filesystem: { () throws(HostError) -> Void in
                try object.object.setTimes(accessed: accessed.timestamp(), modified: modified.timestamp())
            })
        }
        interface.function("[method]descriptor.set-times-at") {
            (
                context: inout HostContext, directory: Borrowed<Descriptor>, flags: PathFlags, path: String,
                accessed: NewTimestampValue, modified: NewTimestampValue
            ) throws -> Result<Nothing, ErrorCode> in
            Result(filesystem: { () throws(HostError) -> Void in
                try directory.object.setTimes(
                    at: path, pathFlags: flags, accessed: accessed.timestamp(), modified: modified.timestamp())
            })
        }
    }
}
