// The built-in functions of async tasks and of threads (Binary.md, "Canonical Definitions"; CanonicalABI.md, "Canonical
// Definitions").

public import ComponentTypes
public import WasmTypes

/// A built-in core function, with what its definition fixes.
public enum CanonicalBuiltIn: Sendable {
    /// The function type takes the task's result, if it has one, as its parameter.
    case taskReturn(ComponentFunctionType, CanonicalOptions)
    case taskCancel
    /// Of the storage that each task or thread has; `slot` is 0 or 1.
    case contextGet(AddressType, slot: UInt32)
    case contextSet(AddressType, slot: UInt32)
    case backpressureIncrement
    case backpressureDecrement
    case subtaskCancel(isAsync: Bool)
    case subtaskDrop
    case stream(StreamType, ChannelOperation)
    case future(StreamType, ChannelOperation)
    case errorContextNew(CanonicalOptions)
    case errorContextDebugMessage(CanonicalOptions)
    case errorContextDrop
    case waitableSetNew
    case waitableSetWait(isCancellable: Bool, MemoryIndex)
    case waitableSetPoll(isCancellable: Bool, MemoryIndex)
    case waitableSetDrop
    case waitableJoin
    case threadIndex
    /// The type takes one number, and the table holds the functions to start.
    case threadNewIndirect(FunctionType, TableIndex)
    case threadResumeLater
    case threadSwitch(ThreadSwitch, isCancellable: Bool)

    /// What can be done with a stream or a future.
    public enum ChannelOperation: Hashable, Sendable {
        case new
        case read(CanonicalOptions)
        case write(CanonicalOptions)
        case cancelRead(isAsync: Bool)
        case cancelWrite(isAsync: Bool)
        case dropReadable
        case dropWritable
    }

    /// How a thread gives way to others.
    public enum ThreadSwitch: String, Hashable, Sendable {
        case suspend = "suspend"
        case yield = "yield"
        case suspendThenResume = "suspend-then-resume"
        case yieldThenResume = "yield-then-resume"
        case suspendThenPromote = "suspend-then-promote"
        case yieldThenPromote = "yield-then-promote"
    }

    /// The name in the text format.
    public var name: String {
        switch self {
        case .taskReturn: "task.return"
        case .taskCancel: "task.cancel"
        case .contextGet: "context.get"
        case .contextSet: "context.set"
        case .backpressureIncrement: "backpressure.inc"
        case .backpressureDecrement: "backpressure.dec"
        case .subtaskCancel: "subtask.cancel"
        case .subtaskDrop: "subtask.drop"
        case .stream(_, let operation): "stream.\(operation.name)"
        case .future(_, let operation): "future.\(operation.name)"
        case .errorContextNew: "error-context.new"
        case .errorContextDebugMessage: "error-context.debug-message"
        case .errorContextDrop: "error-context.drop"
        case .waitableSetNew: "waitable-set.new"
        case .waitableSetWait: "waitable-set.wait"
        case .waitableSetPoll: "waitable-set.poll"
        case .waitableSetDrop: "waitable-set.drop"
        case .waitableJoin: "waitable.join"
        case .threadIndex: "thread.index"
        case .threadNewIndirect: "thread.new-indirect"
        case .threadResumeLater: "thread.resume-later"
        case .threadSwitch(let way, _): "thread.\(way.rawValue)"
        }
    }
}

extension CanonicalBuiltIn.ChannelOperation {
    /// The part of the built-in's name after the dot.
    public var name: String {
        switch self {
        case .new: "new"
        case .read: "read"
        case .write: "write"
        case .cancelRead: "cancel-read"
        case .cancelWrite: "cancel-write"
        case .dropReadable: "drop-readable"
        case .dropWritable: "drop-writable"
        }
    }
}
