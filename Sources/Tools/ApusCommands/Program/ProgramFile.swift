// A file that was named on the command line: opened, and known to be a core module or a component by its header.

import InternalUtilities
import WasmBinary

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A WebAssembly binary that has been opened and not yet read.
struct ProgramFile: Sendable {
    enum Kind: String, Sendable {
        case coreModule = "core module"
        case component
    }

    let path: String
    let kind: Kind
    let source: ByteSource

    /// Opens a file and looks at its header.
    init(path: String) throws(Diagnostic) {
        do {
            source = try ByteSource(mapping: path)
        } catch {
            throw Diagnostic(opening: error)
        }
        let kind = FileKind(of: source)
        if let refusal = kind.refusal(path: path) { throw refusal }
        self.path = path
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
