// What is still reached, and what is not: one collection for objects and exceptions, which can hold each other.
//
// Roots are the words of the guest's stack, whatever they are, the tables and globals whose type can refer to either, the
// elements of segments, what constant expressions have on their stacks, and what the host pinned. What is reached is kept
// on lists, so the depth of a structure costs memory and no host stack. Others may run in the middle of a collection, for
// nothing of this store does meanwhile.

import CApus
import WasmTypes

extension Store {
    /// Where the frame of a running guest ends. Without its function's record it could be as large as any; the stack's
    /// mapping reaches that far.
    func stackEnd(
        _ pc: UnsafePointer<UInt64>, _ frame: UnsafeMutablePointer<UInt64>, in instance: Instance
    ) -> UnsafePointer<UInt64> {
        var frameSlots = 1 << 16
        if let function = unsafe instance.module.function(at: pc), let code = unsafe instance.module.record(of: function) {
            frameSlots = unsafe max(Int(code.pointee.frame_slots), 1)
        }
        return unsafe UnsafePointer(frame + frameSlots)
    }

    /// Where the stack ends while no guest runs, or the one that does has called the host.
    var idleStackEnd: UnsafePointer<UInt64> { unsafe UnsafePointer(stack.activation.pointee.top) }

    /// Frees the objects and exceptions that nothing reaches.
    func collect(upTo end: UnsafePointer<UInt64>) {
        var slot = unsafe stack.firstSlot
        while unsafe slot < end {
            mark(unsafe slot.pointee)
            unsafe slot += 1
        }
        for instance in instances {
            for table in instance.tables where table.type.elementType.canReferToCollected {
                for index in 0..<table.count { mark(table[raw: index] ?? 0) }
            }
            for global in instance.globals where global.type.valueType.canReferToCollected { mark(global.rawValue) }
            for values in instance.segmentState.elementValues.values {
                for value in values { mark(value) }
            }
        }
        for value in constantOperands { mark(value.low) }
        for reference in pinnedReferences.keys { mark(reference) }
        while true {
            while heap.visitNext({ mark($0) }) {}
            guard let values = exceptions.takeMarked() else { break }
            for value in values { mark(value) }
        }
        exceptions.sweep()
        heap.sweep { letOthersRun() }
    }

    private func mark(_ word: UInt64) {
        markedCount &+= 1
        if markedCount % Store.valuesAtOnce == 0 { letOthersRun() }
        heap.mark(word)
        exceptions.mark(word)
    }
}

extension ValueType {
    /// Whether a value of the type can be, or lead to, an object or an exception. Types are the engine's.
    fileprivate var canReferToCollected: Bool { heapType == .exception || canReferToObjects }

    /// Whether a value of the type can be an object. A defined type may be a function's; nobody is harmed by looking.
    var canReferToObjects: Bool {
        switch heapType {
        case .function, .noFunction, .exception, .noException, nil: false
        default: true
        }
    }
}
