// The values of `wasi:filesystem/types`. Flags are those of the host itself, whose bits are the interface's.

import ComponentRuntime
package import WASIHost

extension PathFlags: ComponentFlags {
    package static let labels = ["symlink-follow"]
}

extension OpenFlags: ComponentFlags {
    package static let labels = ["create", "directory", "exclusive", "truncate"]
}

extension DescriptorFlags: ComponentFlags {
    package static let labels = [
        "read", "write", "file-integrity-sync", "data-integrity-sync", "requested-write-sync", "mutate-directory",
    ]
}

extension FilesystemTypes {
    /// `descriptor-type`
    enum DescriptorType: String, ComponentEnumeration {
        case unknown
        case blockDevice = "block-device"
        case characterDevice = "character-device"
        case directory
        case fifo
        case symbolicLink = "symbolic-link"
        case regularFile = "regular-file"
        case socket

        init(_ type: FileType) {
            self = Self.numbered(type.rawValue) ?? .unknown
        }
    }

    /// `advice`
    enum AdviceValue: String, ComponentEnumeration {
        case normal
        case sequential
        case random
        case willNeed = "will-need"
        case dontNeed = "dont-need"
        case noReuse = "no-reuse"

        var advice: Advice {
            switch self {
            case .normal: .normal
            case .sequential: .sequential
            case .random: .random
            case .willNeed: .willNeed
            case .dontNeed: .dontNeed
            case .noReuse: .noReuse
            }
        }
    }

    /// `new-timestamp`
    enum NewTimestampValue: ComponentVariant {
        case noChange
        case now
        case timestamp(Datetime)

        static let cases = VariantCases<NewTimestampValue>(
            .init("no-change", .noChange) { if case .noChange = $0 { true } else { false } },
            .init("now", .now) { if case .now = $0 { true } else { false } },
            .init("timestamp", NewTimestampValue.timestamp) { if case .timestamp(let time) = $0 { time } else { nil } })

        /// Throws `EOVERFLOW` for a time that the host cannot tell.
        func timestamp() throws(HostError) -> NewTimestamp {
            switch self {
            case .noChange: .unchanged
            case .now: .now
            case .timestamp(let time): .at(try Timestamp(seconds: time.seconds, nanoseconds: time.nanoseconds))
            }
        }
    }

    /// `descriptor-stat`
    struct DescriptorStat: ComponentRecord {
        var type: DescriptorType
        var linkCount: UInt64
        var size: UInt64
        var dataAccess: Datetime?
        var dataModification: Datetime?
        var statusChange: Datetime?

        static let fields = RecordFields(
            DescriptorStat.init(type:linkCount:size:dataAccess:dataModification:statusChange:),
            RecordField("type", \.type), RecordField("link-count", \.linkCount), RecordField("size", \.size),
            RecordField("data-access-timestamp", \.dataAccess),
            RecordField("data-modification-timestamp", \.dataModification),
            RecordField("status-change-timestamp", \.statusChange))
    }

    /// `directory-entry`
    struct Entry: ComponentRecord {
        var type: DescriptorType
        var name: String

        static let fields = RecordFields(
            Entry.init(type:name:), RecordField("type", \.type), RecordField("name", \.name))
    }

    /// `metadata-hash-value`
    struct MetadataHashValue: ComponentRecord {
        var lower: UInt64
        var upper: UInt64

        static let fields = RecordFields(
            MetadataHashValue.init(lower:upper:), RecordField("lower", \.lower), RecordField("upper", \.upper))
    }
}

extension FilesystemTypes.DescriptorStat {
    /// A time before 1970, which a `datetime` cannot say, is left out.
    init(_ status: FileStatus) {
        self.init(
            type: FilesystemTypes.DescriptorType(status.type), linkCount: status.linkCount, size: status.size,
            dataAccess: Datetime(status.accessed), dataModification: Datetime(status.modified),
            statusChange: Datetime(status.statusChanged))
    }
}

extension FilesystemTypes.MetadataHashValue {
    init(_ hash: MetadataHash) {
        self.init(lower: hash.lower, upper: hash.upper)
    }
}
