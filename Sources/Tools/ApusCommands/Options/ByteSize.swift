// Numbers of bytes on the command line: `65536`, `64K`, `64KiB`, `2G`.

enum ByteSize {
    /// Reads a number of bytes with an optional unit, powers of 1024.
    static func parse(_ text: String) throws(OptionError) -> UInt64 {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = UInt64(digits), let shift = shift(of: text.dropFirst(digits.count).lowercased()) else {
            throw OptionError("a size is a number of bytes, or of K, M or G (powers of 1024), such as 64M")
        }
        let (bytes, overflows) = number.multipliedReportingOverflow(by: 1 << shift)
        guard !overflows, bytes <= UInt64(Int64.max) else { throw OptionError("the size is too large") }
        return bytes
    }

    private static func shift(of unit: String) -> UInt64? {
        switch unit {
        case "", "b": 0
        case "k", "kib": 10
        case "m", "mib": 20
        case "g", "gib": 30
        case "t", "tib": 40
        default: nil
        }
    }
}

/// What is wrong with an option's value, as the end of a sentence that names both.
struct OptionError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
