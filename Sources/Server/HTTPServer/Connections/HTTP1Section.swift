// Finds where a head or trailer section ends: at the first empty line (RFC 9112, section 2.1). What has been looked at is not
// looked at again when more has come, however small the pieces are.

/// What is known of a section, or of a line, that has not come to its end.
struct HTTP1Section {
    /// What a section begins with.
    enum FirstLine {
        /// The line of a request, which counts by itself.
        case request
        case field
    }

    private let longest: Int
    private let mostFields: Int
    private var scanned = 0
    private var lineStart = 0
    private var lineCount = 0
    /// Where the fields begin.
    private var fieldsStart = 0

    /// - Parameter longest: in bytes, of a request's first line and of all its fields.
    init(longest: Int, mostFields: Int) {
        self.longest = longest
        self.mostFields = mostFields
    }

    /// How many bytes a section has, its empty line included; nil if not all of it has come.
    ///
    /// - Parameter bytes: from the section's beginning; the same as at the last call, and what has come since.
    mutating func find(in bytes: borrowing Span<UInt8>, firstLine: FirstLine) throws(Refusal) -> Int? {
        var index = scanned
        while let lineEnd = bytes.firstIndex(of: HTTP1Byte.lf, from: index) {
            guard lineEnd > lineStart, bytes[lineEnd - 1] == HTTP1Byte.cr else {
                // Whether this one would end a line, two servers may see in two ways.
                throw Refusal(400, "end of a line")
            }
            let isEmpty = lineEnd - lineStart == 1
            index = lineEnd + 1
            lineStart = index
            if lineCount == 0, firstLine == .request { fieldsStart = index }
            if isEmpty {
                try check(index, firstLine)
                reset()
                return index
            }
            lineCount += 1
        }
        scanned = bytes.count
        try check(bytes.count, firstLine)
        if lineCount == 0, firstLine == .request, !bytes.isEmpty { try Self.checkBeginning(bytes) }
        return nil
    }

    /// The same of a line that stands alone.
    mutating func findLine(in bytes: borrowing Span<UInt8>, longest: Int) throws(Refusal) -> Int? {
        let index = bytes.firstIndex(of: HTTP1Byte.lf, from: scanned) ?? bytes.count
        guard index < longest else { throw Refusal(400, "line of more than \(longest) bytes") }
        guard index < bytes.count else {
            scanned = index
            return nil
        }
        guard index > 0, bytes[index - 1] == HTTP1Byte.cr else { throw Refusal(400, "end of a line") }
        reset()
        return index + 1
    }

    private mutating func reset() {
        scanned = 0
        lineStart = 0
        lineCount = 0
        fieldsStart = 0
    }

    /// Holds what there is of a section against the limits.
    private func check(_ end: Int, _ firstLine: FirstLine) throws(Refusal) {
        if firstLine == .request {
            guard lineCount > 0 ? fieldsStart <= longest : end <= longest else { throw Refusal(414, "request line") }
        }
        let fieldCount = firstLine == .request ? lineCount - 1 : lineCount
        guard fieldCount <= mostFields else { throw Refusal(431, "more than \(mostFields) fields") }
        guard end - fieldsStart <= longest else { throw Refusal(431, "header section") }
    }

    /// What does not begin like a request is refused before a line of it has come to an end, which it may never do.
    private static func checkBeginning(_ bytes: borrowing Span<UInt8>) throws(Refusal) {
        guard HTTP1RequestLines.methodEnd(in: bytes) != nil else { throw Refusal(400, "method") }
    }
}
