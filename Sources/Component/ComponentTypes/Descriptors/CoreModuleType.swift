// Types of core modules and of what they import and export, as components see them (Explainer.md, "Type Definitions").

import InternalUtilities
public import WasmTypes

/// The type of an item that a core module imports or exports.
public enum CoreExternType: Hashable, Sendable {
    case function(FunctionType)
    case table(TableType)
    case memory(MemoryType)
    case global(GlobalType)
    case tag(FunctionType)
}

/// What a core module asks for and offers.
public final class CoreModuleType: Sendable {
    public struct Import: Hashable, Sendable {
        public let module: String
        public let name: String
        public let type: CoreExternType

        public init(module: String, name: String, type: CoreExternType) {
            self.module = module
            self.name = name
            self.type = type
        }
    }

    public struct Export: Hashable, Sendable {
        public let name: String
        public let type: CoreExternType

        public init(name: String, type: CoreExternType) {
            self.name = name
            self.type = type
        }
    }

    public let imports: [Import]
    public let exports: [Export]
    private let exportsByName: [ExactString: Int]

    /// Of several exports with one name the first counts; validation has seen to it that there is only one.
    public init(imports: [Import], exports: [Export]) {
        self.imports = imports
        self.exports = exports
        var positions: [ExactString: Int] = [:]
        positions.reserveCapacity(exports.count)
        for position in exports.indices.reversed() { positions[ExactString(exports[position].name)] = position }
        exportsByName = positions
    }

    public func export(named name: String) -> CoreExternType? {
        exportsByName[ExactString(name)].map { exports[$0].type }
    }
}
