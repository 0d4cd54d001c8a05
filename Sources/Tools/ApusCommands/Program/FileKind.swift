// What a file is that should have been a WebAssembly binary or text, told from its first bytes. Somebody who gave the wrong
// file wants to hear which, not that four bytes are missing.

import InternalUtilities

/// What the beginning of a file says that it is.
enum FileKind: Hashable, Sendable {
    case coreModule
    case component
    /// The magic number is there, and a version that nobody here knows.
    case unknownBinary(version: UInt16, layer: UInt16)
    case empty
    /// The beginning of a WebAssembly header, and no more.
    case headerCutShort
    case text(TextKind)
    /// Another format, by name.
    case other(String)
    case unknown(firstBytes: [UInt8])

    enum TextKind: Hashable, Sendable {
        case wat
        case wit
        case html
        case gitLFSPointer
        case script
        case json
        case plain
    }
}

extension FileKind {
    init(of source: ByteSource) {
        var head = [UInt8](repeating: 0, count: min(source.count, 512))
        unsafe head.withUnsafeMutableBytes { unsafe source.copy(0..<$0.count, to: $0) }
        self.init(head: head)
    }

    /// - Parameter head: the first 512 bytes of the file, or all if there are fewer.
    init(head: [UInt8]) {
        let magic: [UInt8] = [0x00, 0x61, 0x73, 0x6D]
        if head.isEmpty {
            self = .empty
        } else if head.starts(with: magic), head.count >= 8 {
            let version = UInt16(head[4]) | UInt16(head[5]) << 8
            let layer = UInt16(head[6]) | UInt16(head[7]) << 8
            switch (version, layer) {
            case (1, 0): self = .coreModule
            case (0x0D, 1): self = .component
            default: self = .unknownBinary(version: version, layer: layer)
            }
        } else if head.count < 8, magic.starts(with: head.prefix(4)) {
            self = .headerCutShort
        } else if let name = Self.formats.first(where: { format in
            let (offset, bytes, _) = format
            return head.count >= offset + bytes.count && head[offset...].starts(with: bytes)
        })?.2 {
            self = .other(name)
        } else if TextKind.isWAT(head) {
            self = .text(.wat)
        } else if let text = TextKind(head: head) {
            self = .text(text)
        } else {
            self = .unknown(firstBytes: Array(head.prefix(8)))
        }
    }

    /// Formats with a signature: where it stands, and what it is.
    private static let formats: [(Int, [UInt8], String)] = [
        (0, [0x1F, 0x8B], "a gzip archive"),
        (0, [0x7F, 0x45, 0x4C, 0x46], "an ELF file: a program or library for this machine, or a module that another runtime compiled"),
        (0, [0xCF, 0xFA, 0xED, 0xFE], "a Mach-O file: a program or library of macOS"),
        (0, [0xCA, 0xFE, 0xBA, 0xBE], "a Mach-O or Java class file"),
        (0, Array("MZ".utf8), "a program of Windows"),
        (0, Array("PK\u{3}\u{4}".utf8), "a zip archive"),
        (0, [0x28, 0xB5, 0x2F, 0xFD], "a Zstandard archive"),
        (0, [0xFD, 0x37, 0x7A, 0x58, 0x5A], "an xz archive"),
        (0, Array("BZh".utf8), "a bzip2 archive"),
        (0, Array("!<arch>\n".utf8), "an archive of object files (a static library)"),
        (0, [0x42, 0x43, 0xC0, 0xDE], "LLVM bitcode"),
        (0, [0x89, 0x50, 0x4E, 0x47], "a PNG image"),
        (0, Array("%PDF".utf8), "a PDF document"),
        (257, Array("ustar".utf8), "a tar archive"),
    ]
}

extension FileKind.TextKind {
    /// Whether what these bytes begin with is a parenthesis or a comment. The text may be damaged further on: its parser says
    /// where.
    static func isWAT(_ head: [UInt8]) -> Bool {
        var rest = head[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        rest = rest.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        return rest.starts(with: "(".utf8) || rest.starts(with: ";;".utf8)
    }

    /// nil if these are not the first bytes of a text.
    init?(head: [UInt8]) {
        // The end may cut a character in two.
        let text = String(decoding: head, as: UTF8.self)
        let body = text.unicodeScalars.dropLast(head.count == 512 ? 3 : 0)
        guard !body.contains(where: { $0.value == 0xFFFD || ($0.value < 0x20 && !"\t\n\r\u{C}".unicodeScalars.contains($0)) })
        else { return nil }
        let start = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }.lowercased()
        if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") {
            self = .html
        } else if start.hasPrefix("version https://git-lfs") {
            self = .gitLFSPointer
        } else if start.hasPrefix("#!") {
            self = .script
        } else if start.hasPrefix("package "), start.contains(":") {
            self = .wit
        } else if start.hasPrefix("{") || start.hasPrefix("[") {
            self = .json
        } else {
            self = .plain
        }
    }
}

extension FileKind {
    /// Why a file of this kind cannot be taken; nil if it can.
    func refusal(path: String) -> Diagnostic? {
        func refuse(_ what: String, _ details: String...) -> Diagnostic {
            Diagnostic(.badFile, "\(path) \(what)", details: details)
        }
        switch self {
        case .coreModule, .component, .text(.wat):
            return nil
        case .unknownBinary(let version, let layer):
            return refuse(
                "is WebAssembly of an unknown version",
                "version \(version), layer \(layer); a core module has version 1, layer 0, and a component version 13, layer 1")
        case .empty:
            return refuse("is empty")
        case .headerCutShort:
            return refuse("is cut short", "it ends within the eight bytes that a WebAssembly binary begins with")
        case .text(.wit):
            return refuse("is a WIT document, not a WebAssembly binary", "it describes interfaces; there is nothing in it to run")
        case .text(.html):
            return refuse("is not WebAssembly: it looks like an HTML page", "a download that failed may have left it")
        case .text(.gitLFSPointer):
            return refuse("is not WebAssembly: it is a Git LFS pointer", "'git lfs pull' fetches the file that it stands for")
        case .text(.script):
            return refuse("is not WebAssembly: it looks like a script")
        case .text(.json):
            return refuse("is not WebAssembly: it looks like JSON")
        case .text(.plain):
            return refuse("is not WebAssembly: it looks like text")
        case .other(let name):
            return refuse("is not WebAssembly: it looks like \(name)")
        case .unknown(let bytes):
            let hex = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
            return refuse("is not WebAssembly", "it begins with \(hex); a WebAssembly binary begins with 00 61 73 6d")
        }
    }
}
