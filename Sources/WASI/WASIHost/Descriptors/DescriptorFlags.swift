// The flag sets of `wasi:filesystem/types`. The raw values are the bits of the canonical ABI: the first flag of the WIT
// is the lowest bit.

/// `path-flags`
package struct PathFlags: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// A symbolic link at the end of the path is followed.
    package static let symlinkFollow = PathFlags(rawValue: 1 << 0)
}

/// `open-flags`
package struct OpenFlags: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Creates the file if there is none.
    package static let create = OpenFlags(rawValue: 1 << 0)

    /// Fails if it is no directory.
    package static let directory = OpenFlags(rawValue: 1 << 1)

    /// With `create`, fails if there is an entry already.
    package static let exclusive = OpenFlags(rawValue: 1 << 2)

    /// Empties the file.
    package static let truncate = OpenFlags(rawValue: 1 << 3)
}

/// `descriptor-flags`
package struct DescriptorFlags: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let read = DescriptorFlags(rawValue: 1 << 0)
    package static let write = DescriptorFlags(rawValue: 1 << 1)

    /// Like `O_SYNC`. Opening with it is not supported.
    package static let fileIntegritySync = DescriptorFlags(rawValue: 1 << 2)

    /// Like `O_DSYNC`. Opening with it is not supported.
    package static let dataIntegritySync = DescriptorFlags(rawValue: 1 << 3)

    /// Like `O_RSYNC`. Opening with it is not supported.
    package static let requestedWriteSync = DescriptorFlags(rawValue: 1 << 4)

    /// The entries of the directory may be changed.
    package static let mutateDirectory = DescriptorFlags(rawValue: 1 << 5)
}

/// `advice`. The raw value is the index in the WIT enum.
package enum Advice: UInt8, Sendable {
    case normal
    case sequential
    case random
    case willNeed
    case dontNeed
    case noReuse
}
