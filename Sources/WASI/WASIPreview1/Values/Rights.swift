// `rights`. They were made for handing descriptors on with less power, which nothing did in the end: the grants of the
// host are what holds. Here they say how a file is to be opened, and are told as programs expect to see them.

import WASIHost
import WasmTypes

/// `rights`
struct Rights: OptionSet, GuestParameter, Sendable {
    let rawValue: UInt64

    static var coreTypes: [ValueType] { [.i64] }

    init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Bits that have no meaning are taken and forgotten, for some programs ask for all.
    init(_ slots: inout Slots) { rawValue = UInt64(&slots) & Rights.all.rawValue }

    static let fdDatasync = Rights(rawValue: 1 << 0)
    static let fdRead = Rights(rawValue: 1 << 1)
    static let fdSeek = Rights(rawValue: 1 << 2)
    static let fdFdstatSetFlags = Rights(rawValue: 1 << 3)
    static let fdSync = Rights(rawValue: 1 << 4)
    static let fdTell = Rights(rawValue: 1 << 5)
    static let fdWrite = Rights(rawValue: 1 << 6)
    static let fdAdvise = Rights(rawValue: 1 << 7)
    static let fdAllocate = Rights(rawValue: 1 << 8)
    static let pathCreateDirectory = Rights(rawValue: 1 << 9)
    static let pathCreateFile = Rights(rawValue: 1 << 10)
    static let pathLinkSource = Rights(rawValue: 1 << 11)
    static let pathLinkTarget = Rights(rawValue: 1 << 12)
    static let pathOpen = Rights(rawValue: 1 << 13)
    static let fdReaddir = Rights(rawValue: 1 << 14)
    static let pathReadlink = Rights(rawValue: 1 << 15)
    static let pathRenameSource = Rights(rawValue: 1 << 16)
    static let pathRenameTarget = Rights(rawValue: 1 << 17)
    static let pathFilestatGet = Rights(rawValue: 1 << 18)
    static let pathFilestatSetSize = Rights(rawValue: 1 << 19)
    static let pathFilestatSetTimes = Rights(rawValue: 1 << 20)
    static let fdFilestatGet = Rights(rawValue: 1 << 21)
    static let fdFilestatSetSize = Rights(rawValue: 1 << 22)
    static let fdFilestatSetTimes = Rights(rawValue: 1 << 23)
    static let pathSymlink = Rights(rawValue: 1 << 24)
    static let pathRemoveDirectory = Rights(rawValue: 1 << 25)
    static let pathUnlinkFile = Rights(rawValue: 1 << 26)
    static let pollFdReadwrite = Rights(rawValue: 1 << 27)
    static let sockShutdown = Rights(rawValue: 1 << 28)
    static let sockAccept = Rights(rawValue: 1 << 29)

    static let all = Rights(rawValue: 1 << 30 - 1)
}

extension Rights {
    /// What a preopened directory says: all that makes sense for one. C libraries look for it before they open anything
    /// beneath.
    static let preopened: Rights = [
        .pathCreateDirectory, .pathCreateFile, .pathLinkSource, .pathLinkTarget, .pathOpen, .fdReaddir, .pathReadlink,
        .pathRenameSource, .pathRenameTarget, .pathSymlink, .pathRemoveDirectory, .pathUnlinkFile, .pathFilestatGet,
        .pathFilestatSetTimes, .fdFilestatGet, .fdFilestatSetTimes,
    ]

    /// What can be had of things opened beneath it.
    static let inherited: Rights = preopened.union([
        .fdDatasync, .fdRead, .fdSeek, .fdFdstatSetFlags, .fdSync, .fdTell, .fdWrite, .fdAdvise, .fdAllocate,
        .fdFilestatSetSize, .pollFdReadwrite,
    ])

    /// What a descriptor that was opened by a path says.
    init(of descriptor: Descriptor) throws(HostError) {
        self = .all
        if descriptor.isDirectory { subtract([.fdSeek, .fdFilestatSetSize, .pathFilestatSetSize]) }
        let flags = try descriptor.flags()
        if !flags.contains(.read) { subtract([.fdRead, .fdReaddir]) }
        if !flags.contains(.write) { remove(.fdWrite) }
    }

    /// What these rights, asked for in opening, want to do with the file.
    var access: DescriptorFlags {
        var access: DescriptorFlags = []
        if contains(.fdRead) { access.insert(.read) }
        if contains(.fdWrite) { access.insert(.write) }
        return access
    }
}
