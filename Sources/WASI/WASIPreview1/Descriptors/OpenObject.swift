// What a number of the file table stands for.

import WASIHost

/// Something that a guest has open.
enum OpenObject {
    case input(InputObject)
    case output(any HostOutputStream)
    case file(OpenFile)
    case directory(OpenDirectory)
}

/// Standard input.
final class InputObject {
    let stream: any HostInputStream

    /// Whether reading answers `EAGAIN` where it would wait.
    var isNonblocking = false

    init(_ stream: any HostInputStream) {
        self.stream = stream
    }
}

/// A file that was opened by a path. Its position is the descriptor's.
final class OpenFile {
    let descriptor: Descriptor

    /// Whether reading and writing answer `EAGAIN` where they would wait. Files never make anybody wait; pipes do.
    var isNonblocking: Bool

    init(_ descriptor: Descriptor, isNonblocking: Bool) {
        self.descriptor = descriptor
        self.isNonblocking = isNonblocking
    }
}

extension OpenObject {
    /// The type that the guest is told.
    var type: FileTypeTag {
        get throws(HostError) {
            switch self {
            case .input(let input): input.stream.isTerminal ? .characterDevice : .unknown
            case .output(let stream): stream.isTerminal ? .characterDevice : .unknown
            case .file(let file): FileTypeTag(try file.descriptor.type())
            case .directory: .directory
            }
        }
    }
}
