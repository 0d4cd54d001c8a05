// What the system says of this process, under the names that Prometheus's clients have agreed upon. On Linux it is in proc(5);
// elsewhere only what POSIX knows is told.

import HTTPTransport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

enum ProcessFigures {
    static func write(into text: inout ExpositionText) {
        #if os(Linux)
            if let figures = Figures() {
                text.add(
                    "process_cpu_seconds_total", .counter, "Total user and system CPU time spent in seconds.", figures.cpuSeconds)
                text.add("process_resident_memory_bytes", .gauge, "Resident memory size in bytes.", figures.residentBytes)
                text.add("process_virtual_memory_bytes", .gauge, "Virtual memory size in bytes.", figures.virtualBytes)
                if let start = figures.startSeconds {
                    text.add(
                        "process_start_time_seconds", .gauge, "Start time of the process since unix epoch in seconds.", start)
                }
            }
            if let count = openDescriptors() {
                text.add("process_open_fds", .gauge, "Number of open file descriptors.", count)
            }
        #endif
        if let limit = DescriptorLimit.current {
            text.add("process_max_fds", .gauge, "Maximum number of open file descriptors.", limit)
        }
    }
}

#if os(Linux)
    extension ProcessFigures {
        /// The fields of `/proc/self/stat` that are told.
        private struct Figures {
            let cpuSeconds: Double
            let virtualBytes: UInt64
            let residentBytes: UInt64
            /// Nil where the time at which the system was started is not known.
            let startSeconds: Double?

            init?() {
                guard let text = ProcessFigures.read("/proc/self/stat"),
                    // The second field is the command's name, in parentheses, whatever may be in it.
                    let name = text.lastIndex(of: ")")
                else { return nil }
                let fields = text[text.index(after: name)...].split(separator: " ").map { UInt64($0) }
                // Numbered from 1 in proc(5); the first one here is the third.
                func field(_ number: Int) -> UInt64? { number - 3 < fields.count ? fields[number - 3] : nil }
                let ticks = Double(max(1, sysconf(CInt(_SC_CLK_TCK))))
                guard let user = field(14), let system = field(15), let start = field(22), let size = field(23),
                    let pages = field(24)
                else { return nil }
                cpuSeconds = (Double(user) + Double(system)) / ticks
                virtualBytes = size
                residentBytes = pages.multipliedReportingOverflow(by: UInt64(max(1, sysconf(CInt(_SC_PAGESIZE))))).partialValue
                startSeconds = ProcessFigures.systemStart.map { Double($0) + Double(start) / ticks }
            }
        }

        /// In seconds since 1970.
        private static let systemStart: UInt64? = {
            let line = read("/proc/stat", limit: 1 << 20)?.split(separator: "\n").first { $0.hasPrefix("btime ") }
            return line.flatMap { UInt64($0.dropFirst(6)) }
        }()

        private static func read(_ path: String, limit: Int = 1 << 12) -> String? {
            let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return nil }
            defer { close(descriptor) }
            var bytes: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 4096)
            while bytes.count < limit {
                #if canImport(Glibc)
                    let count = unsafe Glibc.read(descriptor, &piece, piece.count)
                #else
                    let count = unsafe Musl.read(descriptor, &piece, piece.count)
                #endif
                guard count > 0 else { break }
                bytes += piece[..<count]
            }
            return String(decoding: bytes, as: UTF8.self)
        }

        private static func openDescriptors() -> Int? {
            // Since Linux 6.2 the size of the folder is the number of descriptors.
            var status = stat()
            if unsafe stat("/proc/self/fd", &status) == 0, status.st_size > 0 { return Int(status.st_size) }
            guard let folder = unsafe opendir("/proc/self/fd") else { return nil }
            defer { unsafe closedir(folder) }
            var count = 0
            while unsafe readdir(folder) != nil { count += 1 }
            // Itself, its parent, and the descriptor that it is read by.
            return max(0, count - 3)
        }
    }
#endif
