// An error as a person reads it: one line that says what is wrong, and under it, indented, what helps to mend it.
//
//     error: hello.wasm imports what nobody provides
//       wasi_snapshot_preview1.fd_write: func (param i32 i32 i32 i32) (result i32)

/// Why a command ends without having done what it was asked to.
package struct Diagnostic: Error, Hashable, Sendable {
    package var status: ExitStatus
    /// One line without a final stop.
    package var message: String
    /// Lines that stand under the message.
    package var details: [String]
    /// Where in a file it is wrong, for who reads errors by program.
    package var place: Place?

    package enum Place: Hashable, Sendable {
        /// In bytes.
        case offset(Int)
        /// Both count from 1.
        case line(Int, column: Int)
    }

    package init(_ status: ExitStatus, _ message: String, details: [String] = []) {
        self.status = status
        self.message = message
        self.details = details
    }

    /// The text for the standard error, with a final newline.
    package func rendered(colored: Bool) -> String {
        let label = colored ? "\u{1B}[1;31merror:\u{1B}[0m " : "error: "
        var text = label + message.printable + "\n"
        for detail in details {
            // A detail may bring lines of its own.
            for line in detail.split(separator: "\n", omittingEmptySubsequences: false) {
                text += "  " + String(line).printable + "\n"
            }
        }
        return text
    }
}

extension String {
    /// The text with control characters spelled out: names come from files that nobody vouches for, and a terminal
    /// obeys what is written to it.
    var printable: String {
        guard unicodeScalars.contains(where: \.isControl) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            if scalar.isControl {
                text += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

extension Unicode.Scalar {
    /// Control characters, and those that reorder or break the line they stand in.
    fileprivate var isControl: Bool {
        switch value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
