// Walks the frames of a stopped guest.
//
// A frame's header says where it returns to and whose frame lies below; the place returned to says which function the
// frame below belongs to, and that function's code says where its own header is. A chain ends at the frame that the
// host entered, whose caller is null.

import CApus
import WasmBinary
import WasmTypes

/// A guest function's frame, and where it stands.
@safe struct GuestFrame {
    var instance: Instance
    var function: FunctionIndex
    var pc: UnsafePointer<UInt64>
    var base: UnsafeMutablePointer<UInt64>
}

extension Store {
    /// Calls `body` for each guest frame, innermost first, until it returns false or the entry's first frame is done.
    ///
    /// `pc` is the place of the instruction that stopped, or that called.
    func walkFrames(
        from pc: UnsafePointer<UInt64>?, frame: UnsafeMutablePointer<UInt64>?,
        instance: UnsafeMutablePointer<apus_instance>?, _ body: (GuestFrame) -> Bool
    ) {
        var place = unsafe pc
        var base = unsafe frame
        var record = unsafe instance
        while let pc = unsafe place, let frame = unsafe base {
            let headerSlot: Int
            if let host = unsafe hostFunction(at: pc) {
                headerSlot = host.headerSlot
            } else {
                guard let owner = unsafe record?.pointee.owner else { return }
                let instance = unsafe Unmanaged<Instance>.fromOpaque(owner).takeUnretainedValue()
                guard let function = unsafe instance.module.function(at: pc),
                    let code = unsafe instance.module.record(of: function)
                else { return }
                guard unsafe body(GuestFrame(instance: instance, function: function, pc: pc, base: frame)) else { return }
                headerSlot = unsafe Int(code.pointee.header_slot)
            }
            let header = unsafe frame + headerSlot
            let returnAddress = unsafe UInt(header[Int(APUS_HEADER_RETURN_ADDRESS)])
            // The place returned to is behind the call; one word before it is inside.
            unsafe place = UnsafePointer(bitPattern: returnAddress).map { unsafe $0 - 1 }
            unsafe base = UnsafeMutablePointer(bitPattern: UInt(header[Int(APUS_HEADER_CALLER_FRAME)]))
            unsafe record = UnsafeMutablePointer(bitPattern: UInt(header[Int(APUS_HEADER_CALLER_INSTANCE)]))
        }
    }

    /// The frames of one entry, by name; the innermost and outermost ones where there are very many.
    func backtrace(
        from pc: UnsafePointer<UInt64>?, frame: UnsafeMutablePointer<UInt64>?,
        instance: UnsafeMutablePointer<apus_instance>?
    ) -> [BacktraceFrame] {
        let limit = 64
        var frames: [BacktraceFrame] = []
        unsafe walkFrames(from: pc, frame: frame, instance: instance) { frame in
            let names = frame.instance.module.names
            frames.append(
                BacktraceFrame(module: names.module, function: frame.function, name: names.function(frame.function)))
            return frames.count < limit
        }
        return frames
    }
}
