// What a guest that was stopped leaves behind: the reason, the guest's own call chain, and the host's error if it was one.

public import WasmTypes

/// A guest was stopped. Its instance may be in any state; the host and other stores are unharmed.
public struct Trap: Error, Sendable {
    public var code: TrapCode
    /// A sentence that says more than the code's message, where there is more to say.
    public var detail: String?
    /// The guest's frames, innermost first.
    public var backtrace: [BacktraceFrame]
    /// What a host function threw, where `code` is `.host`.
    public var cause: (any Error)?

    public init(_ code: TrapCode, detail: String? = nil, backtrace: [BacktraceFrame] = [], cause: (any Error)? = nil) {
        self.code = code
        self.detail = detail
        self.backtrace = backtrace
        self.cause = cause
    }

    /// The innermost error that is not itself a trap: what ended the guest in the end.
    public var rootCause: (any Error)? {
        if let inner = cause as? Trap { return inner.rootCause }
        return cause
    }
}

extension Trap: CustomStringConvertible {
    public var description: String {
        if let detail { return code == .host ? detail : "\(code.message): \(detail)" }
        if let cause { return "\(cause)" }
        return code.message
    }
}

/// One guest function in a trap's call chain.
public struct BacktraceFrame: Hashable, Sendable {
    /// The module's name from its name section, if it has one.
    public var module: String?
    public var function: FunctionIndex
    /// The function's name from the name section, or else an export's.
    public var name: String?

    public init(module: String?, function: FunctionIndex, name: String?) {
        self.module = module
        self.function = function
        self.name = name
    }
}

extension BacktraceFrame: CustomStringConvertible {
    public var description: String {
        let function = name ?? "<wasm function \(function.rawValue)>"
        guard let module else { return function }
        return "\(module)!\(function)"
    }
}
