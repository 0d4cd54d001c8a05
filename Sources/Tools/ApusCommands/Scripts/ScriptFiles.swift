// Which scripts are meant: the files that are named, and of a directory all `.wast` files in and beneath it.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

enum ScriptFiles {
    /// The paths of the scripts, those of a directory in order of their names.
    static func find(_ paths: [String]) throws(Diagnostic) -> [String] {
        var files: [String] = []
        for path in paths {
            guard isDirectory(path, followingLinks: true) else {
                files.append(path)
                continue
            }
            let found = try scripts(beneath: path)
            if found.isEmpty { throw Diagnostic(.badFile, "no .wast file is in \(path) or beneath it") }
            files += found
        }
        return files
    }

    /// A link to a directory is not followed: it may lead back to where it stands.
    private static func scripts(beneath root: String) throws(Diagnostic) -> [String] {
        var found: [String] = []
        var waiting = [root]
        while let directory = waiting.popLast() {
            for name in try entries(of: directory) {
                let path = directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
                if isDirectory(path, followingLinks: false) {
                    waiting.append(path)
                } else if name.hasSuffix(".wast") {
                    found.append(path)
                }
            }
        }
        return found.sorted()
    }

    private static func isDirectory(_ path: String, followingLinks: Bool) -> Bool {
        var status = stat()
        let result = unsafe followingLinks ? stat(path, &status) : lstat(path, &status)
        return result == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func entries(of directory: String) throws(Diagnostic) -> [String] {
        guard let stream = unsafe opendir(directory) else {
            throw Diagnostic(.badFile, "cannot open \(directory): \(systemMessage(errno))")
        }
        defer { unsafe _ = closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { start in
                unsafe start.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: entry.pointee.d_name)) {
                    unsafe String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
