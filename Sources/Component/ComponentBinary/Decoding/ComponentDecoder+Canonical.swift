// Reads canonical definitions that lift, lower and deal in resources (Binary.md, "Canonical Definitions";
// CanonicalABI.md, "Canonical Definitions"). `ComponentDecoder+BuiltIns.swift` has those of async tasks.

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
        default: try decodeBuiltIn(code, &reader, at: start)
        }
    }

    func appendCoreFunction(
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
        try checkAsync(options, type, at: start)
        if let postReturn = options.postReturn {
            guard !options.isAsync else {
                throw invalid("canonical option `post-return` cannot be specified with `async`", at: start)
            }
            let postReturnType = try coreFunction(postReturn.rawValue, at: start)
            guard postReturnType.parameters == core.results, postReturnType.results.isEmpty else {
                throw invalid(
                    "canonical option `post-return` uses a core function with an incorrect signature", at: start)
            }
        }
        try require(options, for: type, .lift, at: start)
        let expected = type.coreType(.lift, addressType: options.addressType, options.convention)
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
        try checkAsync(options, type, at: start)
        guard options.postReturn == nil else {
            throw invalid("canonical option `post-return` cannot be specified for lowerings", at: start)
        }
        guard options.callback == nil else {
            throw invalid("canonical option `callback` cannot be specified for lowerings", at: start)
        }
        try require(options, for: type, .lower, at: start)
        let core = type.coreType(.lower, addressType: options.addressType, options.convention)
        try appendCoreFunction(
            core.parameters, core.results, .lower(ComponentFunctionIndex(index), type: type, options: options),
            at: start)
    }

    private func checkAsync(
        _ options: CanonicalOptions, _ type: ComponentFunctionType, at start: Int
    ) throws(BinaryError) {
        guard !options.isAsync || type.isAsync else {
            throw invalid("the `async` canonical option requires an async function type", at: start)
        }
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
        let parametersSpill = type.parametersSpill(direction, options.convention)
        let resultSpills =
            switch (options.isAsync, direction) {
            case (false, _): type.resultSpills
            // Through the parameters of `task.return`.
            case (true, .lift): type.result.map { $0.layout.flatCount > CanonicalABI.maximumFlatParameters } ?? false
            case (true, .lower): type.result != nil
            }
        guard
            !(parametersUsePointers || resultUsesPointers || parametersSpill || resultSpills) || options.memory != nil
        else { throw invalid("canonical option `memory` is required", at: start) }
        // What is passed into the instance whose options these are is allocated by it.
        let needsRealloc =
            switch direction {
            case .lift: parametersUsePointers || parametersSpill
            case .lower: resultUsesPointers
            }
        guard !needsRealloc || options.realloc != nil else {
            throw invalid("canonical option `realloc` is required", at: start)
        }
    }
}
