// The canonical built-ins (Binary.md, "Canonical Definitions"), one row each: parser and printer draw from this table.

/// A built-in: its name, its code, and what follows them.
struct BuiltIn: Sendable {
    enum Immediates: Sendable {
        case none
        case type
        case typeAndOptions
        case typeAndAsync
        case async
        case cancellable
        case cancellableAndMemory
        case options
        /// A core value type and a number.
        case context
        /// A result and options.
        case resultAndOptions
        case coreTypeAndTable
        case shared
        case sharedAndCoreType
        case sharedAndCoreTypeAndTable
    }

    var name: String
    var code: UInt8
    var immediates: Immediates

    static let all: [BuiltIn] = [
        BuiltIn(name: "resource.new", code: 0x02, immediates: .type),
        BuiltIn(name: "resource.drop", code: 0x03, immediates: .type),
        BuiltIn(name: "resource.rep", code: 0x04, immediates: .type),
        BuiltIn(name: "task.cancel", code: 0x05, immediates: .none),
        BuiltIn(name: "subtask.cancel", code: 0x06, immediates: .async),
        BuiltIn(name: "task.return", code: 0x09, immediates: .resultAndOptions),
        BuiltIn(name: "context.get", code: 0x0A, immediates: .context),
        BuiltIn(name: "context.set", code: 0x0B, immediates: .context),
        BuiltIn(name: "thread.yield", code: 0x0C, immediates: .cancellable),
        BuiltIn(name: "subtask.drop", code: 0x0D, immediates: .none),
        BuiltIn(name: "stream.new", code: 0x0E, immediates: .type),
        BuiltIn(name: "stream.read", code: 0x0F, immediates: .typeAndOptions),
        BuiltIn(name: "stream.write", code: 0x10, immediates: .typeAndOptions),
        BuiltIn(name: "stream.cancel-read", code: 0x11, immediates: .typeAndAsync),
        BuiltIn(name: "stream.cancel-write", code: 0x12, immediates: .typeAndAsync),
        BuiltIn(name: "stream.drop-readable", code: 0x13, immediates: .type),
        BuiltIn(name: "stream.drop-writable", code: 0x14, immediates: .type),
        BuiltIn(name: "future.new", code: 0x15, immediates: .type),
        BuiltIn(name: "future.read", code: 0x16, immediates: .typeAndOptions),
        BuiltIn(name: "future.write", code: 0x17, immediates: .typeAndOptions),
        BuiltIn(name: "future.cancel-read", code: 0x18, immediates: .typeAndAsync),
        BuiltIn(name: "future.cancel-write", code: 0x19, immediates: .typeAndAsync),
        BuiltIn(name: "future.drop-readable", code: 0x1A, immediates: .type),
        BuiltIn(name: "future.drop-writable", code: 0x1B, immediates: .type),
        BuiltIn(name: "error-context.new", code: 0x1C, immediates: .options),
        BuiltIn(name: "error-context.debug-message", code: 0x1D, immediates: .options),
        BuiltIn(name: "error-context.drop", code: 0x1E, immediates: .none),
        BuiltIn(name: "waitable-set.new", code: 0x1F, immediates: .none),
        BuiltIn(name: "waitable-set.wait", code: 0x20, immediates: .cancellableAndMemory),
        BuiltIn(name: "waitable-set.poll", code: 0x21, immediates: .cancellableAndMemory),
        BuiltIn(name: "waitable-set.drop", code: 0x22, immediates: .none),
        BuiltIn(name: "waitable.join", code: 0x23, immediates: .none),
        BuiltIn(name: "backpressure.inc", code: 0x24, immediates: .none),
        BuiltIn(name: "backpressure.dec", code: 0x25, immediates: .none),
        BuiltIn(name: "thread.index", code: 0x26, immediates: .none),
        BuiltIn(name: "thread.new-indirect", code: 0x27, immediates: .coreTypeAndTable),
        BuiltIn(name: "thread.resume-later", code: 0x28, immediates: .none),
        BuiltIn(name: "thread.suspend", code: 0x29, immediates: .cancellable),
        BuiltIn(name: "thread.suspend-then-resume", code: 0x2A, immediates: .cancellable),
        BuiltIn(name: "thread.yield-then-resume", code: 0x2B, immediates: .cancellable),
        BuiltIn(name: "thread.suspend-then-promote", code: 0x2C, immediates: .cancellable),
        BuiltIn(name: "thread.yield-then-promote", code: 0x2D, immediates: .cancellable),
        BuiltIn(name: "thread.spawn-ref", code: 0x40, immediates: .sharedAndCoreType),
        BuiltIn(name: "thread.spawn-indirect", code: 0x41, immediates: .sharedAndCoreTypeAndTable),
        BuiltIn(name: "thread.available-parallelism", code: 0x42, immediates: .shared),
    ]

    static let byName: [String: BuiltIn] = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
    static let byCode: [UInt8: BuiltIn] = Dictionary(uniqueKeysWithValues: all.map { ($0.code, $0) })
}
