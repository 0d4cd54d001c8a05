// Which part of a file an offset lies in: the module (where a component has several) and the function.
//
// It is looked up only once an error is known, from the file, so that validation need not carry it along. What cannot
// be found because the file is too broken is left out.

import InternalUtilities
import WasmBinary
import WasmTypes

/// The place of an offset, in words.
struct FaultLocation {
    let description: String

    /// - Parameter isComponent: whether the file is a component, in which the offset's module must be found first.
    init(of offset: Int, in source: ByteSource, isComponent: Bool) {
        var words = ["at offset \(offset) (0x\(String(offset, radix: 16)))"]
        var extent: ByteExtent? = 0..<source.count
        if isComponent {
            extent = Self.module(at: offset, in: source)
            if let extent, extent.lowerBound > 0 {
                words.append("in the core module at 0x\(String(extent.lowerBound, radix: 16))")
            }
        }
        if let extent, let function = Self.function(at: offset, in: source, module: extent) { words.append(function) }
        description = words.joined(separator: ", ")
    }

    /// The innermost core module of a component that an offset lies in.
    private static func module(at offset: Int, in source: ByteSource) -> ByteExtent? {
        var extent = 0..<source.count
        // A component's section lies within the one around it, so this ends.
        components: while true {
            var reader = ByteReader(source.bytes, extent: extent)
            do {
                try reader.skip(8)
                while !reader.isAtEnd {
                    let id = try reader.readByte()
                    let section = try reader.readBytes(Int(try reader.readVarUInt32()))
                    guard section.contains(offset) else { continue }
                    if id == 1 { return section }
                    guard id == 4 else { return nil }
                    extent = section
                    continue components
                }
            } catch {}
            return nil
        }
    }

    /// The function whose body an offset lies in.
    private static func function(at offset: Int, in source: ByteSource, module extent: ByteExtent) -> String? {
        guard let module = try? BinaryModule.decode(source: source, extent: extent),
            let position = module.bodies.firstIndex(where: { $0.contains(offset) || $0.upperBound == offset })
        else { return nil }
        let index = FunctionIndex(UInt32(position + module.importedFunctionCount))
        let exported = module.exports.first { $0.index == .function(index) }?.name
        guard let name = NameSection(of: module)?.functionName(index) ?? exported else { return "in function \(index.rawValue)" }
        return "in function \(index.rawValue) (\(name))"
    }
}
