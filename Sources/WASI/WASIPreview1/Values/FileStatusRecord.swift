// `filestat`. In the version before, a count of links was half as wide, so all that follows it lay elsewhere.

import WASIHost

/// `filestat`
struct FileStatusRecord {
    private let device: UInt64
    private let inode: UInt64
    private let type: FileTypeTag
    private let linkCount: UInt64
    private let size: UInt64
    /// Accessed, modified, status changed; in nanoseconds since 1970.
    private let times: [UInt64]

    /// The host's own numbers are not told, but the inode still tells objects apart, whatever device they are on.
    init(_ status: FileStatus) {
        device = 1
        inode = MetadataHash(status.identity).lower
        type = FileTypeTag(status.type)
        linkCount = status.linkCount
        size = status.size
        times = [status.accessed, status.modified, status.statusChanged].map(\.nanosecondsSince1970)
    }

    /// Of a stream, which is nothing but its type.
    init(_ type: FileTypeTag) {
        device = 0
        inode = 0
        self.type = type
        linkCount = 0
        size = 0
        times = [0, 0, 0]
    }

    func store(to pointer: Pointer<FileStatusRecord>, _ call: GuestCall) throws {
        let isWide = call.version == .preview1
        let record = try call.memory.record(at: pointer.address, size: isWide ? 64 : 56)
        record.clear()
        record.set(device, at: 0)
        record.set(inode, at: 8)
        record.set(type.rawValue, at: 16)
        if isWide {
            record.set(linkCount, at: 24)
        } else {
            record.set(UInt32(clamping: linkCount), at: 20)
        }
        let rest = isWide ? 32 : 24
        record.set(size, at: rest)
        for (index, time) in times.enumerated() { record.set(time, at: rest + 8 + 8 * index) }
    }
}

extension Timestamp {
    /// As WASI 0.1 has times, which begin in 1970 and last for 584 years; what is outside is its beginning or end.
    var nanosecondsSince1970: UInt64 {
        guard let seconds = UInt64(exactly: seconds) else { return 0 }
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflows) = whole.addingReportingOverflow(UInt64(nanoseconds))
        return overflow || overflows ? .max : sum
    }
}
