// Reads the built-in functions of async tasks and of threads, and gives each its core type (CanonicalABI.md, "Canonical
// Definitions").

import ComponentTypes
import WasmBinary
import WasmTypes

extension ComponentDecoder {
    /// A canonical definition after its code.
    func decodeBuiltIn(_ code: UInt8, _ reader: inout ByteReader, at start: Int) throws(BinaryError) {
        switch code {
        case 0x05: try append(.taskCancel, at: start)
        case 0x06: try append(.subtaskCancel(isAsync: try flag(&reader)), [.i32], [.i32], at: start)
        case 0x09: try decodeTaskReturn(&reader, at: start)
        case 0x0A, 0x0B: try decodeContext(isGet: code == 0x0A, &reader, at: start)
        case 0x0C: try decodeThreadSwitch(.yield, &reader, at: start)
        case 0x0D: try append(.subtaskDrop, [.i32], at: start)
        case 0x0E...0x14: try decodeStream(code - 0x0E, &reader, at: start)
        case 0x15...0x1B: try decodeFuture(code - 0x15, &reader, at: start)
        case 0x1C...0x1E: try decodeErrorContext(code, &reader, at: start)
        case 0x1F: try append(.waitableSetNew, [], [.i32], at: start)
        case 0x20, 0x21:
            let isCancellable = try flag(&reader)
            let index = try reader.readVarUInt32()
            let address = try canonicalMemory(index, at: start).valueType
            let memory = MemoryIndex(index)
            try append(
                code == 0x20
                    ? .waitableSetWait(isCancellable: isCancellable, memory)
                    : .waitableSetPoll(isCancellable: isCancellable, memory),
                [.i32, address], [.i32], at: start)
        case 0x22: try append(.waitableSetDrop, [.i32], at: start)
        case 0x23: try append(.waitableJoin, [.i32, .i32], at: start)
        case 0x24: try append(.backpressureIncrement, at: start)
        case 0x25: try append(.backpressureDecrement, at: start)
        case 0x26: try append(.threadIndex, [], [.i32], at: start)
        case 0x27: try decodeThreadNewIndirect(&reader, at: start)
        case 0x28: try append(.threadResumeLater, [.i32], at: start)
        case 0x29: try decodeThreadSwitch(.suspend, &reader, at: start)
        case 0x2A: try decodeThreadSwitch(.suspendThenResume, &reader, at: start)
        case 0x2B: try decodeThreadSwitch(.yieldThenResume, &reader, at: start)
        case 0x2C: try decodeThreadSwitch(.suspendThenPromote, &reader, at: start)
        case 0x2D: try decodeThreadSwitch(.yieldThenPromote, &reader, at: start)
        case 0x40...0x42:
            let name = code == 0x40 ? "spawn-ref" : code == 0x41 ? "spawn-indirect" : "available-parallelism"
            throw BinaryError(.unsupported, "shared threads are not supported yet: thread.\(name)", at: start)
        default: throw unknownByte(code, "canonical function", at: start)
        }
    }

    private func append(
        _ builtIn: CanonicalBuiltIn, _ parameters: [ValueType] = [], _ results: [ValueType] = [], at start: Int
    ) throws(BinaryError) {
        let type = FunctionType(parameters: parameters, results: results)
        try appendCoreFunction(parameters, results, .builtIn(builtIn, type: type), at: start)
    }

    /// `async?` or `cancel?`
    private func flag(_ reader: inout ByteReader) throws(BinaryError) -> Bool {
        let start = reader.position
        switch try reader.readByte() {
        case 0: return false
        case 1: return true
        default: throw BinaryError(.malformed, "invalid boolean value", at: start)
        }
    }

    private func forbid(_ isPresent: Bool, _ option: String, _ name: String, at start: Int) throws(BinaryError) {
        guard !isPresent else { throw invalid("cannot specify `\(option)` option on `\(name)`", at: start) }
    }

    private func requireMemory(_ options: CanonicalOptions, at start: Int) throws(BinaryError) {
        guard options.memory != nil else { throw invalid("canonical option `memory` is required", at: start) }
    }

    // MARK: - Tasks

    private func decodeTaskReturn(_ reader: inout ByteReader, at start: Int) throws(BinaryError) {
        let result = try resultList(&reader)
        if let result, result.summary.traits.contains(.containsBorrow) {
            throw invalid("function result cannot contain a `borrow` type", at: start)
        }
        let options = try canonicalOptions(&reader, at: start)
        try forbid(options.realloc != nil, "realloc", "task.return", at: start)
        try forbid(options.postReturn != nil, "post-return", "task.return", at: start)
        try forbid(options.callback != nil, "callback", "task.return", at: start)
        try forbid(options.isAsync, "async", "task.return", at: start)
        // The result goes the way of a parameter.
        let type = try making(at: start) { () throws(ComponentTypeError) in
            try ComponentFunctionType(
                parameters: result.map { [.init(name: "result", type: $0)] } ?? [], result: nil)
        }
        if type.parametersSpill || type.summary.traits.contains(.containsPointer) {
            try requireMemory(options, at: start)
        }
        let core = type.coreType(.lower, addressType: options.addressType)
        try append(.taskReturn(type, options), core.parameters, at: start)
    }

    private func decodeContext(isGet: Bool, _ reader: inout ByteReader, at start: Int) throws(BinaryError) {
        let type = try reader.readValueType()
        let slot = try reader.readVarUInt32()
        let name = isGet ? "context.get" : "context.set"
        let addressType: AddressType
        switch type {
        case .i32: addressType = .i32
        case .i64: addressType = .i64
        default: throw invalid("`\(name)` only supports `i32` and `i64`, found `\(type)`", at: start)
        }
        guard scope.contextType ?? addressType == addressType else {
            throw invalid("all `context.get` and `context.set` of a component must have the same type", at: start)
        }
        scope.contextType = addressType
        guard slot < 2 else { throw invalid("`\(name)` immediate must be less than 2, found \(slot)", at: start) }
        if isGet {
            try append(.contextGet(addressType, slot: slot), [], [type], at: start)
        } else {
            try append(.contextSet(addressType, slot: slot), [type], at: start)
        }
    }

    // MARK: - Streams and futures

    private func decodeStream(_ number: UInt8, _ reader: inout ByteReader, at start: Int) throws(BinaryError) {
        let index = try reader.readVarUInt32()
        guard case .value(.stream(let type)) = try type(index, at: start) else {
            throw invalid("type index \(index) is not a stream type", at: start)
        }
        let (operation, address) = try channelOperation(number, type, &reader, at: start)
        let (parameters, results) = coreType(of: operation)
        switch operation {
        case .read, .write: try append(.stream(type, operation), [.i32, address, address], [address], at: start)
        default: try append(.stream(type, operation), parameters, results, at: start)
        }
    }

    private func decodeFuture(_ number: UInt8, _ reader: inout ByteReader, at start: Int) throws(BinaryError) {
        let index = try reader.readVarUInt32()
        guard case .value(.future(let type)) = try type(index, at: start) else {
            throw invalid("type index \(index) is not a future type", at: start)
        }
        let (operation, address) = try channelOperation(number, type, &reader, at: start)
        let (parameters, results) = coreType(of: operation)
        switch operation {
        case .read, .write: try append(.future(type, operation), [.i32, address], [.i32], at: start)
        default: try append(.future(type, operation), parameters, results, at: start)
        }
    }

    /// What an operation other than reading and writing takes and returns.
    private func coreType(of operation: CanonicalBuiltIn.ChannelOperation) -> ([ValueType], [ValueType]) {
        switch operation {
        case .new: ([], [.i64])
        case .dropReadable, .dropWritable: ([.i32], [])
        default: ([.i32], [.i32])
        }
    }

    private func channelOperation(
        _ number: UInt8, _ type: StreamType, _ reader: inout ByteReader, at start: Int
    ) throws(BinaryError) -> (CanonicalBuiltIn.ChannelOperation, address: ValueType) {
        switch number {
        case 0: return (.new, .i32)
        case 1, 2:
            let options = try canonicalOptions(&reader, at: start)
            let isRead = number == 1
            let name = isRead ? "read" : "write"
            try forbid(options.postReturn != nil, "post-return", name, at: start)
            try forbid(options.callback != nil, "callback", name, at: start)
            if let element = type.element {
                try requireMemory(options, at: start)
                // What is read is allocated by the reader.
                guard !isRead || !element.summary.traits.contains(.containsPointer) || options.realloc != nil else {
                    throw invalid("canonical option `realloc` is required", at: start)
                }
            }
            return (isRead ? .read(options) : .write(options), options.addressType.valueType)
        case 3: return (.cancelRead(isAsync: try flag(&reader)), .i32)
        case 4: return (.cancelWrite(isAsync: try flag(&reader)), .i32)
        case 5: return (.dropReadable, .i32)
        default: return (.dropWritable, .i32)
        }
    }

    private func decodeErrorContext(_ code: UInt8, _ reader: inout ByteReader, at start: Int) throws(BinaryError) {
        guard code != 0x1E else { return try append(.errorContextDrop, [.i32], at: start) }
        let name = code == 0x1C ? "error-context.new" : "error-context.debug-message"
        let options = try canonicalOptions(&reader, at: start)
        try forbid(options.postReturn != nil, "post-return", name, at: start)
        try forbid(options.isAsync, "async", name, at: start)
        try requireMemory(options, at: start)
        let address = options.addressType.valueType
        if code == 0x1C {
            try forbid(options.realloc != nil, "realloc", name, at: start)
            try append(.errorContextNew(options), [address, address], [.i32], at: start)
        } else {
            guard options.realloc != nil else { throw invalid("canonical option `realloc` is required", at: start) }
            try append(.errorContextDebugMessage(options), [.i32, address], at: start)
        }
    }

    // MARK: - Threads

    private func decodeThreadSwitch(
        _ way: CanonicalBuiltIn.ThreadSwitch, _ reader: inout ByteReader, at start: Int
    ) throws(BinaryError) {
        let takesThread = way != .suspend && way != .yield
        try append(
            .threadSwitch(way, isCancellable: try flag(&reader)), takesThread ? [.i32] : [], [.i32], at: start)
    }

    private func decodeThreadNewIndirect(_ reader: inout ByteReader, at start: Int) throws(BinaryError) {
        let typeIndex = try reader.readVarUInt32()
        let tableIndex = try reader.readVarUInt32()
        guard case .function(let type) = try coreType(typeIndex, in: scope, at: start) else {
            throw invalid("core type index \(typeIndex) is not a function type", at: start)
        }
        guard type.parameters == [.i32] || type.parameters == [.i64], type.results.isEmpty else {
            throw invalid(
                "start function must take a single `i32` or `i64` argument and return nothing, found \(type.text)",
                at: start)
        }
        let table = try coreTable(tableIndex, at: start)
        guard table.elementType == .funcref else {
            throw invalid("expected a table of `funcref`, found one of `\(table.elementType)`", at: start)
        }
        try append(
            .threadNewIndirect(type, TableIndex(tableIndex)), [table.addressType.valueType] + type.parameters, [.i32],
            at: start)
    }
}
