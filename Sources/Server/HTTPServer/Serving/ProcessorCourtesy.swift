// Lets others have the processor between two turns of connections.
//
// A loop that always finds something to do keeps its processor for a whole slice of the system's time, some milliseconds,
// and another loop that the system has put on the same processor waits as long, with all its connections. Where loops give
// way after each turn, they alternate: with 16 busy connections on two loops the slowest hundredth of requests took 0.5 ms
// instead of 2.1.

import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Whether a loop gives way. The system takes it for a waiver of the rest of a slice, so it is a bad bargain next to programs
/// that compute and give nothing back: once it has cost much, it is left alone for a while.
struct ProcessorCourtesy {
    private var notBefore = NIODeadline.uptimeNanoseconds(0)

    /// As long as others of the loop's own kind may keep the processor.
    private static let shortAbsence = TimeAmount.milliseconds(1)
    private static let pause = TimeAmount.milliseconds(200)

    /// To be called when all was sent that there was.
    mutating func giveWay() {
        let start = NIODeadline.now()
        guard start >= notBefore else { return }
        sched_yield()
        let end = NIODeadline.now()
        if end - start > Self.shortAbsence { notBefore = end + Self.pause }
    }
}
