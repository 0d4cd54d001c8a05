// Throwing and catching (core specification, section 4.4.10 "Exceptions").
//
// Nothing is spent on a `try_table` that nobody throws through: the clauses stand in a table beside the code. A throw
// walks the frames of the current entry from the innermost; the first clause that covers a frame's place and wants the
// tag gets the values. A chain of frames ends where the host entered: an exception does not cross the host, it becomes
// a trap there.

import CApus
import WasmBinary
import WasmTypes

extension Store {
    /// Throws the exception with this tag and values at `operands`, or the one that `operands[0]` refers to if `tag` is nil.
    /// Returns nil where it was caught, with the activation's `resume_*` set; the reason for a trap otherwise.
    func throwException(
        tag: TagIndex?, operands: UnsafeMutablePointer<UInt64>, in instance: Instance, pc: UnsafePointer<UInt64>?,
        frame: UnsafeMutablePointer<UInt64>?
    ) -> TrapCode? {
        let exception: ThrownException
        var reference: UInt64?
        if let tag {
            guard instance.tags.indices.contains(tag.position) else { return .internalError }
            let object = instance.tags[tag.position]
            let count = Int(object.type.parameters.slotCount)
            exception = ThrownException(tag: object, values: (0..<count).map { unsafe operands[$0] })
        } else {
            guard let found = unsafe exceptions[operands[0]] else { return .internalError }
            exception = found
            unsafe reference = operands[0]
        }

        let throwingFrame = unsafe frame
        var outcome: TrapCode? = .uncaughtException
        unsafe walkFrames(from: pc, frame: frame, instance: instance.record) { frame in
            let tags = frame.instance.tags
            let found = unsafe frame.instance.module.handler(at: frame.pc, in: frame.function) { wanted in
                guard let wanted else { return true }
                return tags.indices.contains(wanted.position) && tags[wanted.position] === exception.tag
            }
            guard let landing = found else { return true }
            if landing.takesValues {
                for (position, value) in exception.values.enumerated() {
                    unsafe frame.base[landing.firstSlot + position] = value
                }
            }
            if let slot = landing.referenceSlot {
                guard let held = unsafe reference ?? hold(exception, thrownAt: pc, frame: throwingFrame, in: instance) else {
                    outcome = .resourceLimit
                    return false
                }
                unsafe frame.base[slot] = held
            }
            unsafe stack.activation.pointee.resume_pc = landing.target
            unsafe stack.activation.pointee.resume_frame = frame.base
            unsafe stack.activation.pointee.resume_instance = frame.instance.record
            outcome = nil
            return false
        }
        return outcome
    }
}
