// How results of system calls become values and typed errors. Every call of the target goes through one of these.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Makes a call that reports failure by a negative value and `errno`, again as long as a signal interrupts it.
@inline(__always)
func systemCall<Value: SignedInteger & FixedWidthInteger>(_ call: () -> Value) throws(HostError) -> Value {
    while true {
        let result = call()
        if result >= 0 { return result }
        let code = errno
        if code != EINTR { throw HostError(rawCode: code) }
    }
}

/// Makes a call that reports failure by a negated code, again as long as a signal interrupts it.
@inline(__always)
func kernelCall(_ call: () -> Int) throws(HostError) -> Int {
    while true {
        let result = call()
        if result >= 0 { return result }
        let code = CInt(truncatingIfNeeded: 0 &- result)
        if code != EINTR { throw HostError(rawCode: code) }
    }
}

extension FixedWidthInteger {
    /// The value as a file offset, which is signed.
    func asFileOffset() throws(HostError) -> off_t {
        guard let offset = off_t(exactly: self) else { throw .invalid }
        return offset
    }
}
