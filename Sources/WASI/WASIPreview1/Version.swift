// The two versions of WASI 0.1 that programs are built for. They differ in a handful of layouts and numbers, which ask
// for the version where they matter; the functions are the same.

/// A version of WASI 0.1, by the module name that it is imported under.
enum Version: String, Sendable, CaseIterable {
    case preview1 = "wasi_snapshot_preview1"

    /// The one before.
    case unstable = "wasi_unstable"
}

/// The module names that WASI 0.1 is imported under.
public enum WASIModuleNames {
    /// Whether modules import WASI 0.1 under this name.
    public static func contains(_ name: String) -> Bool { Version(rawValue: name) != nil }

    /// The functions that are provided under a name; none under other names.
    public static func functions(of name: String) -> [String] {
        Version(rawValue: name).map { version in version.functions.map(\.name) } ?? []
    }
}

extension Version {
    /// All functions of the version.
    var functions: [ModuleFunction] {
        switch self {
        case .preview1: ModuleFunction.all
        // Accepting connections came later.
        case .unstable: ModuleFunction.all.filter { $0.name != "sock_accept" }
        }
    }

    func function(named name: String) -> ModuleFunction? {
        guard let function = ModuleFunction.all.first(where: { $0.name == name }) else { return nil }
        return self == .unstable && name == "sock_accept" ? nil : function
    }
}

extension ModuleFunction {
    /// The functions, area by area.
    static let all: [ModuleFunction] =
        arguments + clocks + descriptors + files + fileStatus + directories + paths + polling + process + sockets
}
