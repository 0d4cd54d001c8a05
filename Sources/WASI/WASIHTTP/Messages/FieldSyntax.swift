// The syntax of field names and values (RFC 9110, sections 5.1, 5.5 and 5.6.2), and the names that a guest has no say in.

/// What bytes a field may consist of. Everything here is `package` for the sake of tests.
package enum FieldSyntax {
    /// `!#$%&'*+-.^_`|~`, digits and letters.
    package static func isToken(_ text: String) -> Bool { isToken(text.utf8) }

    /// The same of bytes.
    package static func isToken(_ bytes: some Collection<UInt8>) -> Bool {
        !bytes.isEmpty && all(bytes, are: isTokenByte)
    }

    /// In place where the bytes lie together, as they nearly always do: they are looked at for every request.
    @inline(__always)
    private static func all(_ bytes: some Collection<UInt8>, are isWanted: (UInt8) -> Bool) -> Bool {
        bytes.withContiguousStorageIfAvailable { unsafe $0.allSatisfy(isWanted) } ?? bytes.allSatisfy(isWanted)
    }

    /// How many bytes of a token `bytes` begins with.
    package static func tokenCount(_ bytes: borrowing Span<UInt8>) -> Int {
        var count = 0
        while count < bytes.count, isTokenByte(bytes[count]) { count += 1 }
        return count
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    /// Anything but control characters; a tab is none. So nothing that could end a line gets in.
    package static func isValue(_ bytes: some Collection<UInt8>) -> Bool {
        all(bytes, are: isValueByte)
    }

    /// The same of a span.
    package static func isValue(_ bytes: borrowing Span<UInt8>) -> Bool {
        var index = 0
        while index < bytes.count {
            guard isValueByte(bytes[index]) else { return false }
            index += 1
        }
        return true
    }

    private static func isValueByte(_ byte: UInt8) -> Bool { (byte >= 0x20 && byte != 0x7F) || byte == 0x09 }

    /// What a request's target may consist of: anything but control characters, blanks and the mark of a fragment.
    package static func isTarget(_ bytes: borrowing Span<UInt8>) -> Bool {
        var index = 0
        while index < bytes.count {
            guard bytes[index] > 0x20, bytes[index] != 0x7F, bytes[index] != UInt8(ascii: "#") else { return false }
            index += 1
        }
        return true
    }

    /// The value of `content-length`: digits, and not more than 64 bits of them.
    package static func contentLength(_ bytes: some Collection<UInt8>) -> UInt64? {
        if bytes.isEmpty { return nil }
        var length: UInt64 = 0
        for byte in bytes {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            let (product, overflow) = length.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
            if overflow || carry { return nil }
            length = sum
        }
        return length
    }

    /// Whether two names are the same but for the case of ASCII letters.
    package static func isSame(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        // In place: names are compared for every field of every request.
        var left = left
        var right = right
        return left.withUTF8 { left in
            right.withUTF8 { right in
                var index = 0
                while index < left.count {
                    guard unsafe lowercased(left[index]) == lowercased(right[index]) else { return false }
                    index += 1
                }
                return true
            }
        }
    }

    /// The same of a name as it came, and one in lower case.
    package static func isSame(_ bytes: borrowing Span<UInt8>, _ name: StaticString) -> Bool {
        name.withUTF8Buffer { name in
            guard bytes.count == name.count else { return false }
            for index in 0..<name.count where unsafe lowercased(bytes[index]) != name[index] { return false }
            return true
        }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }

    /// The names of fields that are between the host and its neighbours: how the connection is used and how long the
    /// message is on it. A guest neither sets nor sees them; `host` it knows as the authority.
    package static let forbidden = [
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "transfer-encoding",
        "upgrade", "host", "http2-settings",
    ]

    /// Whether a guest may not set or see a field of this name.
    package static func isForbidden(_ name: String) -> Bool {
        forbidden.contains { isSame($0, name) }
    }
}
