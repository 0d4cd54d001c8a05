// Text in the making: words, lines and their indentation, strings with their escapes.

package import InternalUtilities

/// UTF-8 text that grows at its end.
package struct TextWriter: Sendable {
    /// What a text may grow to, in bytes. A small binary can stand for a very large text, by long names used often.
    package static let limit = 1 << 30
    /// Deeper lines are not indented further, so that the text stays linear in the binary.
    private static let deepestIndentation = 40

    package private(set) var bytes: [UInt8] = []
    /// Added to the depth of each line.
    package var baseDepth = 0

    package init() {}

    package var isOverLimit: Bool { bytes.count > Self.limit }

    /// Past the limit, nothing more is written.
    package mutating func write(_ text: String) {
        guard !isOverLimit else { return }
        bytes.append(contentsOf: text.utf8)
    }

    package mutating func write(_ text: StaticString) {
        bytes.append(contentsOf: String(describing: text).utf8)
    }

    package mutating func write(_ number: some FixedWidthInteger) {
        write(String(number))
    }

    /// Begins a line.
    package mutating func newLine(_ depth: Int) {
        bytes.append(0x0A)
        for _ in 0..<min(max(0, baseDepth + depth), Self.deepestIndentation) { bytes.append(contentsOf: [0x20, 0x20]) }
    }

    /// Writes a blank, then the text.
    package mutating func writeWord(_ text: String) {
        bytes.append(0x20)
        write(text)
    }

    // MARK: - Strings

    /// Writes bytes as a string literal; what is not printable ASCII is escaped.
    package mutating func writeString(bytes contents: some Collection<UInt8>) {
        guard !isOverLimit else { return }
        bytes.append(UInt8(ascii: "\""))
        for byte in contents {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x20...0x7E:
                bytes.append(byte)
            default:
                writeEscape(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes bytes of a source as a string literal.
    package mutating func writeString(_ extent: Range<Int>, of source: ByteSource) {
        let bytes = source.bytes
        let extent = extent.clamped(to: 0..<bytes.byteCount)
        var copy: [UInt8] = []
        copy.reserveCapacity(extent.count)
        let span = Span<UInt8>(_bytes: bytes.extracting(extent))
        for index in span.indices { copy.append(span[index]) }
        writeString(bytes: copy)
    }

    /// Writes a name as a string literal; only controls and what marks the string's structure is escaped.
    package mutating func writeString(_ name: String) {
        write(Self.quoted(name))
    }

    private mutating func writeEscape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(Self.hexadecimalDigits[Int(byte >> 4)])
        bytes.append(Self.hexadecimalDigits[Int(byte & 0xF)])
    }

    private static let hexadecimalDigits = Array("0123456789abcdef".utf8)

    package static func quoted(_ name: String) -> String {
        var text = "\""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            default:
                // Controls, and marks that would reorder or hide what is around them.
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .spaceSeparator:
                    if scalar == " " {
                        text.unicodeScalars.append(scalar)
                    } else {
                        text += "\\u{" + String(scalar.value, radix: 16) + "}"
                    }
                default: text.unicodeScalars.append(scalar)
                }
            }
        }
        return text + "\""
    }

    /// A name as an identifier; nil for the empty name, which none can be.
    package static func identifier(_ name: String) -> String? {
        if name.isEmpty { return nil }
        let isPlain = name.utf8.allSatisfy { CharacterClass.table[Int($0)] == .identifier }
        return "$" + (isPlain ? name : quoted(name))
    }
}
