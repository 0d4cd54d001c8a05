// Reads the options of canonical definitions (CanonicalABI.md, "`canonopt` Validation").

import ComponentTypes
import WasmBinary
import WasmTypes

extension ComponentDecoder {
    /// `opts`, each checked by itself.
    func canonicalOptions(_ reader: inout ByteReader, at start: Int) throws(BinaryError) -> CanonicalOptions {
        var options = CanonicalOptions()
        var encoding: StringEncoding?
        func once(_ isPresent: Bool, _ name: String) throws(BinaryError) {
            guard !isPresent else { throw invalid("canonical option `\(name)` is specified more than once", at: start) }
        }
        for _ in 0..<(try count(&reader, ComponentLimits.canonicalOptions, "canonical options")) {
            let offset = reader.position
            let code = try reader.readByte()
            switch code {
            case 0x00, 0x01, 0x02:
                let new: StringEncoding = code == 0 ? .utf8 : code == 1 ? .utf16 : .latin1OrUTF16
                if let encoding {
                    throw invalid(
                        "canonical encoding option `\(encoding.name)` conflicts with option `\(new.name)`", at: offset)
                }
                encoding = new
            case 0x03:
                try once(options.memory != nil, "memory")
                let index = try reader.readVarUInt32()
                options.addressType = try canonicalMemory(index, at: offset)
                options.memory = MemoryIndex(index)
            case 0x04:
                try once(options.realloc != nil, "realloc")
                options.realloc = FunctionIndex(try reader.readVarUInt32())
            case 0x05:
                try once(options.postReturn != nil, "post-return")
                options.postReturn = FunctionIndex(try reader.readVarUInt32())
            case 0x06:
                try once(options.isAsync, "async")
                options.isAsync = true
            case 0x07:
                try once(options.callback != nil, "callback")
                options.callback = FunctionIndex(try reader.readVarUInt32())
            default: throw unknownByte(code, "canonical option", at: offset)
            }
        }
        if let encoding { options.stringEncoding = encoding }
        if let realloc = options.realloc {
            guard options.memory != nil else {
                throw invalid("canonical option `realloc` requires `memory` to also be specified", at: start)
            }
            let type = try coreFunction(realloc.rawValue, at: start)
            let address = options.addressType.valueType
            guard type.parameters == [address, address, address, address], type.results == [address] else {
                throw invalid("canonical option `realloc` uses a core function with an incorrect signature", at: start)
            }
        }
        if let callback = options.callback {
            guard options.isAsync else {
                throw invalid("canonical option `callback` requires `async` to also be specified", at: start)
            }
            let type = try coreFunction(callback.rawValue, at: start)
            guard type.parameters == [.i32, .i32, .i32], type.results == [.i32] else {
                throw invalid("canonical option `callback` uses a core function with an incorrect signature", at: start)
            }
        }
        return options
    }

    /// Checks that values can be passed through a memory, and gives the width of its addresses.
    func canonicalMemory(_ index: UInt32, at offset: Int) throws(BinaryError) -> AddressType {
        let type = try coreMemory(index, at: offset)
        let any = MemoryType(
            limits: Limits(minimum: 0), addressType: type.addressType, pageSizeLog2: type.pageSizeLog2)
        try at(offset) { () throws(TypeMismatch) in try Subtyping.check(type, fits: any) }
        return type.addressType
    }
}

extension StringEncoding {
    /// The name that errors and the text format use.
    var name: String {
        switch self {
        case .utf8: "utf8"
        case .utf16: "utf16"
        case .latin1OrUTF16: "latin1-utf16"
        }
    }
}
