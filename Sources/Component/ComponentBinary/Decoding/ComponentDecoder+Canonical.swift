// Reads canonical definitions and their options (Binary.md, "Canonical Definitions"; CanonicalABI.md, "Canonical
// Definitions").

import ComponentTypes
import WasmBinary
import WasmTypes

extension ComponentDecoder {
    func decodeCanonicalDefinition(_ reader: inout ByteReader) throws(BinaryError) {
        let start = reader.position
        let code = try reader.readByte()
        switch code {
        case 0x00: try decodeLift(&reader, at: start)
        case 0x01: try decodeLower(&reader, at: start)
        case 0x02:
            let id = try resource(try reader.readVarUInt32(), local: true, at: start)
            try appendCoreFunction([.i32], [.i32], .resourceNew(scope.slot(of: id)), at: start)
        case 0x03:
            let id = try resource(try reader.readVarUInt32(), at: start)
            try appendCoreFunction([.i32], [], .resourceDrop(scope.slot(of: id)), at: start)
        case 0x04:
            let id = try resource(try reader.readVarUInt32(), local: true, at: start)
            try appendCoreFunction([.i32], [.i32], .resourceRepresentation(scope.slot(of: id)), at: start)
        default:
            guard let name = Self.unsupportedBuiltIns[code] else {
                throw unknownByte(code, "canonical function", at: start)
            }
            throw BinaryError(.unsupported, "async built-ins are not supported yet: \(name)", at: start)
        }
    }

    /// The built-ins of the async and threads proposals, by their code.
    private static let unsupportedBuiltIns: [UInt8: String] = [
        0x05: "task.cancel", 0x06: "subtask.cancel", 0x09: "task.return",
        0x0A: "context.get", 0x0B: "context.set", 0x0C: "thread.yield", 0x0D: "subtask.drop", 0x0E: "stream.new",
        0x0F: "stream.read", 0x10: "stream.write", 0x11: "stream.cancel-read", 0x12: "stream.cancel-write",
        0x13: "stream.drop-readable", 0x14: "stream.drop-writable", 0x15: "future.new", 0x16: "future.read",
        0x17: "future.write", 0x18: "future.cancel-read", 0x19: "future.cancel-write", 0x1A: "future.drop-readable",
        0x1B: "future.drop-writable", 0x1C: "error-context.new", 0x1D: "error-context.debug-message",
        0x1E: "error-context.drop", 0x1F: "waitable-set.new", 0x20: "waitable-set.wait", 0x21: "waitable-set.poll",
        0x22: "waitable-set.drop", 0x23: "waitable.join", 0x24: "backpressure.inc", 0x25: "backpressure.dec",
        0x26: "thread.index", 0x27: "thread.new-indirect", 0x28: "thread.resume-later", 0x29: "thread.suspend",
        0x2A: "thread.suspend-then-resume", 0x2B: "thread.yield-then-resume", 0x2C: "thread.suspend-then-promote",
        0x2D: "thread.yield-then-promote", 0x40: "thread.spawn-ref", 0x41: "thread.spawn-indirect",
        0x42: "thread.available-parallelism",
    ]

    private func appendCoreFunction(
        _ parameters: [ValueType], _ results: [ValueType], _ step: InstantiationStep, at start: Int
    ) throws(BinaryError) {
        try checkLimit(scope.coreFunctions.count, ComponentLimits.coreItems, "core functions", start)
        scope.coreFunctions.append(FunctionType(parameters: parameters, results: results))
        scope.steps.append(step)
    }

    // MARK: - Lift and lower

    private func decodeLift(_ reader: inout ByteReader, at start: Int) throws(BinaryError) {
        try expectFunctionSort(&reader, "lift")
        let index = try reader.readVarUInt32()
        let core = try coreFunction(index, at: start)
        let options = try canonicalOptions(&reader, at: start)
        let type = try functionType(try reader.readVarUInt32(), at: start)
        if let postReturn = options.postReturn {
            let postReturnType = try coreFunction(postReturn.rawValue, at: start)
            guard postReturnType.parameters == core.results, postReturnType.results.isEmpty else {
                throw invalid(
                    "canonical option `post-return` uses a core function with an incorrect signature", at: start)
            }
        }
        try require(options, for: type, .lift, at: start)
        let expected = type.coreType(.lift)
        guard expected.parameters == core.parameters else {
            throw invalid(
                "lowered parameter types `\(list(expected.parameters))` do not match parameter types `\(list(core.parameters))` of core function \(index)",
                at: start)
        }
        guard expected.results == core.results else {
            throw invalid(
                "lowered result types `\(list(expected.results))` do not match result types `\(list(core.results))` of core function \(index)",
                at: start)
        }
        try checkLimit(scope.functions.count, ComponentLimits.functions, "functions", start)
        scope.functions.append(type)
        scope.steps.append(.lift(FunctionIndex(index), type: type, options: options))
    }

    private func decodeLower(_ reader: inout ByteReader, at start: Int) throws(BinaryError) {
        try expectFunctionSort(&reader, "lower")
        let index = try reader.readVarUInt32()
        let type = try function(index, at: start)
        let options = try canonicalOptions(&reader, at: start)
        guard options.postReturn == nil else {
            throw invalid("canonical option `post-return` cannot be specified for lowerings", at: start)
        }
        try require(options, for: type, .lower, at: start)
        let core = type.coreType(.lower)
        try appendCoreFunction(
            core.parameters, core.results, .lower(ComponentFunctionIndex(index), type: type, options: options),
            at: start)
    }

    private func expectFunctionSort(_ reader: inout ByteReader, _ definition: String) throws(BinaryError) {
        let start = reader.position
        let sort = try reader.readByte()
        guard sort == 0 else { throw unknownByte(sort, "canonical function \(definition)", at: start) }
    }

    private func list(_ types: [ValueType]) -> String {
        "[\(types.map { $0.description.uppercased() }.joined(separator: ", "))]"
    }

    /// Checks that the options which the canonical ABI needs to pass values of this type are there.
    private func require(
        _ options: CanonicalOptions, for type: ComponentFunctionType, _ direction: ComponentFunctionType.Direction,
        at start: Int
    ) throws(BinaryError) {
        let parametersUsePointers = type.parameters.contains { $0.type.summary.traits.contains(.containsPointer) }
        let resultUsesPointers = type.result?.summary.traits.contains(.containsPointer) ?? false
        let needsMemory = parametersUsePointers || resultUsesPointers || type.parametersSpill || type.resultSpills
        guard !needsMemory || options.memory != nil else {
            throw invalid("canonical option `memory` is required", at: start)
        }
        // What is passed into the instance whose options these are is allocated by it.
        let needsRealloc =
            switch direction {
            case .lift: parametersUsePointers || type.parametersSpill
            case .lower: resultUsesPointers
            }
        guard !needsRealloc || options.realloc != nil else {
            throw invalid("canonical option `realloc` is required", at: start)
        }
    }

    // MARK: - Options

    private func canonicalOptions(_ reader: inout ByteReader, at start: Int) throws(BinaryError) -> CanonicalOptions {
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
                try checkCanonicalMemory(index, at: offset)
                options.memory = MemoryIndex(index)
            case 0x04:
                try once(options.realloc != nil, "realloc")
                options.realloc = FunctionIndex(try reader.readVarUInt32())
            case 0x05:
                try once(options.postReturn != nil, "post-return")
                options.postReturn = FunctionIndex(try reader.readVarUInt32())
            case 0x06:
                throw BinaryError(
                    .unsupported, "async built-ins are not supported yet: canonical option async", at: offset)
            case 0x07:
                throw BinaryError(
                    .unsupported, "async built-ins are not supported yet: canonical option callback", at: offset)
            default: throw unknownByte(code, "canonical option", at: offset)
            }
        }
        if let encoding { options.stringEncoding = encoding }
        if let realloc = options.realloc {
            guard options.memory != nil else {
                throw invalid("canonical option `realloc` requires `memory` to also be specified", at: start)
            }
            let type = try coreFunction(realloc.rawValue, at: start)
            guard type.parameters == [.i32, .i32, .i32, .i32], type.results == [.i32] else {
                throw invalid("canonical option `realloc` uses a core function with an incorrect signature", at: start)
            }
        }
        return options
    }

    private func checkCanonicalMemory(_ index: UInt32, at offset: Int) throws(BinaryError) {
        let type = try coreMemory(index, at: offset)
        guard type.addressType == .i32 else {
            throw BinaryError(
                .unsupported, "64-bit memories in canonical definitions are not supported yet", at: offset)
        }
        let any = MemoryType(limits: Limits(minimum: 0), pageSizeLog2: type.pageSizeLog2)
        try at(offset) { () throws(TypeMismatch) in try Subtyping.check(type, fits: any) }
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
