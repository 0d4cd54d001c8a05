// Setting the times of objects: `set-times` and `set-times-at`.

import CWASIHost

/// What a time is to be set to: `new-timestamp` of `wasi:filesystem/types`.
package enum NewTimestamp: Sendable, Hashable {
    case unchanged
    case now
    case at(Timestamp)

    fileprivate var parts: (seconds: Int64, nanoseconds: Int64) {
        switch self {
        case .unchanged: (0, wasihost_time_omit)
        case .now: (0, wasihost_time_now)
        case .at(let time): (time.seconds, Int64(time.nanoseconds))
        }
    }
}

/// The access and the modification time as the system takes them.
private struct NewTimes {
    let values: [Int64]

    init(accessed: NewTimestamp, modified: NewTimestamp) {
        let (first, second) = (accessed.parts, modified.parts)
        self.values = [first.seconds, first.nanoseconds, second.seconds, second.nanoseconds]
    }

    func set(_ handle: OwnedFileDescriptor) throws(HostError) {
        _ = try kernelCall { unsafe wasihost_set_times(handle.rawValue, values) }
    }

    func set(_ directory: OwnedFileDescriptor, entry name: UnsafePointer<CChar>) throws(HostError) {
        _ = try kernelCall { unsafe wasihost_set_times_at(directory.rawValue, name, values) }
    }
}

extension Descriptor {
    /// Sets the times of the object itself.
    package func setTimes(accessed: NewTimestamp, modified: NewTimestamp) throws(HostError) {
        try requireWriteRight()
        try NewTimes(accessed: accessed, modified: modified).set(handle)
    }

    /// Sets the times of what `path` leads to beneath this directory.
    package func setTimes(
        at path: String, pathFlags: PathFlags, accessed: NewTimestamp, modified: NewTimestamp
    ) throws(HostError) {
        try requireDirectory()
        try requireWriteRight()
        let times = NewTimes(accessed: accessed, modified: modified)
        let path = try GuestPath(path)
        if pathFlags.contains(.symlinkFollow), SystemOpenFlags.canNameObjects {
            try times.set(handle.openBeneath(path, flags: SystemOpenFlags.name, by: resolution))
        } else if pathFlags.contains(.symlinkFollow) {
            try unsafe handle.setTimesByWalk(path) { (directory, name) throws(HostError) in
                try unsafe times.set(directory, entry: name)
            }
        } else {
            let entry = try handle.locate(path, by: resolution)
            try unsafe entry.name.withCString { (name) throws(HostError) in
                try unsafe times.set(entry.directory, entry: name)
            }
        }
    }
}
