// The traps of the canonical ABI. The messages are those that the suites compare with.

import WasmTypes
public import Execution

/// Makes the traps; each is a guest's fault.
@usableFromInline enum ABIFault {
    @usableFromInline static var invalidDiscriminant: Trap { fault("invalid variant discriminant") }
    static var invalidCharacter: Trap { fault("invalid `char` bit pattern") }
    static var unalignedPointer: Trap { fault("unaligned pointer") }
    static var stringOutOfBounds: Trap { fault("string content out-of-bounds") }
    static var stringPointerOutOfBounds: Trap { fault("string pointer/length out of bounds of memory") }
    static var listOutOfBounds: Trap { fault("list content out-of-bounds") }
    static var pointerOutOfBounds: Trap { fault("pointer out of bounds of memory") }
    static var reallocUnaligned: Trap { fault("realloc return: result not aligned") }
    static var reallocOutOfBounds: Trap { fault("realloc return: beyond end of memory") }
    static var cannotLeave: Trap { fault("cannot leave component instance") }
    static var cannotEnter: Trap { fault("cannot enter component instance") }
    static var borrowsRemain: Trap { fault("borrow handles still remain at the end of the call") }
    static var lentHandle: Trap { fault("cannot remove owned resource while borrowed") }
    static var notOwned: Trap { fault("cannot lift own resource from a borrow") }
    static var wrongTaskReturn: Trap { fault("invalid `task.return` signature and/or options for current task") }
    static var returnedTwice: Trap { fault("`task.return` called more than once for current task") }
    static var noTaskReturn: Trap { fault("async-lifted export failed to produce a result") }
    static var noRealloc: Trap { Trap(.internalError, detail: "a function without realloc allocates") }
    /// A compiled type and the Swift type that linking compared it with differ.
    @usableFromInline static var typeMismatch: Trap { Trap(.internalError, detail: "a value is not of the type it was linked as") }

    /// What is decoded and validated, and not carried out yet.
    static func notYet(_ what: String) -> Trap { fault("async components are not supported yet: \(what)") }

    static func unknownHandle(_ index: UInt32) -> Trap { fault("unknown handle index \(index)") }

    static func wrongType(_ index: UInt32, expected: String, found: String) -> Trap {
        let different = expected == found ? "a different \(found)" : found
        return fault("handle index \(index) used with the wrong type, expected \(expected) but found \(different)")
    }

    static func invalidString(_ encoding: String) -> Trap { fault("invalid \(encoding) byte sequence") }

    static func invalidUTF8(at offset: Int, isTruncated: Bool) -> Trap {
        fault("\(isTruncated ? "incomplete" : "invalid") utf-8 byte sequence from index \(offset)")
    }

    static func fault(_ detail: String) -> Trap { Trap(.host, detail: detail) }
}
