// The parts of a request's URI that a guest gives (RFC 3986; RFC 9110, section 4), checked before they go anywhere.

/// What the parts of a URI may consist of.
package enum URISyntax {
    /// How long a path with its query may be, in bytes.
    static let longestPath = 65_534

    /// How long an authority may be, in bytes. A host name has 253 at most.
    static let longestAuthority = 1024

    /// A letter, then letters, digits, `+`, `-` and `.`.
    package static func isScheme(_ bytes: some Collection<UInt8>) -> Bool {
        guard let first = bytes.first, isLetter(first) else { return false }
        return bytes.allSatisfy { byte in
            isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: ".")
        }
    }

    /// A path from the root and perhaps a query; only a query; nothing; or the `*` of a request that is for the server.
    /// Characters that URIs do not have, but that everybody sends, are let through: `"`, `|`, `\`, `^`, `{` and `}`, those
    /// beyond ASCII, and `` ` `` in a query. A fragment is never sent, so `#` is none of them.
    package static func isPathWithQuery(_ text: String) -> Bool {
        let bytes = text.utf8
        guard bytes.count <= longestPath else { return false }
        guard let first = bytes.first else { return true }
        if text == "*" { return true }
        guard first == UInt8(ascii: "/") || first == UInt8(ascii: "?") else { return false }
        var isQuery = false
        return bytes.allSatisfy { byte in
            if byte == UInt8(ascii: "?") { isQuery = true }
            return switch byte {
            case 0x21, 0x22, 0x24...0x3B, 0x3D, 0x3F...0x5F, 0x61...0x7E, 0x80...: true
            case UInt8(ascii: "`"): isQuery
            default: false
            }
        }
    }

    /// An authority, taken apart.
    package struct Authority: Hashable, Sendable {
        package var userInformation: Substring?
        /// Without the brackets around an address of IPv6.
        package var host: Substring
        package var isIPv6: Bool
        package var port: UInt16?
    }

    /// Nil if `text` is no authority. An empty host, and a colon with no port behind it, are not allowed.
    package static func authority(_ text: String) -> Authority? {
        // By bytes: all that means something in an authority is ASCII.
        guard text.utf8.count <= longestAuthority else { return nil }
        var rest = text[...].utf8
        var userInformation: Substring?
        if let at = rest.lastIndex(of: UInt8(ascii: "@")) {
            let user = rest[..<at]
            guard user.allSatisfy({ isNameByte($0) || $0 == UInt8(ascii: ":") }) else { return nil }
            userInformation = Substring(user)
            rest = rest[rest.index(after: at)...]
        }
        if rest.first == UInt8(ascii: "[") {
            guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            let address = Substring(rest[rest.index(after: rest.startIndex)..<end])
            guard NetworkAddress(ipv6: address) != nil else { return nil }
            guard let port = port(rest[rest.index(after: end)...]) else { return nil }
            return Authority(userInformation: userInformation, host: address, isIPv6: true, port: port.value)
        }
        let end = rest.firstIndex(of: UInt8(ascii: ":")) ?? rest.endIndex
        let host = rest[..<end]
        guard !host.isEmpty, host.allSatisfy(isNameByte), let port = port(rest[end...]) else { return nil }
        return Authority(userInformation: userInformation, host: Substring(host), isIPv6: false, port: port.value)
    }

    /// Whether `text` is a name or an address of IPv4, and perhaps a port: what nearly every request is for. False does not
    /// mean that it is no authority.
    package static func isPlainAuthority(_ text: String) -> Bool {
        guard text.utf8.count <= longestAuthority else { return false }
        return unsafe text.utf8.withContiguousStorageIfAvailable { bytes in
            var position = 0
            while position < bytes.count, unsafe isNameByte(bytes[position]) { position += 1 }
            if position == bytes.count { return position > 0 }
            guard position > 0, unsafe bytes[position] == UInt8(ascii: ":"),
                (1...5).contains(bytes.count - position - 1)
            else { return false }
            var port = 0
            position += 1
            while position < bytes.count {
                let byte = unsafe bytes[position]
                guard isDigit(byte) else { return false }
                port = port * 10 + Int(byte - UInt8(ascii: "0"))
                position += 1
            }
            return port <= Int(UInt16.max)
        } ?? false
    }

    /// `text` is empty or begins with the colon.
    private static func port(_ text: Substring.UTF8View) -> (value: UInt16?, Void)? {
        if text.isEmpty { return (nil, ()) }
        guard text.first == UInt8(ascii: ":") else { return nil }
        let digits = text.dropFirst()
        guard !digits.isEmpty, digits.count <= 5, digits.allSatisfy(isDigit), let port = UInt16(Substring(digits)) else {
            return nil
        }
        return (port, ())
    }

    /// `unreserved`, `sub-delims` and `%`.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        if isLetter(byte) || isDigit(byte) { return true }
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "!"),
            UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"),
            UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="),
            UInt8(ascii: "%"):
            return true
        default: return false
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
}
