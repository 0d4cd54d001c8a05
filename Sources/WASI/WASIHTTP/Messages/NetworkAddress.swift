// Addresses of IPv4 and IPv6 as bytes, and which of them are nobody's but one's own: a policy must recognise those in any
// spelling, without asking the system.

/// An address of IPv4 (4 bytes) or IPv6 (16 bytes).
public struct NetworkAddress: Hashable, Sendable {
    public let bytes: [UInt8]

    /// Nil unless there are 4 or 16 bytes. An address of IPv4 that is written as one of IPv6 is taken to be of IPv4.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        let isMapped = bytes.count == 16 && bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        self.bytes = isMapped ? Array(bytes[12...]) : bytes
    }

    /// Four decimal numbers, or the notation of RFC 4291 without brackets; nil for anything else.
    public init?(_ text: some StringProtocol) {
        if let bytes = Self.quad(text) {
            self.init(bytes: bytes)
        } else {
            self.init(ipv6: text)
        }
    }

    /// The notation of RFC 4291, section 2.2, without brackets and without a zone.
    init?(ipv6 text: some StringProtocol) {
        guard text.utf8.count <= 45 else { return nil }
        let halves = Self.split(text)
        guard halves.count <= 2 else { return nil }
        var sides: [[UInt8]] = []
        for (index, half) in halves.enumerated() {
            guard let bytes = Self.groups(half, mayEndInQuad: index == halves.count - 1) else { return nil }
            sides.append(bytes)
        }
        let count = sides.reduce(0) { $0 + $1.count }
        if halves.count == 1 {
            guard count == 16 else { return nil }
            self.init(bytes: sides[0])
        } else {
            guard count <= 14 else { return nil }
            self.init(bytes: sides[0] + [UInt8](repeating: 0, count: 16 - count) + sides[1])
        }
    }

    /// The parts beside `::`. Three parts or more are none that an address has.
    private static func split(_ text: some StringProtocol) -> [Substring] {
        var parts: [Substring] = []
        let text = Substring(text)
        var start = text.startIndex
        var position = text.startIndex
        while position < text.endIndex {
            let next = text.index(after: position)
            if text[position] == ":", next < text.endIndex, text[next] == ":" {
                parts.append(text[start..<position])
                position = text.index(after: next)
                start = position
            } else {
                position = next
            }
        }
        return parts + [text[start...]]
    }

    /// Groups of four hexadecimal digits, the last two perhaps as four decimal numbers.
    private static func groups(_ text: Substring, mayEndInQuad: Bool) -> [UInt8]? {
        if text.isEmpty { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 8 else { return nil }
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if mayEndInQuad, index == parts.count - 1, let quad = quad(part) { return bytes + quad }
            guard !part.isEmpty, part.utf8.count <= 4, part.utf8.allSatisfy(isHexadecimal), let group = UInt16(part, radix: 16)
            else { return nil }
            bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
        }
        return bytes
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    private static func quad(_ text: some StringProtocol) -> [UInt8]? {
        guard text.utf8.count <= 15 else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard !part.isEmpty, part.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), part == "0" || part.first != "0",
                let byte = UInt8(part)
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// Whether the address means something else on every machine or every network: loopback, private and link-local
    /// addresses, the unspecified one, those that no host has, and the ways to write one of these in IPv6.
    public var isLocal: Bool {
        if bytes.count == 4 {
            return switch (bytes[0], bytes[1]) {
            case (0, _), (10, _), (127, _), (169, 254), (192, 168): true
            case (172, 16...31), (100, 64...127), (198, 18...19): true
            case (224..., _): true
            default: bytes[0] == 192 && bytes[1] == 0 && bytes[2] == 0
            }
        }
        if bytes[..<12].allSatisfy({ $0 == 0 }) { return true }
        switch (bytes[0], bytes[1]) {
        case (0xFC...0xFD, _), (0xFE, 0x80...0xFF), (0xFF, _): return true
        // NAT64 and 6to4 carry an address of IPv4.
        case (0x00, 0x64) where bytes[2] == 0xFF && bytes[3] == 0x9B:
            // The prefix for networks of one's own (RFC 8215) may carry it anywhere.
            guard bytes[4..<12].allSatisfy({ $0 == 0 }) else { return true }
            return NetworkAddress(bytes: Array(bytes[12...]))?.isLocal ?? true
        // So does Teredo, of a server and of a client.
        case (0x20, 0x01) where bytes[2] == 0 && bytes[3] == 0: return true
        case (0x20, 0x02): return NetworkAddress(bytes: Array(bytes[2..<6]))?.isLocal ?? true
        default: return false
        }
    }
}

extension NetworkAddress: CustomStringConvertible {
    public var description: String {
        if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2).map { index in
            String(UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1]), radix: 16)
        }.joined(separator: ":")
    }
}
