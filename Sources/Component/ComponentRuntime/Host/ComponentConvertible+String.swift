// Strings, in the encoding that the component has chosen (CanonicalABI.md, "Loading": load_string; "Storing":
// store_string).

import ComponentBinary
public import ComponentTypes
public import Execution

extension String: ComponentLiftable, ComponentLowerable {
    public static func componentType() -> ComponentValueType? { .string }

    public static func lift(
        _ type: ABIType, from place: ABIPlace, in context: inout HostContext
    ) throws(Trap) -> String {
        let (pointer, length) = context.readPointerAndLength(place)
        let range = try context.stringRange(pointer, length)
        // A Latin-1 character takes up to two bytes of UTF-8, a UTF-16 code unit up to three.
        try context.charge(bytes: 16 + range.byteCount * (range.form == .utf8 ? 1 : 2))
        return try context.string(range)
    }

    public func lower(_ type: ABIType, to place: ABIPlace, in context: inout HostContext) throws(Trap) {
        let (pointer, length) = try context.store(self)
        context.writePointerAndLength(pointer, length, to: place)
    }
}

/// How the characters of one string lie in memory.
enum StringForm {
    case utf8
    case utf16
    case latin1

    var name: String {
        switch self {
        case .utf8: "utf-8"
        case .utf16: "utf-16"
        case .latin1: "latin-1"
        }
    }
}

/// A string in linear memory whose range has been checked, and whose contents have not.
struct StringRange {
    var form: StringForm
    var address: Int
    var byteCount: Int
}

extension HostContext {
    /// In a length: the string of a `latin1+utf16` memory is UTF-16.
    var utf16Tag: UInt64 { options.isWide ? 1 << 63 : 1 << 31 }

    /// Checks the range of a string.
    func stringRange(_ pointer: UInt64, _ length: UInt64) throws(Trap) -> StringRange {
        var unitCount = length
        var range = StringRange(form: .utf8, address: Int(clamping: pointer), byteCount: 0)
        switch options.encoding {
        case .utf8: break
        case .utf16:
            range.form = .utf16
        case .latin1OrUTF16:
            range.form = length & utf16Tag != 0 ? .utf16 : .latin1
            unitCount = length & ~utf16Tag
        }
        let limit = CanonicalABI.maximumStringByteLength
        guard unitCount <= UInt64(range.form == .utf16 ? limit / 2 : limit) else { throw stringOutOfBounds }
        range.byteCount = Int(unitCount) * (range.form == .utf16 ? 2 : 1)
        if options.encoding != .utf8, range.address & 1 != 0 { throw ABIFault.unalignedPointer }
        guard range.byteCount <= memoryByteCount, range.address <= memoryByteCount - range.byteCount else {
            throw stringOutOfBounds
        }
        return range
    }

    private var stringOutOfBounds: Trap {
        isJoined ? ABIFault.stringOutOfBounds : ABIFault.stringPointerOutOfBounds
    }

    /// Reads a string; traps if its bytes are none.
    func string(_ range: StringRange) throws(Trap) -> String {
        let bytes = unsafe UnsafeRawBufferPointer(bytes(range.address, range.byteCount))
        switch range.form {
        case .utf8:
            guard let string = unsafe String(validating: bytes, as: UTF8.self) else {
                try validate(range)
                throw ABIFault.invalidString(range.form.name)
            }
            return string
        case .utf16, .latin1: return try unsafe Self.transcoded(bytes, range.form)
        }
    }

    /// A string of bytes in another form than Swift's own.
    private static func transcoded(_ bytes: UnsafeRawBufferPointer, _ form: StringForm) throws(Trap) -> String {
        let unitCount = form == .utf16 ? bytes.count / 2 : bytes.count
        let room = unitCount * (form == .utf16 ? 3 : 2)
        var failure: Trap?
        let string = unsafe String(unsafeUninitializedCapacity: room) { target in
            let target = UnsafeMutableRawBufferPointer(target)
            guard let base = target.baseAddress else { return 0 }
            var cursor = unsafe ScalarCursor(bytes, form: form, position: 0)
            var written = 0
            do throws(Trap) {
                while true {
                    // There is room for the worst of what is left.
                    written += unsafe cursor.skip { from, count in
                        unsafe form == .utf16
                            ? CharacterRuns.narrow(from, count, below: 0x80, to: base + written)
                            : CharacterRuns.copyASCII(from, count, to: base + written)
                    }
                    guard let scalar = try cursor.next() else { return written }
                    unsafe UTF8Writer.write(scalar, to: target, at: &written)
                }
            } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw failure }
        return string
    }

    /// Has the guest allocate room for a string and writes it there.
    ///
    /// - Returns: the address and the length as the encoding counts it.
    mutating func store(_ string: String) throws(Trap) -> (pointer: Int, length: UInt64) {
        var string = string
        string.makeContiguousUTF8()
        let form: StringForm
        let byteCount: Int
        switch options.encoding {
        case .utf8:
            form = .utf8
            byteCount = string.utf8.count
        case .utf16:
            form = .utf16
            byteCount = 2 * string.utf16.count
        case .latin1OrUTF16:
            // Characters below 0x100 have one byte, or two of which the first is 0xC2 or 0xC3.
            form = string.utf8.allSatisfy { $0 < 0xC4 } ? .latin1 : .utf16
            byteCount = form == .latin1 ? string.utf16.count : 2 * string.utf16.count
        }
        guard byteCount <= CanonicalABI.maximumStringByteLength else { throw ABIFault.stringOutOfBounds }
        let address = try allocate(byteCount, alignment: options.encoding == .utf8 ? 1 : 2)
        let target = unsafe bytes(address, byteCount)
        var length = UInt64(byteCount)
        switch form {
        case .utf8:
            string.withUTF8 { unsafe target.copyMemory(from: UnsafeRawBufferPointer($0)) }
        case .utf16:
            unsafe Self.store(&string, in: target) { scalar, target, position in
                unsafe UTF16Writer.write(scalar, to: target, at: &position)
            } run: { from, count, to in
                unsafe 2 * CharacterRuns.widenASCII(from, count, to: to)
            }
            length = UInt64(byteCount / 2)
            if options.encoding == .latin1OrUTF16 { length |= utf16Tag }
        case .latin1:
            unsafe Self.store(&string, in: target) { scalar, target, position in
                unsafe target[position] = UInt8(truncatingIfNeeded: scalar)
                position += 1
            } run: { from, count, to in
                unsafe CharacterRuns.copyASCII(from, count, to: to)
            }
        }
        return (address, length)
    }

    /// Writes a string where there is room for it.
    ///
    /// - Parameters:
    ///   - write: writes one character and moves on.
    ///   - run: writes a run of ASCII characters, and returns how many bytes it has written.
    @inline(__always)
    private static func store(
        _ string: inout String, in target: UnsafeMutableRawBufferPointer,
        write: (UInt32, UnsafeMutableRawBufferPointer, inout Int) -> Void,
        run: (UnsafeRawPointer, Int, UnsafeMutableRawPointer) -> Int
    ) {
        guard let base = target.baseAddress else { return }
        let unitSize = target.count / max(1, string.utf16.count)
        string.withUTF8 { source in
            var cursor = unsafe ScalarCursor(UnsafeRawBufferPointer(source), form: .utf8, position: 0)
            var position = 0
            while true {
                unsafe cursor.skip { from, count in
                    let bytes = unsafe run(from, count, base + position)
                    position += bytes
                    return bytes / unitSize
                }
                // Swift's strings are well-formed.
                guard let scalar = try? cursor.next() else { return }
                unsafe write(scalar, target, &position)
            }
        }
    }
}
