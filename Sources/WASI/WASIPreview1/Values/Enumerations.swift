// The enumerations of WASI 0.1.

import WASIHost
import WasmTypes

/// `clockid`
enum ClockID: UInt8, GuestEnumeration {
    case realtime
    case monotonic
    case processCPUTime
    case threadCPUTime
}

/// `filetype`
enum FileTypeTag: UInt8 {
    case unknown
    case blockDevice
    case characterDevice
    case directory
    case regularFile
    case socketDatagram
    case socketStream
    case symbolicLink
}

extension FileTypeTag {
    init(_ type: FileType) {
        self =
            switch type {
            case .unknown, .fifo: .unknown
            case .blockDevice: .blockDevice
            case .characterDevice: .characterDevice
            case .directory: .directory
            case .regularFile: .regularFile
            case .socket: .socketStream
            case .symbolicLink: .symbolicLink
            }
    }
}

/// `whence`, whose numbers changed between the versions.
enum Whence: GuestParameter {
    case set
    case cur
    case end

    static var coreTypes: [ValueType] { [.i32] }

    init(_ slots: inout Slots) throws(Errno) {
        switch (UInt32(&slots), slots.version) {
        case (0, .preview1), (2, .unstable): self = .set
        case (1, .preview1), (0, .unstable): self = .cur
        case (2, .preview1), (1, .unstable): self = .end
        default: throw .inval
        }
    }

    var origin: SeekOrigin {
        switch self {
        case .set: .start
        case .cur: .current
        case .end: .end
        }
    }
}

/// `advice`. The numbers are those of WASI 0.2.
extension Advice: GuestEnumeration {}

/// `eventtype`
enum EventType: UInt8 {
    case clock
    case fdRead
    case fdWrite
}

/// `signal`
enum Signal: UInt8, GuestEnumeration {
    case none, hup, int, quit, ill, trap, abrt, bus, fpe, kill, usr1, segv, usr2, pipe, alrm, term, chld, cont, stop, tstp
    case ttin, ttou, urg, xcpu, xfsz, vtalrm, prof, winch, poll, pwr, sys

    /// What becomes of a program that does nothing about the signal, as nobody who is given one can here.
    var effect: Effect {
        switch self {
        case .none, .chld, .cont, .urg, .winch: .nothing
        case .stop, .tstp, .ttin, .ttou: .stops
        default: .ends
        }
    }

    enum Effect {
        case nothing
        case stops
        case ends
    }
}
