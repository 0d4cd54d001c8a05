// A directory that a guest has open, and how its entries are handed out. `fd_readdir` fills a buffer and cuts off the
// entry that does not fit; the guest asks again with the cookie of the last entry that it took. Cookies are the
// system's own, so a listing goes on where it was though entries are removed meanwhile, and the entry that was cut off
// is kept, so that going on costs nothing.

import WASIHost

/// A directory that was preopened or opened by a path.
final class OpenDirectory {
    let descriptor: Descriptor

    /// The guest's path for it; nil for one that was opened by a path.
    let preopenPath: String?

    private var listing: DirectoryListing?

    /// The cookie of what `listing`, or `unread` before it, gives next.
    private var position: UInt64 = 0

    /// Read from the system, but not handed out whole.
    private var unread: DirectoryEntry?

    init(_ descriptor: Descriptor, preopenedAs path: String? = nil) {
        self.descriptor = descriptor
        preopenPath = path
    }

    /// Fills `buffer` with entries from `cookie` on, the last one perhaps cut off, and answers how many bytes. Fewer
    /// than there is room for say that the listing is at its end.
    ///
    /// Names that are not UTF-8, which no path of a guest can hold, are left out.
    func read(into buffer: UnsafeMutableRawBufferPointer, from cookie: UInt64) throws(HostError) -> Int {
        let listing = try listing(from: cookie)
        var used = 0
        while used < buffer.count {
            guard let entry = unread != nil ? unread : try next(of: listing) else { break }
            let room = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[used...])
            used += unsafe entry.store(into: room)
            if entry.recordSize > room.count {
                unread = entry
                break
            }
            unread = nil
            position = UInt64(bitPattern: entry.cookie)
        }
        return used
    }

    private func listing(from cookie: UInt64) throws(HostError) -> DirectoryListing {
        guard let listing else {
            let made = try descriptor.listing(includesDots: true)
            if cookie != 0 { made.resume(at: Int64(bitPattern: cookie)) }
            position = cookie
            listing = made
            return made
        }
        // From the start, the directory is read anew.
        if cookie != position || cookie == 0 {
            listing.resume(at: Int64(bitPattern: cookie))
            unread = nil
            position = cookie
        }
        return listing
    }

    private func next(of listing: DirectoryListing) throws(HostError) -> DirectoryEntry? {
        while true {
            do throws(HostError) {
                return try listing.next()
            } catch {
                if error != .illegalByteSequence { throw error }
            }
        }
    }
}

extension DirectoryEntry {
    /// `dirent` and the name behind it.
    fileprivate var recordSize: Int { 24 + name.utf8.count }

    /// Stores as much as there is room for, and answers how many bytes.
    fileprivate func store(into room: UnsafeMutableRawBufferPointer) -> Int {
        unsafe withUnsafeTemporaryAllocation(byteCount: 24, alignment: 8) { bytes in
            let head = unsafe Record(bytes)
            head.clear()
            head.set(UInt64(bitPattern: cookie), at: 0)
            head.set(MetadataHash(identity).lower, at: 8)
            head.set(UInt32(truncatingIfNeeded: name.utf8.count), at: 16)
            head.set(FileTypeTag(type).rawValue, at: 20)
            let headCount = min(24, room.count)
            unsafe room.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<headCount]))
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: room[headCount...])
            let nameCount = min(rest.count, name.utf8.count)
            unsafe rest.copyBytes(from: name.utf8.prefix(nameCount))
            return headCount + nameCount
        }
    }
}
