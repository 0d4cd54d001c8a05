// The `name` section (core specification, appendix 7.6.1), read when a name is wanted: by backtraces and printers.
//
// A broken name section is no error: what cannot be read has no name.

package import WasmTypes

/// The names that a module's own producer gave to its parts.
package struct NameSection: Sendable {
    /// Of the module as a whole.
    package private(set) var moduleName: String?
    private var functionNames: ByteExtent?
    private var localNames: ByteExtent?
    private let module: BinaryModule

    /// nil if the module has no name section.
    package init?(of module: BinaryModule) {
        guard let section = module.customSections.last(where: { $0.name == "name" }) else { return nil }
        self.module = module
        var reader = module.reader(of: section.bytes)
        do {
            while !reader.isAtEnd {
                let id = try reader.readByte()
                let size = try reader.readLength()
                let extent = try reader.readBytes(size)
                var contents = reader.reader(of: extent)
                switch id {
                case 0: moduleName = try contents.readName()
                case 1: functionNames = extent
                case 2: localNames = extent
                default: break
                }
            }
        } catch {
            // What was read so far holds.
        }
    }

    /// The name of a function. Linear in the names before it.
    package func functionName(_ function: FunctionIndex) -> String? {
        guard let functionNames else { return nil }
        return Self.name(function.rawValue, in: functionNames, of: module)
    }

    /// The names of all functions that have one.
    package func allFunctionNames() -> [FunctionIndex: String] {
        guard let functionNames else { return [:] }
        var names: [FunctionIndex: String] = [:]
        var reader = module.reader(of: functionNames)
        do {
            for _ in 0..<Int(try reader.readVarUInt32()) {
                let index = FunctionIndex(try reader.readVarUInt32())
                names[index] = try reader.readName()
            }
        } catch {}
        return names
    }

    /// The name of a parameter or local of a function. Linear in the names before it.
    package func localName(_ local: LocalIndex, of function: FunctionIndex) -> String? {
        guard let localNames else { return nil }
        var reader = module.reader(of: localNames)
        do {
            for _ in 0..<Int(try reader.readVarUInt32()) {
                let index = try reader.readVarUInt32()
                let start = reader.position
                for _ in 0..<Int(try reader.readVarUInt32()) {
                    _ = try reader.readVarUInt32()
                    try reader.skip(Int(try reader.readVarUInt32()))
                }
                if index == function.rawValue {
                    return Self.name(local.rawValue, in: start..<reader.position, of: module)
                }
            }
        } catch {}
        return nil
    }

    /// Looks an index up in a name map.
    private static func name(_ wanted: UInt32, in extent: ByteExtent, of module: BinaryModule) -> String? {
        var reader = module.reader(of: extent)
        do {
            for _ in 0..<Int(try reader.readVarUInt32()) {
                if try reader.readVarUInt32() == wanted { return try reader.readName() }
                try reader.skip(Int(try reader.readVarUInt32()))
            }
        } catch {}
        return nil
    }
}
