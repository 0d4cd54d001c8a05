// `wasi:filesystem/types`: the entries of directories: opening, making, moving, removing and listing them.

import ComponentRuntime
import WASIHost

extension FilesystemTypes {
    static func declareEntries(in interface: inout HostInterface) {
        interface.function("[method]descriptor.open-at") {
            (
                context: inout HostContext, directory: Borrowed<Descriptor>, pathFlags: PathFlags, path: String,
                openFlags: OpenFlags, flags: DescriptorFlags
            ) throws -> Result<Owned<Descriptor>, ErrorCode> in
            Result(filesystem: { () throws(HostError) -> Owned<Descriptor> in
                Owned(
                    try directory.object.open(at: path, pathFlags: pathFlags, openFlags: openFlags, flags: flags))
            })
        }
        interface.function("[method]descriptor.link-at") {
            (
                context: inout HostContext, directory: Borrowed<Descriptor>, pathFlags: PathFlags, path: String,
                newDirectory: Borrowed<Descriptor>, newPath: String
            ) throws -> Result<Nothing, ErrorCode> in
            Result(filesystem: { () throws(HostError) -> Void in
                try directory.object.link(
                    at: path, pathFlags: pathFlags, to: newDirectory.object, at: newPath)
            })
        }
        interface.function("[method]descriptor.rename-at") {
            (
                context: inout HostContext, directory: Borrowed<Descriptor>, path: String,
                newDirectory: Borrowed<Descriptor>, newPath: String
            ) throws -> Result<Nothing, ErrorCode> in
            Result(filesystem: { () throws(HostError) -> Void in
                try directory.object.rename(at: path, to: newDirectory.object, at: newPath)
            })
        }
        interface.function("[method]descriptor.symlink-at") {
            (context: inout HostContext, directory: Borrowed<Descriptor>, target: String, path: String) throws
                -> Result<Nothing, ErrorCode> in
            Result(filesystem: { () throws(HostError) -> Void in
                try directory.object.createSymbolicLink(at: path, target: target)
            })
        }
        interface.function("[method]descriptor.readlink-at") {
            (context: inout HostContext, directory: Borrowed<Descriptor>, path: String) throws
                -> Result<String, ErrorCode> in
            Result(filesystem: { () throws(HostError) -> String in try directory.object.readLink(at: path) })
        }
        interface.function("[method]descriptor.unlink-file-at") {
            (context: inout HostContext, directory: Borrowed<Descriptor>, path: String) throws
                -> Result<Nothing, ErrorCode> in
            Result(filesystem: { () throws(HostError) -> Void in try directory.object.unlinkFile(at: path) })
        }
    }

    static func declareDirectories(in interface: inout HostInterface) {
        interface.function("[method]descriptor.create-directory-at") {
            (context: inout HostContext, directory: Borrowed<Descriptor>, path: String) throws
                -> Result<Nothing, ErrorCode> in
            Result(filesystem: { () throws(HostError) -> Void in try directory.object.createDirectory(at: path) })
        }
        interface.function("[method]descriptor.remove-directory-at") {
            (context: inout HostContext, directory: Borrowed<Descriptor>, path: String) throws
                -> Result<Nothing, ErrorCode> in
            Result(filesystem: { () throws(HostError) -> Void in try directory.object.removeDirectory(at: path) })
        }
        interface.function("[method]descriptor.read-directory") {
            (context: inout HostContext, directory: Borrowed<Descriptor>) throws
                -> Result<Owned<DirectoryListing>, ErrorCode> in
            Result(filesystem: { () throws(HostError) -> Owned<DirectoryListing> in
                Owned(try directory.object.listing())
            })
        }
        interface.function("[method]directory-entry-stream.read-directory-entry") {
            (context: inout HostContext, listing: Borrowed<DirectoryListing>) throws -> Result<Entry?, ErrorCode> in
            Result(filesystem: { () throws(HostError) -> Entry? in
                try listing.object.next().map { Entry(type: DescriptorType($0.type), name: $0.name) }
            })
        }
    }
}
