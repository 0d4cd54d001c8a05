// A file that was named on the command line: opened, and known to be a core module or a component by its header. Text is
// turned into a binary here, so that what works with a program need not know which it was.

import InternalUtilities
import WasmBinary

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A WebAssembly program that has been opened, and beyond its header not yet read.
struct ProgramFile: Sendable {
    enum Kind: String, Sendable {
        case coreModule = "core module"
        case component
    }

    let path: String
    let kind: Kind
    /// The binary.
    let source: ByteSource
    /// Whether the file is text, and `source` what was made of it.
    let isText: Bool

    /// Opens a file and looks at its header.
    init(path: String) throws(Diagnostic) {
        try self.init(try InputBytes(mapping: path))
    }

    /// Looks at the header of what was opened already.
    init(_ input: InputBytes) throws(Diagnostic) {
        var source = input.source
        var kind = FileKind(of: source)
        isText = kind == .text(.wat)
        if isText {
            source = ByteSource(try ProgramText.binary(of: input))
            // `(module binary …)` may hold anything.
            kind = FileKind(of: source)
        }
        if let refusal = kind.refusal(path: input.name) { throw refusal }
        path = input.name
        self.source = source
        self.kind = kind == .component ? .component : .coreModule
    }

    /// The path's last component.
    var name: String {
        path.split(separator: "/").last.map(String.init) ?? path
    }
}

extension Diagnostic {
    init(opening error: ByteSource.OpenError) {
        switch error.reason {
        case .isDirectory:
            self.init(.badFile, "\(error.path) is a directory, not a file")
        case .isNotRegularFile:
            self.init(.badFile, "\(error.path) is not a regular file")
        case .system(ENOENT):
            var details: [String] = []
            if !error.path.contains("/"), !error.path.hasSuffix(".wasm"), unsafe access(error.path + ".wasm", R_OK) == 0 {
                details.append("did you mean \(error.path).wasm?")
            }
            self.init(.badFile, "no such file: \(error.path)", details: details)
        case .system(let code):
            self.init(.badFile, "cannot open \(error.path): \(systemMessage(code))")
        }
    }
}

/// What the system says of one of its error codes.
func systemMessage(_ code: CInt) -> String {
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
}
