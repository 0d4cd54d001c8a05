// The table behind the numbers: 0, 1 and 2 are the standard streams, the preopened directories follow, and what is
// opened takes the lowest number that is free, as programs from POSIX expect.

import WASIHost

/// What a guest has open, by number.
struct FileTable {
    private var entries: [OpenObject?]

    /// No number below is free.
    private var lowestFree: Int


    init(_ configuration: HostConfiguration) throws(HostError) {
        let budget = configuration.makeDescriptorBudget()
        entries = [
            .input(InputObject(configuration.standardInput)), .output(configuration.standardOutput),
            .output(configuration.standardError),
        ]
        for (descriptor, path) in try configuration.openPreopens(budget: budget) {
            entries.append(.directory(OpenDirectory(descriptor, preopenedAs: path)))
        }
        lowestFree = entries.count
    }

    /// Gives an object a number.
    mutating func insert(_ object: OpenObject) -> FileNumber {
        while lowestFree < entries.count, entries[lowestFree] != nil { lowestFree += 1 }
        if lowestFree == entries.count { entries.append(nil) }
        entries[lowestFree] = object
        lowestFree += 1
        return FileNumber(rawValue: UInt32(truncatingIfNeeded: lowestFree - 1))
    }

    /// What is open under a number. Throws `EBADF` if nothing is.
    subscript(number: FileNumber) -> OpenObject {
        get throws(Errno) {
            guard number.rawValue < entries.count, let object = entries[Int(number.rawValue)] else { throw .badf }
            return object
        }
    }

    /// Frees a number; the object behind it is closed.
    mutating func close(_ number: FileNumber) throws(Errno) {
        _ = try self[number]
        let index = Int(number.rawValue)
        entries[index] = nil
        lowestFree = min(lowestFree, index)
    }

    /// Gives the object behind `number` the number `other`, and closes what that stood for. Both must be open.
    mutating func renumber(_ number: FileNumber, to other: FileNumber) throws(Errno) {
        let object = try self[number]
        _ = try self[other]
        if number == other { return }
        entries[Int(other.rawValue)] = object
        try close(number)
    }
}

extension FileTable {
    /// The file with this number. Throws `EBADF` for anything else.
    func file(_ number: FileNumber) throws(Errno) -> OpenFile {
        guard case .file(let file) = try self[number] else { throw .badf }
        return file
    }

    /// The directory with this number. Throws `EBADF` for anything else.
    func directory(_ number: FileNumber) throws(Errno) -> OpenDirectory {
        guard case .directory(let directory) = try self[number] else { throw .badf }
        return directory
    }

    /// The file or directory with this number. Throws `EBADF` for a stream.
    func descriptor(_ number: FileNumber) throws(Errno) -> Descriptor {
        switch try self[number] {
        case .file(let file): return file.descriptor
        case .directory(let directory): return directory.descriptor
        case .input, .output: throw .badf
        }
    }

    /// The file with this number, which has a position. Throws `ESPIPE` for a stream and `EBADF` for a directory.
    func seekable(_ number: FileNumber) throws(Errno) -> Descriptor {
        switch try self[number] {
        case .file(let file): return file.descriptor
        case .directory: throw .badf
        case .input, .output: throw .spipe
        }
    }
}
