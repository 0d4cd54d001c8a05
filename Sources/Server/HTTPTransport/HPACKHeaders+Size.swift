// How large a header block may get. The library writes each as one frame, and no CONTINUATION; a block that is larger ends the
// connection, when it is too late to do anything else.

package import NIOHPACK

extension HPACKHeaders {
    /// What every other end takes (RFC 9113, section 6.5.2), less what a connection adds to a guest's fields.
    private static let largestFrame = 16_384 - 512

    /// Fields of so many bytes fit whatever they are, for nothing takes more than 30 bits for a byte; if each counts for at least 3
    /// bytes more than its name and value.
    package static let sizeThatFits = largestFrame / 4

    /// Whether the fields fit one frame of the smallest size that frames may be limited to, whatever they are compressed to. Some
    /// that would fit do not count as such.
    package var mayFitFrame: Bool {
        // At least what the code of RFC 7541, appendix B, makes of the fields, and the lengths before them.
        reduce(0) { $0 + Self.bits($1.name) + Self.bits($1.value) + 10 * 8 } <= Self.largestFrame * 8
    }

    private static func bits(_ text: String) -> Int {
        text.utf8.reduce(0) { sum, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: " "), UInt8(ascii: "%")...UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: ",")...UInt8(ascii: "/"),
                UInt8(ascii: ":")...UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: "_"):
                sum + 8
            case 0x21...0x7E: sum + 19
            default: sum + 30
            }
        }
    }
}
