// Why a guest was stopped. The messages are the reference interpreter's, which the suites compare with.

/// The reason for a trap. One byte, so that generated code can carry it.
public enum TrapCode: UInt8, Hashable, Sendable, CaseIterable {
    case unreachable = 1
    case integerDivisionByZero
    case integerOverflow
    case invalidConversionToInteger
    case memoryOutOfBounds
    case tableOutOfBounds
    case undefinedElement
    case uninitializedElement
    case indirectCallTypeMismatch
    case stackExhausted
    case nullReference
    case nullFunctionReference
    case nullExceptionReference
    case uncaughtException
    case unalignedAtomic
    case interrupted
    /// The host ran out of something the guest asked for, or a configured limit was reached.
    case resourceLimit
    /// A host function, or the component model above, ended the guest; the reason stands beside the code.
    case host
    /// A defect of the engine on a path that a guest can reach; it ends that guest and nothing else.
    case internalError
    /// A wait on a memory that nobody else can write to.
    case expectedSharedMemory
    case nullStructureReference
    case nullArrayReference
    case nullI31Reference
    case arrayOutOfBounds
    case castFailure

    public var message: String {
        switch self {
        case .unreachable: "unreachable"
        case .integerDivisionByZero: "integer divide by zero"
        case .integerOverflow: "integer overflow"
        case .invalidConversionToInteger: "invalid conversion to integer"
        case .memoryOutOfBounds: "out of bounds memory access"
        case .tableOutOfBounds: "out of bounds table access"
        case .undefinedElement: "undefined element"
        case .uninitializedElement: "uninitialized element"
        case .indirectCallTypeMismatch: "indirect call type mismatch"
        case .stackExhausted: "call stack exhausted"
        case .nullReference: "null reference"
        case .nullFunctionReference: "null function reference"
        case .nullExceptionReference: "null exception reference"
        case .uncaughtException: "uncaught exception"
        case .unalignedAtomic: "unaligned atomic"
        case .interrupted: "interrupted"
        case .resourceLimit: "resource limit exceeded"
        case .host: "host error"
        case .internalError: "internal error"
        case .expectedSharedMemory: "expected shared memory"
        case .nullStructureReference: "null structure reference"
        case .nullArrayReference: "null array reference"
        case .nullI31Reference: "null i31 reference"
        case .arrayOutOfBounds: "out of bounds array access"
        case .castFailure: "cast failure"
        }
    }
}
