// How WASI 0.1 lets a file be written: the flags that go with an open file and not with one write.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What an open file does with all that is written to it.
package struct WritingMode: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Every write goes to the end of the file.
    package static let append = WritingMode(rawValue: 1 << 0)

    /// A write returns when its data are on the disk.
    package static let synchronizedData = WritingMode(rawValue: 1 << 1)

    /// A write returns when its data and the file's status are on the disk.
    package static let synchronized = WritingMode(rawValue: 1 << 2)
}

extension WritingMode {
    var systemFlags: CInt {
        var flags: CInt = 0
        if contains(.append) { flags |= O_APPEND }
        if contains(.synchronizedData) { flags |= O_DSYNC }
        if contains(.synchronized) { flags |= O_SYNC }
        return flags
    }

    init(systemFlags: CInt) {
        self = []
        if systemFlags & O_APPEND != 0 { insert(.append) }
        if systemFlags & O_SYNC == O_SYNC {
            insert(.synchronized)
        } else if systemFlags & O_DSYNC == O_DSYNC {
            insert(.synchronizedData)
        }
    }
}

extension Descriptor {
    /// How the file is written now.
    package var writingMode: WritingMode {
        get throws(HostError) { WritingMode(systemFlags: try systemCall { fcntl(handle.rawValue, F_GETFL) }) }
    }

    /// Lets all writes go to the end of the file from now on, or no longer.
    package func setAppending(_ isAppending: Bool) throws(HostError) {
        let flags = try systemCall { fcntl(handle.rawValue, F_GETFL) }
        let wanted = isAppending ? flags | O_APPEND : flags & ~O_APPEND
        if wanted != flags { _ = try systemCall { fcntl(handle.rawValue, F_SETFL, wanted) } }
    }
}
