// The sets of flags of WASI 0.1.

import WASIHost
import WasmTypes

/// `fdflags`
struct FileFlags: GuestFlags {
    let rawValue: UInt16

    static let append = FileFlags(rawValue: 1 << 0)
    static let dsync = FileFlags(rawValue: 1 << 1)
    static let nonblock = FileFlags(rawValue: 1 << 2)
    static let rsync = FileFlags(rawValue: 1 << 3)
    static let sync = FileFlags(rawValue: 1 << 4)

    static let all: FileFlags = [append, dsync, nonblock, rsync, sync]
    static let synchronizing: FileFlags = [dsync, rsync, sync]
}

extension FileFlags {
    /// How a file with these flags is written. To read as safely as one writes is to write so: no system has more.
    var writingMode: WritingMode {
        var mode: WritingMode = []
        if contains(.append) { mode.insert(.append) }
        if contains(.dsync) { mode.insert(.synchronizedData) }
        if !isDisjoint(with: [.sync, .rsync]) { mode.insert(.synchronized) }
        return mode
    }

    init(_ mode: WritingMode) {
        self = []
        if mode.contains(.append) { insert(.append) }
        if mode.contains(.synchronizedData) { insert(.dsync) }
        if mode.contains(.synchronized) { insert(.sync) }
    }
}

/// `fstflags`: which of a file's times are to be set, and to what.
struct TimeFlags: GuestFlags {
    let rawValue: UInt16

    static let atim = TimeFlags(rawValue: 1 << 0)
    static let atimNow = TimeFlags(rawValue: 1 << 1)
    static let mtim = TimeFlags(rawValue: 1 << 2)
    static let mtimNow = TimeFlags(rawValue: 1 << 3)

    static let all: TimeFlags = [atim, atimNow, mtim, mtimNow]
}

extension TimeFlags {
    /// What the times are to be, given in nanoseconds since 1970. Throws `EINVAL` if one of them is to be two things.
    func times(accessed: UInt64, modified: UInt64) throws -> (accessed: NewTimestamp, modified: NewTimestamp) {
        try (time(accessed, contains(.atim), isNow: contains(.atimNow)),
            time(modified, contains(.mtim), isNow: contains(.mtimNow)))
    }

    private func time(_ nanoseconds: UInt64, _ isSet: Bool, isNow: Bool) throws -> NewTimestamp {
        switch (isSet, isNow) {
        case (true, true): throw Errno.inval
        case (false, true): return .now
        case (false, false): return .unchanged
        case (true, false):
            return .at(
                try Timestamp(
                    seconds: nanoseconds / 1_000_000_000, nanoseconds: UInt32(nanoseconds % 1_000_000_000)))
        }
    }
}

/// `oflags`. The bits are those of the `open-flags` of WASI 0.2.
extension OpenFlags: GuestParameter {
    static var coreTypes: [ValueType] { [.i32] }

    init(_ slots: inout Slots) throws(Errno) {
        let bits = UInt32(&slots)
        guard bits & ~0xF == 0 else { throw .inval }
        self.init(rawValue: UInt8(bits))
    }
}

/// `lookupflags`. The bit is that of the `path-flags` of WASI 0.2.
extension PathFlags: GuestParameter {
    static var coreTypes: [ValueType] { [.i32] }

    init(_ slots: inout Slots) throws(Errno) {
        let bits = UInt32(&slots)
        guard bits & ~1 == 0 else { throw .inval }
        self.init(rawValue: UInt8(bits))
    }
}

/// `riflags`
struct ReceiveFlags: GuestFlags {
    let rawValue: UInt16

    static let all = ReceiveFlags(rawValue: 0b11)
}

/// `sdflags`
struct ShutdownFlags: GuestFlags {
    let rawValue: UInt16

    static let all = ShutdownFlags(rawValue: 0b11)
}
