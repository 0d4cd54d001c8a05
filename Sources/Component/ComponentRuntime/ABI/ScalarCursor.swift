// Reads and writes Unicode scalars in the three forms that a string can have in memory.

import Execution

/// Goes through a string's scalars; traps where the bytes are no string.
///
/// The bytes must stay where they are while the cursor is used: after a call into the guest, a new one is needed.
@safe struct ScalarCursor {
    private let bytes: UnsafeRawBufferPointer
    private let form: StringForm
    /// Whose guest lets others run while a long string is gone over; nil if it does not. The store outlives the cursor.
    private let store: Unmanaged<Store>?
    /// In bytes.
    var position: Int
    /// Where others may run before the cursor goes on.
    private var pausePosition: Int

    /// How many bytes, or units of a run, are gone over at once.
    static let pieceLength = Store.bytesAtOnce

    init(_ bytes: UnsafeRawBufferPointer, form: StringForm, position: Int, pausing store: Store? = nil) {
        unsafe self.bytes = bytes
        self.form = form
        self.position = position
        unsafe self.store = store.map { unsafe Unmanaged.passUnretained($0) }
        pausePosition = position + Self.pieceLength
    }

    /// The next scalar; nil at the end.
    mutating func next() throws(Trap) -> UInt32? {
        guard unsafe position < bytes.count else { return nil }
        if position >= pausePosition {
            pausePosition = position + Self.pieceLength
            if let store = unsafe store { try unsafe store.takeUnretainedValue().passInterrupt() }
        }
        switch form {
        case .latin1:
            position += 1
            return unsafe UInt32(bytes[position - 1])
        case .utf16: return try nextUTF16()
        case .utf8:
            let first = unsafe bytes[position]
            if first < 0x80 {
                position += 1
                return UInt32(first)
            }
            return try nextUTF8(first)
        }
    }

    /// Goes over a run of characters that `run` recognises at the position: it gets the bytes and how many units there
    /// are, or a piece's worth of them, and returns of how many units the run is.
    @inline(__always)
    @discardableResult
    mutating func skip(_ run: (UnsafeRawPointer, Int) -> Int) -> Int {
        let unitSize = form == .utf16 ? 2 : 1
        guard let base = unsafe bytes.baseAddress else { return 0 }
        let count = unsafe run(base + position, min((bytes.count - position) / unitSize, Self.pieceLength))
        position += count * unitSize
        return count
    }

    private mutating func nextUTF16() throws(Trap) -> UInt32 {
        guard unsafe position + 2 <= bytes.count else { throw ABIFault.invalidString(form.name) }
        let unit = unsafe UInt32(bytes.loadUnaligned(fromByteOffset: position, as: UInt16.self))
        position += 2
        guard unit & 0xF800 == 0xD800 else { return unit }
        guard unit < 0xDC00, unsafe position + 2 <= bytes.count else { throw ABIFault.invalidString(form.name) }
        let low = unsafe UInt32(bytes.loadUnaligned(fromByteOffset: position, as: UInt16.self))
        guard low & 0xFC00 == 0xDC00 else { throw ABIFault.invalidString(form.name) }
        position += 2
        return 0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF
    }

    private mutating func nextUTF8(_ first: UInt8) throws(Trap) -> UInt32 {
        let count: Int
        let least: UInt32
        var scalar: UInt32
        switch first {
        case 0xC2...0xDF: (count, least, scalar) = (2, 0x80, UInt32(first & 0x1F))
        case 0xE0...0xEF: (count, least, scalar) = (3, 0x800, UInt32(first & 0x0F))
        case 0xF0...0xF4: (count, least, scalar) = (4, 0x10000, UInt32(first & 0x07))
        default: throw ABIFault.invalidString(form.name)
        }
        guard unsafe position + count <= bytes.count else { throw ABIFault.invalidString(form.name) }
        for offset in 1..<count {
            let byte = unsafe bytes[position + offset]
            guard byte & 0xC0 == 0x80 else { throw ABIFault.invalidString(form.name) }
            scalar = scalar << 6 | UInt32(byte & 0x3F)
        }
        guard scalar >= least, scalar < 0x110000, scalar & 0xFFFFF800 != 0xD800 else {
            throw ABIFault.invalidString(form.name)
        }
        position += count
        return scalar
    }
}

extension HostContext {
    /// Traps if a string's bytes are none.
    ///
    /// - Parameter start: how many bytes of the string stand before the range.
    func validate(_ range: StringRange, from start: Int = 0) throws(Trap) {
        let bytes = unsafe UnsafeRawBufferPointer(bytes(range.address, range.byteCount))
        switch range.form {
        case .latin1: return
        case .utf8:
            var done = 0
            while true {
                let end = unsafe Self.endOfPiece(bytes, from: done)
                let units = unsafe UnsafeRawBufferPointer(rebasing: bytes[done..<end]).assumingMemoryBound(to: UInt8.self)
                do throws(UTF8.ValidationError) {
                    _ = try unsafe UTF8Span(validating: units.span)
                } catch {
                    throw ABIFault.invalidUTF8(
                        at: start + done + error.byteOffsets.lowerBound,
                        isTruncated: error.kind == .truncatedScalar
                            && done + error.byteOffsets.upperBound == range.byteCount)
                }
                done = end
                if done == bytes.count { return }
                try passInterrupt()
            }
        case .utf16:
            var cursor = unsafe ScalarCursor(bytes, form: .utf16, position: 0, pausing: store)
            while cursor.position < bytes.count {
                unsafe cursor.skip { from, count in unsafe CharacterRuns.withoutSurrogates(from, count) }
                // What stopped the run, and what is too short for one.
                for _ in 0..<16 { if try cursor.next() == nil { break } }
            }
        }
    }

    /// Where a piece of UTF-8 may end, so that no character is in two pieces. Where there is no such place nearby, the bytes
    /// are no UTF-8 before it.
    private static func endOfPiece(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        let end = start + ScalarCursor.pieceLength
        guard end < bytes.count else { return bytes.count }
        for place in stride(from: end, to: end - 4, by: -1) where unsafe bytes[place] & 0xC0 != 0x80 { return place }
        return end
    }
}

enum UTF8Writer {
    /// Writes a scalar at `position`, where there must be room for it, and moves on.
    static func write(_ scalar: UInt32, to room: UnsafeMutableRawBufferPointer, at position: inout Int) {
        func put(_ byte: UInt32) {
            unsafe room[position] = UInt8(truncatingIfNeeded: byte)
            position += 1
        }
        switch scalar {
        case ..<0x80: put(scalar)
        case ..<0x800:
            put(0xC0 | scalar >> 6)
            put(0x80 | scalar & 0x3F)
        case ..<0x10000:
            put(0xE0 | scalar >> 12)
            put(0x80 | scalar >> 6 & 0x3F)
            put(0x80 | scalar & 0x3F)
        default:
            put(0xF0 | scalar >> 18)
            put(0x80 | scalar >> 12 & 0x3F)
            put(0x80 | scalar >> 6 & 0x3F)
            put(0x80 | scalar & 0x3F)
        }
    }
}

enum UTF16Writer {
    /// Writes a scalar at `position`, in bytes, where there must be room for it, and moves on.
    static func write(_ scalar: UInt32, to room: UnsafeMutableRawBufferPointer, at position: inout Int) {
        func put(_ unit: UInt32) {
            unsafe room.storeBytes(of: UInt16(truncatingIfNeeded: unit), toByteOffset: position, as: UInt16.self)
            position += 2
        }
        if scalar < 0x10000 {
            put(scalar)
        } else {
            put(0xD800 | (scalar - 0x10000) >> 10)
            put(0xDC00 | scalar & 0x3FF)
        }
    }
}
